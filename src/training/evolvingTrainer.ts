/**
 * A Trainer whose library grows: between steps, when fitting has stopped and more is to be had, a phase is held
 * (evolutionPhase.ts). Where it changes the library, the graphs are unfolded anew and training goes on with the same
 * parameters.
 *
 * In a phase each call to `train` does one of its units in the place of a step, so that a session stays answerable.
 * Nothing of the run changes before the phase's end: given up in the middle, or lost with its device, it begins again
 * from the checkpoint and comes to the same. Where a language model gives no answer, or is not waited for any longer, the
 * phase stays where it is and goes on from there.
 */
import { z } from 'zod';
import type { EvolutionEvent } from '../evolution/events.ts';
import { eventSchema } from '../evolution/events.ts';
import type { EvolutionSettings } from '../evolution/settings.ts';
import { isTime, whenEvidence } from '../evolution/when.ts';
import type { Backend } from '../gpu/backend.ts';
import type { Scoped } from '../gpu/scoped.ts';
import { inScope } from '../gpu/scoped.ts';
import { differenceOf, undone } from '../skills/library.ts';
import type { LibraryChange } from '../skills/libraryChange.ts';
import { changeByHand } from '../skills/libraryChange.ts';
import type { Library } from '../skills/skill.ts';
import { librarySchema } from '../skills/skill.ts';
import { BadCheckpoint } from './badCheckpoint.ts';
import type { Snapshot } from './checkpoint.ts';
import type { RunConfig } from './config.ts';
import type { Adopted, PhaseResult } from './evolutionPhase.ts';
import { evolutionPhase } from './evolutionPhase.ts';
import { libraryOf, skillsOf } from './libraryOf.ts';
import type { RunTrainer } from './liveTrainer.ts';
import { makeTrainer } from './liveTrainer.ts';
import type { Driver, Units } from './patiently.ts';
import type { Evaluation, StepMetrics } from './records.ts';
import type { TrainerHooks } from './trainer.ts';
import { freshSlots } from './trials.ts';

const NEVER = new AbortController().signal;

export type EvolvingConfig = RunConfig & { readonly evolution: EvolutionSettings };

/** What a run goes on from beside the trainer's tensors. */
const stateSchema = z.strictObject({
  library: librarySchema,
  events: z.array(eventSchema),
  /** Mean losses of the windows since the last phase, and the losses of the window in progress. */
  losses: z.array(z.number()),
  window: z.array(z.number()),
  /** The step at whose end it was last asked whether it is time. */
  lookedAt: z.int(),
  streaks: z.array(z.tuple([z.int(), z.strictObject({ condemned: z.int(), unvisited: z.int() })])),
  /** Keys of plans that were turned down since the library last changed, each with how many phases it still rests. */
  rejected: z.array(z.tuple([z.string(), z.int()])),
  /** Steps that the executor carried out in phases. */
  phaseCalls: z.int(),
  /** Number of the first event of the last confirmed change, and the mean reward on validation tasks without it. */
  adopted: z.strictObject({ event: z.int(), reward: z.number() }).nullable(),
});
type State = z.output<typeof stateSchema>;

/**
 * A Trainer of a config with evolution.
 * @throws what `createTrainer` throws
 */
export async function createEvolvingTrainer(
  config: EvolvingConfig,
  backend: Backend,
  hooks: TrainerHooks,
): Promise<EvolvingTrainer> {
  const library = libraryOf(config);
  const inner = await inScope(backend, (scope) =>
    makeTrainer(config, scope, hooks, { skills: skillsOf(config, library) }),
  );
  return new EvolvingTrainer(config, backend, hooks, library, inner);
}

export class EvolvingTrainer {
  readonly config: EvolvingConfig;
  readonly tasks: RunTrainer['tasks'];
  readonly parameters: number;
  readonly failed: Promise<never>;
  readonly encoder: RunTrainer['encoder'];
  /** Measures of the policies that need no learning, with the library that the run began with. */
  readonly references: RunTrainer['references'];
  readonly #backend: Backend;
  readonly #hooks: TrainerHooks;
  #held: Scoped<RunTrainer>;
  #pending: StepMetrics[] = [];
  #state: State;
  #phase: Units<PhaseResult> | null = null;
  /** What the phase in progress came to, where that is not the run's yet. */
  #came: PhaseResult | null = null;
  readonly #driver: Driver = { signal: NEVER };
  /** The inner trainer as it was when the phase began: in a phase a live one comes to know more. */
  #before: Snapshot | null = null;

  constructor(
    config: EvolvingConfig,
    backend: Backend,
    hooks: TrainerHooks,
    library: Library,
    held: Scoped<RunTrainer>,
  ) {
    this.config = config;
    this.#backend = backend;
    this.#hooks = hooks;
    this.#held = held;
    const { made: inner } = held;
    this.tasks = inner.tasks;
    this.encoder = inner.encoder;
    this.parameters = inner.parameters;
    this.references = inner.references;
    this.failed = backend.failed;
    this.#state = stateSchema.parse({
      library,
      events: [],
      losses: [],
      window: [],
      lookedAt: 0,
      streaks: [],
      rejected: [],
      phaseCalls: 0,
      adopted: null,
    });
  }

  get #inner(): RunTrainer {
    return this.#held.made;
  }

  /** Steps done. */
  get step(): number {
    return this.#inner.step;
  }

  get library(): Library {
    return this.#state.library;
  }

  /** Whether a phase is in progress. */
  get evolving(): boolean {
    return this.#phase !== null;
  }

  /** What happened to the library, in order. */
  get events(): readonly EvolutionEvent[] {
    return this.#state.events;
  }

  /** What is kept of `lookedAt`: a phase that is given up here is begun again. */
  get #lookedAt(): number {
    return this.#phase ? this.step - 1 : this.#state.lookedAt;
  }

  /**
   * Takes so many steps; in a phase, does as many of its units instead.
   * @throws ModelFailure where a language model gives no answer, or the signal's reason; what was not done then is done by
   *   the next call
   */
  async train(steps: number, options: Parameters<RunTrainer['train']>[1] = {}): Promise<void> {
    const { window } = this.config.evolution.when;
    for (let left = steps; left > 0; ) {
      if (this.#phase) {
        await this.#unit(this.#phase, options.signal);
        left--;
      } else if (this.step % window === 0 && this.step > this.#state.lookedAt) await this.#look();
      else {
        const count = Math.min(left, window - (this.step % window));
        await this.#inner.train(count, options);
        left -= count;
      }
    }
  }

  async drain(): Promise<readonly StepMetrics[]> {
    await this.#collect();
    return this.#pending.splice(0);
  }

  async #collect(): Promise<void> {
    const { window } = this.config.evolution.when;
    const { losses, window: current } = this.#state;
    for (const metrics of await this.#inner.drain()) {
      this.#pending.push(metrics);
      current.push(metrics.loss);
      if (metrics.step % window === 0) losses.push(current.splice(0).reduce((sum, loss) => sum + loss, 0) / window);
    }
  }

  /** Begins a phase where it is time for one. */
  async #look(): Promise<void> {
    await this.#collect();
    const { control, when } = this.config.evolution;
    const { losses, library, streaks, rejected, adopted, events } = this.#state;
    this.#state.lookedAt = this.step;
    // After the last step nothing could come of it any more.
    if (control === 'none' || this.step >= this.config.steps) return;
    const evidence = whenEvidence(losses, this.#inner.attainable('train'), when);
    if (!isTime(evidence, this.step, when, control === 'schedule')) return;
    this.#before = await this.#inner.save();
    this.#phase = evolutionPhase({
      config: this.config,
      backend: this.#backend,
      hooks: this.#hooks,
      driver: this.#driver,
      trainer: this.#inner,
      library,
      when: evidence,
      streaks: new Map(streaks),
      rejected,
      adopted: adopted && adoptedOf(events, adopted),
    });
  }

  async #giveUpPhase(): Promise<void> {
    if (this.#phase === null) return;
    // Ends its forks. What it would have come to is of no use to anybody.
    await this.#phase.return(undefined as never);
    this.#phase = null;
    this.#came = null;
    if (this.#before) await this.#inner.restore(this.#before);
    this.#before = null;
  }

  /** @throws what keeps the unit from being done, to be done by the next call; or what else the phase throws, which ends it */
  async #unit(phase: Units<PhaseResult>, signal: AbortSignal = NEVER): Promise<void> {
    this.#driver.signal = signal;
    if (this.#came === null) {
      const unit = await phase.next().catch(async (error: unknown) => {
        // Held again by the next call to `train`.
        const lookedAt = this.#lookedAt;
        await this.#giveUpPhase();
        this.#state.lookedAt = lookedAt;
        throw error;
      });
      if (!unit.done) {
        if (unit.value) throw unit.value.error;
        return;
      }
      this.#came = unit.value;
    }
    await this.#end(this.#came, signal);
  }

  /** What a phase came to becomes the run's. */
  async #end(
    { library, changed, events, streaks, rejected, executorCalls, reward, judged }: PhaseResult,
    signal: AbortSignal,
  ): Promise<void> {
    if (changed) await this.#unfold(library, signal);
    this.#phase = null;
    this.#came = null;
    this.#before = null;
    const state = this.#state;
    const first = events.findIndex(({ kind }) => kind !== 'reject');
    // What was rolled back, or changed unconfirmed, leaves nothing to undo.
    const confirmed = changed && reward !== null ? { event: state.events.length + first, reward } : null;
    const adopted = changed || judged ? confirmed : state.adopted;
    this.#state = stateSchema.parse({
      ...state,
      library,
      events: [...state.events, ...events],
      losses: [],
      streaks: [...streaks],
      rejected,
      phaseCalls: state.phaseCalls + executorCalls,
      adopted,
    });
  }

  /** Unfolds the tasks with another library and goes on with the same parameters. */
  async #unfold(library: Library, signal?: AbortSignal): Promise<void> {
    await this.#collect();
    const snapshot = await this.#inner.save();
    const fresh = freshSlots(this.#state.library, library);
    await this.#replace(library, (trainer) => trainer.adopt(snapshot, { fresh, afresh: true }, signal));
  }

  async #replace(library: Library, prepare: (trainer: RunTrainer) => void | Promise<void>): Promise<void> {
    const options = { skills: skillsOf(this.config, library), references: false, encoder: this.#inner.encoder };
    const next = await inScope(this.#backend, async (scope) => {
      const trainer = await makeTrainer(this.config, scope, this.#hooks, options);
      await prepare(trainer);
      return trainer;
    });
    this.#held.scope.destroy();
    this.#held = next;
  }

  /**
   * A change by hand; a phase in progress is given up, and held again when it is time.
   * @throws BadPlan, LibraryFull, PlanRefused, NoSuchSkill, RangeError for an event that is not there
   */
  async change(change: LibraryChange): Promise<void> {
    const { library, events } = this.#state;
    const { library: next, skill } =
      change.kind === 'rollback'
        ? { library: this.#libraryBefore(change.event), skill: events[change.event].skill }
        : changeByHand(library, change, this.step, this.config.evolution.slots);
    const { lookedAt } = this.#state;
    const again = this.#lookedAt;
    await this.#giveUpPhase();
    this.#state.lookedAt = again;
    const before = this.#inner.attainable('train');
    const unfolds = JSON.stringify(skillsOf(this.config, next)) !== JSON.stringify(skillsOf(this.config, library));
    if (unfolds) await this.#unfold(next);
    const entry: EvolutionEvent[] = skill
      ? [
          {
            step: this.step,
            kind: 'manual',
            proposed: 'manual',
            by: 'person',
            skill,
            ...differenceOf(library, next),
            evidence: { reason: wordsOf(change), when: null, cluster: null, diagnostics: null, sameness: null },
            gate: null,
            attainable: { before, after: this.#inner.attainable('train') },
          },
        ]
      : [];
    this.#state = stateSchema.parse({
      ...this.#state,
      library: next,
      events: [...events, ...entry],
      ...(unfolds ? { losses: [], rejected: [], adopted: null, lookedAt } : {}),
    });
  }

  /** The library before an event. */
  #libraryBefore(event: number): Library {
    const { library, events } = this.#state;
    if (!Number.isInteger(event) || event < 0 || event >= events.length) {
      throw new RangeError(`The run has ${events.length} events; there is no number ${event}.`);
    }
    return events.slice(event).reduceRight((later: Library, one) => undone(later, one), library);
  }

  async evaluate(options: Parameters<RunTrainer['evaluate']>[0]): Promise<readonly Evaluation[]> {
    const evaluations = await this.#inner.evaluate(options);
    const { phaseCalls } = this.#state;
    return evaluations.map((one) => ({ ...one, executorCalls: one.executorCalls + phaseCalls }));
  }

  inspect(...place: Parameters<RunTrainer['inspect']>): ReturnType<RunTrainer['inspect']> {
    return this.#inner.inspect(...place);
  }

  credit(...place: Parameters<RunTrainer['credit']>): ReturnType<RunTrainer['credit']> {
    return this.#inner.credit(...place);
  }

  /** The whole state. In a phase, that of its beginning. */
  async save(): Promise<Snapshot> {
    await this.#collect();
    const { tensors, metadata } = this.#before ?? (await this.#inner.save());
    return {
      tensors,
      metadata: { ...metadata, evolution: JSON.stringify({ ...this.#state, lookedAt: this.#lookedAt }) },
    };
  }

  /** Goes on from a snapshot. @throws BadCheckpoint, and leaves the trainer as it was */
  async restore(snapshot: Snapshot): Promise<void> {
    const state = readState(snapshot);
    const unfolds =
      JSON.stringify(skillsOf(this.config, state.library)) !==
      JSON.stringify(skillsOf(this.config, this.#state.library));
    if (unfolds) await this.#replace(state.library, (trainer) => trainer.restore(snapshot));
    else await this.#inner.restore(snapshot);
    // What the phase began with is of no use any more either.
    this.#before = null;
    await this.#giveUpPhase();
    this.#pending = [];
    this.#state = state;
  }

  destroy(): void {
    this.#inner.destroy();
  }
}

/** The library of a snapshot. @throws BadCheckpoint */
export function libraryOfSnapshot(snapshot: Snapshot): Library {
  return readState(snapshot).library;
}

/** Several removals of one phase are undone together. */
function adoptedOf(events: readonly EvolutionEvent[], { event, reward }: NonNullable<State['adopted']>): Adopted {
  const first = events[event];
  const others = events
    .slice(event + 1)
    .filter(({ step, kind, by }) => step === first.step && kind !== 'reject' && by !== 'person');
  return { events: [first, ...others], reward };
}

function readState(snapshot: Snapshot): State {
  const place = 'metadata "evolution"';
  let value: unknown;
  try {
    value = JSON.parse(snapshot.metadata.evolution ?? 'null');
  } catch {
    throw new BadCheckpoint(place, 'is not JSON');
  }
  const parsed = stateSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new BadCheckpoint(`${place}, ${issue.path.join('.')}`, issue.message);
}

function wordsOf(change: LibraryChange): string {
  switch (change.kind) {
    case 'add':
      return 'Added by hand.';
    case 'edit':
      return 'Edited by hand.';
    case 'remove':
      return change.forbid ? 'Removed by hand, and its plan forbidden.' : 'Removed by hand.';
    case 'pin':
      return change.pinned ? 'Pinned by hand: the flow does not remove it.' : 'No longer pinned.';
    case 'allow':
      return 'Its plan may be proposed again.';
    case 'rollback':
      return `Back to the library before event ${change.event + 1}, by hand.`;
  }
}

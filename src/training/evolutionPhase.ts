/**
 * One phase of skill evolution: walk the training tasks, judge the skills, try changes on forks, and say what becomes of
 * the library. It changes nothing itself. At most one kind of change comes out of a phase, in this order: a change that
 * did not keep what it promised is undone, skills are removed, one is created, one is refined.
 *
 * It yields between its units, each a task that is walked or a step of a fork. A unit that is given up, or for which a
 * language model gives no answer, is yielded as that and tried again when the phase goes on.
 */
import type { SkillDiagnostics } from '../evolution/diagnostics.ts';
import { diagnose } from '../evolution/diagnostics.ts';
import type { EventKind, Evidence, EvolutionEvent } from '../evolution/events.ts';
import type { GateResult } from '../evolution/gate.ts';
import { pairedGate } from '../evolution/gate.ts';
import { refinementsOf } from '../evolution/refine.ts';
import type { EvolutionSettings } from '../evolution/settings.ts';
import type { CreditedWalk } from '../evolution/walks.ts';
import { walksOf } from '../evolution/walks.ts';
import type { Judgement, Streak } from '../evolution/what.ts';
import { judge, suspectsOf } from '../evolution/what.ts';
import type { WhenEvidence } from '../evolution/when.ts';
import { chanceTriggers, proposalsOf, triggersOf } from '../evolution/where.ts';
import { skillWriter } from '../executor/skillWriter.ts';
import type { Backend } from '../gpu/backend.ts';
import { uniformLogPB } from '../graph/exact.ts';
import { describePlan } from '../skills/describe.ts';
import { addSkill, differenceOf, removeSkill, replaceSkill, undone, withStatistics } from '../skills/library.ts';
import { planKey } from '../skills/plan.ts';
import type { Library, Skill, SkillDraft, SkillLineage, SkillSource } from '../skills/skill.ts';
import { writtenDraft } from '../skills/writer.ts';
import { randomSource } from '../worlds/random.ts';
import type { RunConfig } from './config.ts';
import type { RunTrainer } from './liveTrainer.ts';
import type { Driver, Units } from './patiently.ts';
import { patiently } from './patiently.ts';
import type { TrainerHooks } from './trainer.ts';
import type { Trial } from './trials.ts';
import { Trials } from './trials.ts';

/** Keep the walks of phases, their bootstraps and their dice apart from every other use of the seed. */
const WALK_STREAM = 0xe701;
const BOOTSTRAP_STREAM = 0xe702;
const CHANCE_STREAM = 0xe704;

/** The key of a plan that was proposed, or the name of a skill whose removal was, and phases. */
export type Rejected = readonly [key: string, phases: number];

export interface PhaseParts {
  readonly config: RunConfig & { readonly evolution: EvolutionSettings };
  readonly backend: Backend;
  readonly hooks: TrainerHooks;
  readonly driver: Driver;
  readonly trainer: RunTrainer;
  readonly library: Library;
  readonly when: WhenEvidence;
  readonly streaks: ReadonlyMap<number, Streak>;
  /** What was turned down since the library last changed, each with how many phases it still rests. */
  readonly rejected: readonly Rejected[];
  /** What the last confirmed change came to; null where there is none to undo. */
  readonly adopted: Adopted | null;
}

export interface Adopted {
  /** One, or several removals of one phase, in their order. */
  readonly events: readonly [EvolutionEvent, ...EvolutionEvent[]];
  /** Mean reward on validation tasks of the fork without the change, after the steps of a trial. */
  readonly reward: number;
}

export interface PhaseResult {
  /** With what was measured of its skills. */
  readonly library: Library;
  readonly changed: boolean;
  readonly events: readonly EvolutionEvent[];
  readonly streaks: ReadonlyMap<number, Streak>;
  readonly rejected: readonly Rejected[];
  /** Steps that the executor carried out in walks and forks. */
  readonly executorCalls: number;
  /** Mean reward on validation tasks of the fork without the change; null where none was made. */
  readonly reward: number | null;
  /** Whether what was adopted before has stood its test, or has not. */
  readonly judged: boolean;
}

/** A change that is proposed. */
interface Proposal {
  readonly kind: EventKind;
  readonly library: Library;
  readonly skill: Skill;
  readonly evidence: Evidence;
}

/** @throws what making and training a fork throws */
export function evolutionPhase(parts: PhaseParts): Units<PhaseResult> {
  return new Phase(parts).run();
}

class Phase {
  readonly #parts: PhaseParts;
  readonly #settings: EvolutionSettings;
  readonly #events: EvolutionEvent[] = [];
  /** Resting in this phase, and turned down in it. */
  readonly #resting: readonly Rejected[];
  readonly #turnedDown: Rejected[] = [];
  #calls = 0;
  #reward: number | null = null;
  #judged = false;

  constructor(parts: PhaseParts) {
    this.#parts = parts;
    this.#settings = parts.config.evolution;
    this.#resting = parts.rejected.filter(([, phases]) => phases > 0);
  }

  async *run(): Units<PhaseResult> {
    const { config, trainer, library, streaks, when, backend, hooks, driver } = this.#parts;
    const { control, what, gate } = this.#settings;
    const { step } = trainer;
    const walks = yield* this.#walk();
    const slots = library.skills.map(({ slot }) => slot);
    const diagnostics = diagnose(walks, slots, {
      step,
      confidence: what.confidence,
      random: randomSource(config.seed, BOOTSTRAP_STREAM, step),
    });
    const pinned = new Set(library.skills.filter((skill) => skill.pinned).map(({ slot }) => slot));
    const chance = randomSource(config.seed, CHANCE_STREAM, step);
    const judgements = judge(diagnostics, streaks, pinned, what, control, chance);
    const measured = withStatistics(
      library,
      new Map(diagnostics.map(({ slot, bySituation: _, ...statistics }) => [slot, statistics])),
    );
    const trials = new Trials(config, backend, hooks, driver, library, trainer.encoder, await trainer.save(), gate);
    const context = { library: measured, judgements, diagnostics, walks, trials, when, chance };
    const changed =
      (yield* this.#rollBack(context)) ??
      (yield* this.#remove(context)) ??
      (yield* this.#create(context)) ??
      (yield* this.#refine(context));
    return {
      library: changed ?? measured,
      changed: changed !== null,
      events: this.#events,
      streaks: new Map(judgements.map(({ slot, streak }) => [slot, streak])),
      rejected:
        changed === null
          ? [...this.#resting.map(([key, phases]): Rejected => [key, phases - 1]), ...this.#turnedDown]
          : [],
      executorCalls: this.#calls + trials.executorCalls,
      reward: this.#reward,
      judged: this.#judged,
    };
  }

  async *#walk(): Units<readonly CreditedWalk[]> {
    const { config, trainer, hooks, driver } = this.#parts;
    const { control, what } = this.#settings;
    yield* patiently(driver, (signal) => trainer.explore('train', what.tasks, signal));
    const tasks = trainer.walkedTasks('train', what.tasks);
    const walks: CreditedWalk[] = [];
    for (const [i, task] of tasks.entries()) {
      hooks.onProgress(`Evolving: walking task ${i + 1} of ${tasks.length}`, i / tasks.length);
      const policy = yield* patiently(driver, (signal) => trainer.policyOf(task.q, signal));
      const credited = control === 'uniform-credit' ? { ...policy, logPB: uniformLogPB(task.graph) } : policy;
      walks.push(...walksOf(task, credited, what.walks, randomSource(config.seed, WALK_STREAM, trainer.step, i)));
      yield;
    }
    for (const { steps } of walks) this.#calls += steps.length;
    return walks;
  }

  #log(
    kind: EventKind,
    { kind: proposed, library, skill, evidence }: Proposal,
    gate: GateResult | null,
    attainableAfter: number,
  ): void {
    const rejected = kind === 'reject';
    this.#events.push({
      step: this.#parts.trainer.step,
      kind,
      proposed,
      by: this.#settings.control,
      skill,
      ...(rejected ? { removed: [], added: [] } : differenceOf(this.#parts.library, library)),
      evidence,
      gate,
      attainable: { before: this.#parts.when.attainable, after: attainableAfter },
    });
  }

  /**
   * The last confirmed change, undone where validation reward is lower than without it by more than the gate asks for. It
   * is judged once, when it has had the steps that the fork without it had, and a person's pin is kept to.
   */
  async *#rollBack({ library, when }: Context): Units<Library | null> {
    const { adopted, trainer, driver } = this.#parts;
    if (adopted === null) return null;
    const { events } = adopted;
    const [first] = events;
    if (trainer.step - first.step < this.#settings.gate.steps) return null;
    this.#judged = true;
    const added = new Set(events.flatMap((event) => event.added.map(({ slot }) => slot)));
    if (library.skills.some(({ slot, pinned }) => pinned && added.has(slot))) return null;
    const rewards = yield* patiently(driver, (signal) => trainer.rewardsOf('validation', signal));
    yield;
    const now = rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length;
    if (now >= adopted.reward - this.#settings.gate.gain) return null;
    const what = events.length === 1 ? 'change' : `${events.length} changes`;
    const reason = `Mean reward on validation tasks was ${adopted.reward.toFixed(3)} without the ${what} of step ${first.step} and is ${now.toFixed(3)}.`;
    const back = events.reduceRight(undone, library);
    const proposal: Proposal = {
      kind: 'rollback',
      library: back,
      skill: first.skill,
      evidence: { ...NOTHING, reason, when },
    };
    this.#log('rollback', proposal, null, first.attainable.before);
    return back;
  }

  /** Skills that nobody needs: each suspect whose removal costs nothing, one after the other. */
  async *#remove({ library, judgements, diagnostics, trials, when }: Context): Units<Library | null> {
    const { control, what, gate, where } = this.#settings;
    const { trainer } = this.#parts;
    const graphs = trainer.walkedTasks('train', what.tasks).map(({ graph }) => graph);
    const resting = new Set(this.#resting.map(([key]) => key));
    const suspects = suspectsOf(judgements, diagnostics, library, graphs, resting, this.#settings, trainer.step);
    let left: Library | null = null;
    let reference: Trial | null = null;
    for (const { slot, kind, sameness, reason } of suspects) {
      const skill = library.skills.find((one) => one.slot === slot);
      if (!skill) continue;
      const without = removeSkill(left ?? library, skill.name);
      const own = diagnostics.find((one) => one.slot === slot) ?? null;
      const proposal: Proposal = {
        kind,
        // As the event tells it: this skill alone has gone.
        library: removeSkill(library, skill.name),
        skill,
        evidence: { ...NOTHING, reason, when, diagnostics: own, sameness },
      };
      if (control === 'paper-prune' || control === 'random-prune' || control === 'no-gate') {
        left = without;
        this.#log(kind, proposal, null, yield* trials.look(left));
        continue;
      }
      reference ??= yield* trials.unchanged();
      const trial: Trial = yield* trials.hold(without, `the library without ${skill.name}`);
      const result = pairedGate(reference.rewards, trial.rewards, gate);
      // What solves tasks that nothing else solves stays, whatever a short trial says.
      const needed = result.verdict === 'loses' || trial.attainable < reference.attainable;
      this.#log(needed ? 'reject' : kind, proposal, result, trial.attainable);
      if (needed) {
        this.#turnedDown.push([skill.name, where.rest]);
        continue;
      }
      this.#reward ??= result.before;
      left = without;
      reference = trial;
    }
    return left;
  }

  /** The best proposal that passes the gate. */
  async *#create({ library, walks, trials, when, chance }: Context): Units<Library | null> {
    const { control, where, slots } = this.#settings;
    if (library.skills.length >= slots) return null;
    const placed = triggersOf(walks, where);
    const triggers = control === 'random-place' ? chanceTriggers(walks, Math.max(placed.length, 8), chance) : placed;
    const known = new Set([...this.#known(library), ...this.#resting.map(([key]) => key)]);
    const proposals: Proposal[] = [];
    for (const { candidate, stake } of proposalsOf(walks, triggers, known, where)) {
      const { plan, sources, cluster, credit } = candidate;
      const lineage: SkillLineage = { origin: 'lifted', step: this.#parts.trainer.step, parents: [], sources };
      const { draft, by } = yield* this.#written(describePlan(plan), sources);
      const made = addSkill(library, { ...draft, lineage }, slots);
      const staked =
        stake === null
          ? ''
          : ` Where no walk solves the task it is walked with a reward of ${stake.toFixed(2)} at stake.`;
      const reason = `Lifted from ${sources.length} ${sources.length === 1 ? 'stretch' : 'stretches'} where one can ${cluster.situation}, with ${credit.toFixed(1)} nats of credit.${staked}${by}`;
      proposals.push({
        kind: 'create',
        library: made,
        skill: newest(library, made),
        evidence: { ...NOTHING, reason, when, cluster },
      });
    }
    if (control === 'no-gate') {
      const [first] = proposals;
      if (!first) return null;
      this.#log('create', first, null, yield* trials.look(first.library));
      return first.library;
    }
    return yield* this.#best(proposals, trials);
  }

  /** Skills that are worked on, the best of the proposals that passes the gate. */
  async *#refine({ library, judgements, diagnostics, walks, trials, when }: Context): Units<Library | null> {
    const { control, what, where } = this.#settings;
    if (control === 'no-gate') return null;
    const known = new Set([...this.#known(library), ...this.#resting.map(([key]) => key)]);
    const refinements = refinementsOf(judgements, diagnostics, walks, library, known, what).slice(0, where.candidates);
    const proposals: Proposal[] = [];
    for (const { kind, skill, draft, sources, reason, diagnostics: own } of refinements) {
      const lineage: SkillLineage = {
        origin: kind === 'split' ? 'split' : 'refined',
        step: this.#parts.trainer.step,
        parents: [skill.name],
        sources,
      };
      const { draft: text, by } = yield* this.#written(draft, sources);
      const made = replaceSkill(library, skill.name, { ...text, name: draft.name, lineage });
      proposals.push({
        kind,
        library: made,
        skill: newest(library, made),
        evidence: { ...NOTHING, reason: `${reason}${by}`, when, diagnostics: own },
      });
    }
    return yield* this.#best(proposals, trials);
  }

  /** The document as the language model puts it, where one is connected; its text is gated as one by rule is. */
  async *#written(
    draft: SkillDraft,
    sources: readonly SkillSource[],
  ): Units<{ readonly draft: SkillDraft; readonly by: string }> {
    const { hooks, driver } = this.#parts;
    const { executor } = hooks;
    if (!executor) return { draft, by: '' };
    const examples = sources.map(({ text, actions }) => [text, ...actions]);
    const { draft: written, fault } = yield* patiently(driver, async (signal) => {
      const found = await writtenDraft(skillWriter(executor, signal), draft.plan, draft.allows, examples);
      // Given up is no fault of the writer.
      signal.throwIfAborted();
      return found;
    });
    const by = fault === null ? ' Its text is by the language model.' : ` Its text is by rule. ${fault}.`;
    return { draft: fault === null ? written : draft, by };
  }

  #known(library: Library): readonly string[] {
    return [...library.skills.map(({ plan, allows }) => planKey(plan, allows)), ...library.forbidden];
  }

  /** Tries each; the one that gains most stays, the others are rejected with their gate. */
  async *#best(proposals: readonly Proposal[], trials: Trials): Units<Library | null> {
    const { gate, where } = this.#settings;
    const tried: { proposal: Proposal; result: GateResult; attainable: number }[] = [];
    for (const proposal of proposals) {
      const unchanged = yield* trials.unchanged();
      const trial = yield* trials.hold(proposal.library, proposal.skill.name);
      tried.push({
        proposal,
        result: pairedGate(unchanged.rewards, trial.rewards, gate),
        attainable: trial.attainable,
      });
    }
    const gained = tried.filter(({ result }) => result.verdict === 'gains');
    const best = gained.reduce<(typeof tried)[number] | null>(
      (held, one) => (held === null || one.result.gain > held.result.gain ? one : held),
      null,
    );
    for (const one of tried) {
      const { proposal, result, attainable } = one;
      if (one === best) {
        this.#reward = result.before;
        this.#log(proposal.kind, proposal, result, attainable);
      } else {
        // What passed and was not the best may be proposed again.
        if (result.verdict !== 'gains')
          this.#turnedDown.push([planKey(proposal.skill.plan, proposal.skill.allows), where.rest]);
        this.#log('reject', proposal, result, attainable);
      }
    }
    return best?.proposal.library ?? null;
  }
}

interface Context {
  readonly library: Library;
  readonly judgements: readonly Judgement[];
  readonly diagnostics: readonly SkillDiagnostics[];
  readonly walks: readonly CreditedWalk[];
  readonly trials: Trials;
  readonly when: WhenEvidence;
  readonly chance: ReturnType<typeof randomSource>;
}

const NOTHING = { when: null, cluster: null, diagnostics: null, sameness: null } as const;

function newest(before: Library, after: Library): Skill {
  const found = after.skills.find((skill) => !before.skills.includes(skill));
  if (!found) throw new Error('Nothing was added to the library.');
  return found;
}

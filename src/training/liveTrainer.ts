/**
 * A Trainer whose tasks a live executor carries out: a task graph holds what the run has explored of it, and grows as
 * the Supervisor walks.
 *
 * Before a step its walks are sampled; where one leads to what is not known yet, the executor is asked, the graphs are
 * unfolded with the answers, and the same step samples again. Its random numbers are the same, so each walk goes on from
 * where it stopped. When none meets anything unknown the step is taken.
 *
 * What is known is what THIS run has asked: an answer that was stored by an earlier visit or another run is free, and
 * changes nothing before the run asks for it. So a run is the same with an empty store and with a full one.
 */
import { isSolvable } from '../evolution/attainable.ts';
import type { Executor } from '../executor/executor.ts';
import type { Backend } from '../gpu/backend.ts';
import type { Scoped } from '../gpu/scoped.ts';
import { inScope } from '../gpu/scoped.ts';
import type { Call, Results } from '../graph/call.ts';
import { evaluatePolicy } from '../graph/exact.ts';
import type { TaskGraph } from '../graph/taskGraph.ts';
import type { Composite, Split, Task } from '../graph/world.ts';
import { SPLITS } from '../graph/world.ts';
import { NONE } from '../supervisor/plan.ts';
import type { Snapshot } from './checkpoint.ts';
import type { RunConfig } from './config.ts';
import { libraryOf, skillsOf } from './libraryOf.ts';
import type { Evaluation, StepMetrics } from './records.ts';
import type { Trainer, TrainerHooks, TrainerOptions, TrainOptions } from './trainer.ts';
import { createTrainer } from './trainer.ts';

/** What a run is carried out with: a Trainer over enumerated tasks, or one whose graphs grow. */
export type RunTrainer = Pick<
  Trainer,
  | 'config'
  | 'encoder'
  | 'tasks'
  | 'parameters'
  | 'failed'
  | 'references'
  | 'library'
  | 'events'
  | 'evolving'
  | 'walkSeed'
  | 'step'
  | 'drain'
  | 'evaluate'
  | 'policyOf'
  | 'inspect'
  | 'credit'
  | 'save'
  | 'walkedTasks'
  | 'rewardsOf'
  | 'attainable'
  | 'adopt'
  | 'destroy'
> & {
  train(steps: number, options?: Pick<TrainOptions, 'signal'>): Promise<void>;
  /** @throws BadCheckpoint, and leaves the trainer as it was */
  restore(snapshot: Snapshot): void | Promise<void>;
  /**
   * Explores the first `limit` tasks of a split of each suite until the policy leads to little that is unknown. Nothing
   * is to be done where tasks are enumerated.
   */
  explore(split: Split, limit: number, signal?: AbortSignal): Promise<void>;
};

/** With an executor a live trainer, else one over enumerated tasks. @throws what `createTrainer` throws */
export async function makeTrainer(
  config: RunConfig,
  backend: Backend,
  hooks: TrainerHooks,
  options: TrainerOptions = {},
): Promise<RunTrainer> {
  const { executor } = hooks;
  if (executor) return createLiveTrainer(config, backend, { ...hooks, executor }, options);
  return createTrainer(config, backend, hooks, options);
}

export type LiveHooks = TrainerHooks & { readonly executor: Executor };

/** A trainer of a config whose suites are live. @throws what `createTrainer` throws */
export async function createLiveTrainer(
  config: RunConfig,
  backend: Backend,
  hooks: LiveHooks,
  options: TrainerOptions = {},
): Promise<LiveTrainer> {
  const explored = new Explored(hooks.executor);
  const parts: Omit<Parts, 'inner'> = {
    config,
    backend,
    hooks,
    explored,
    options: { ...options, skills: options.skills ?? skillsOf(config, libraryOf(config)), references: false },
  };
  const inner = await inScope(backend, (scope) => createTrainer(config, scope, hooks, explored.options(parts.options)));
  return new LiveTrainer({ ...parts, inner });
}

/** Which answers a run has asked for: on its walks, and to measure what it does not train on. */
class Explored {
  readonly #executor: Executor;
  readonly walked = new Set<string>();
  readonly looked = new Set<string>();
  readonly #graphs = new Map<number, TaskGraph>();

  constructor(executor: Executor) {
    this.#executor = executor;
  }

  /** Trainer options with graphs of what is explored; those that have not grown are not unfolded again. */
  options(options: TrainerOptions): TrainerOptions {
    return { ...options, graphOf: (task, q, skills) => this.#graphOf(task, q, skills) };
  }

  #graphOf(task: Task, q: number, skills: readonly Composite[]): TaskGraph {
    const results = this.resultsFor(task.split);
    const known = this.#graphs.get(q);
    if (known && ![...known.pending.values()].some((call) => results.get(call) !== undefined)) return known;
    const graph = task.compile({ skills, results });
    this.#graphs.set(q, graph);
    return graph;
  }

  /** Training tasks are known by the walks alone, so that no measurement changes what is learned. */
  resultsFor(split: Split): Results {
    return {
      get: (call) => {
        const key = this.#executor.keyOf(call);
        const isKnown = this.walked.has(key) || (split !== 'train' && this.looked.has(key));
        return isKnown ? this.#executor.get(call) : undefined;
      },
    };
  }

  /** Carries out calls and knows them from then on. */
  async ask(calls: readonly Call[], split: Split, hooks: Parameters<Executor['carryOut']>[1]): Promise<void> {
    await this.#executor.carryOut(calls, hooks);
    const set = split === 'train' ? this.walked : this.looked;
    for (const call of calls) set.add(this.#executor.keyOf(call));
  }

  /** What is explored, for a snapshot. */
  save(): Readonly<Record<string, Uint32Array>> {
    return { 'live.walked': packed(this.walked), 'live.looked': packed(this.looked) };
  }

  restore({ tensors }: Snapshot): void {
    for (const [name, set] of [
      ['live.walked', this.walked],
      ['live.looked', this.looked],
    ] as const) {
      set.clear();
      const words = tensors[name];
      if (words instanceof Uint32Array) for (const key of unpacked(words)) set.add(key);
    }
    this.#graphs.clear();
  }
}

/** Words of 32 bits that a key is kept in. */
const KEY_WORDS = 8;

function packed(keys: ReadonlySet<string>): Uint32Array {
  return Uint32Array.from(
    [...keys].flatMap((key) =>
      Array.from({ length: KEY_WORDS }, (_, i) => Number.parseInt(key.slice(8 * i, 8 * i + 8), 16)),
    ),
  );
}

function* unpacked(words: Uint32Array): Generator<string> {
  for (let i = 0; i + KEY_WORDS <= words.length; i += KEY_WORDS) {
    yield [...words.subarray(i, i + KEY_WORDS)].map((word) => word.toString(16).padStart(8, '0')).join('');
  }
}

interface Parts {
  readonly config: RunConfig;
  readonly backend: Backend;
  readonly hooks: LiveHooks;
  readonly explored: Explored;
  readonly options: TrainerOptions;
  readonly inner: Scoped<Trainer>;
}

export class LiveTrainer implements RunTrainer {
  readonly config: RunConfig;
  readonly tasks: RunTrainer['tasks'];
  readonly parameters: number;
  readonly failed: Promise<never>;
  readonly references: RunTrainer['references'] = [];
  readonly library: RunTrainer['library'];
  readonly events: RunTrainer['events'] = [];
  readonly evolving = false;
  readonly #parts: Omit<Parts, 'inner'>;
  /** What has gone is freed at once. */
  #held: Scoped<Trainer>;
  /** Metrics of an inner trainer that has gone. */
  #pending: StepMetrics[] = [];

  constructor({ inner, ...parts }: Parts) {
    this.#parts = parts;
    this.#held = inner;
    this.config = parts.config;
    this.tasks = this.#inner.tasks;
    this.parameters = this.#inner.parameters;
    this.failed = parts.backend.failed;
    this.library = this.#inner.library;
  }

  get #inner(): Trainer {
    return this.#held.made;
  }

  get step(): number {
    return this.#inner.step;
  }

  get encoder(): Trainer['encoder'] {
    return this.#inner.encoder;
  }

  get walkSeed(): number {
    return this.#inner.walkSeed;
  }

  set walkSeed(seed: number) {
    this.#inner.walkSeed = seed;
  }

  /** Takes so many steps. @throws ModelFailure where the executor cannot go on; the step is not taken then */
  async train(steps: number, { signal }: Pick<TrainOptions, 'signal'> = {}): Promise<void> {
    for (let i = 0; i < steps; i++) {
      if (this.step === 0) await this.#fill({ first: true }, signal);
      await this.#fill({}, signal);
      await this.#inner.train(1, signal ? { signal } : {});
    }
  }

  /** Asks until no walk of the next step meets anything unknown. */
  async #fill(which: { readonly first?: boolean }, signal: AbortSignal | undefined): Promise<void> {
    for (;;) {
      const calls = this.#unknownIn(await this.#inner.walks({ ...which, signal }));
      if (calls.length === 0) return;
      await this.#ask(calls, 'train', signal);
    }
  }

  #unknownIn(walks: Uint32Array): Call[] {
    const distinct = new Set<number>();
    for (const edge of walks) if (edge !== NONE) distinct.add(edge);
    return [...distinct].flatMap((found) => {
      const { q, edge } = this.#inner.placeOf(found);
      return this.#inner.graphOf(q).pending.get(edge) ?? [];
    });
  }

  /** Asks, and unfolds the graphs that have grown. */
  async #ask(calls: readonly Call[], split: Split, signal?: AbortSignal): Promise<void> {
    const { explored, hooks } = this.#parts;
    await explored.ask(calls, split, {
      signal: signal ? AbortSignal.any([hooks.signal, signal]) : hooks.signal,
      onProgress: (done, of) =>
        hooks.onProgress(`Step ${this.step + 1}: asking the executor, ${done} of ${of}`, done / of),
    });
    const snapshot = await this.#inner.save();
    await this.#rebuild((inner) => inner.restore(snapshot));
  }

  /** A new inner trainer over what is explored now. */
  async #rebuild(prepare: (inner: Trainer) => void): Promise<void> {
    const { config, backend, hooks, explored, options } = this.#parts;
    this.#pending.push(...(await this.#inner.drain()));
    const { walkSeed, encoder } = this.#inner;
    const quiet = { ...hooks, onProgress: () => {} };
    const next = await inScope(backend, async (scope) => {
      const trainer = await createTrainer(config, scope, quiet, explored.options({ ...options, encoder }));
      trainer.walkSeed = walkSeed;
      prepare(trainer);
      return trainer;
    });
    this.#held.scope.destroy();
    this.#held = next;
  }

  async explore(split: Split, limit: number, signal?: AbortSignal): Promise<void> {
    const { config } = this.#parts;
    const most = config.executor?.explore.calls ?? 0;
    const members = config.suites.flatMap(({ name }) =>
      this.tasks.flatMap((task, q) => (task.suite === name && task.split === split ? [q] : [])).slice(0, limit),
    );
    for (let asked = 0; asked < most; ) {
      const calls: Call[] = [];
      for (const q of members) calls.push(...(await this.#worthAsking(q, signal)));
      if (calls.length === 0) return;
      const now = calls.slice(0, most - asked);
      asked += now.length;
      await this.#ask(now, split, signal);
    }
  }

  /** The likeliest of a task's unknown edges, until those that are left are as unlikely as may be. */
  async #worthAsking(q: number, signal?: AbortSignal): Promise<Call[]> {
    const graph = this.#inner.graphOf(q);
    if (graph.pending.size === 0) return [];
    const { logPF } = await this.#inner.policyOf(q, signal);
    const { logReach } = evaluatePolicy(graph, logPF);
    const likely = [...graph.pending]
      .map(([edge, call]) => ({ edge, call, mass: Math.exp(logReach[graph.source[edge]] + logPF[edge]) }))
      .sort((a, b) => b.mass - a.mass || a.edge - b.edge);
    let left = likely.reduce((sum, { mass }) => sum + mass, 0);
    const unknown = this.config.executor?.explore.unknown ?? 0;
    const calls: Call[] = [];
    for (const { call, mass } of likely) {
      if (left <= unknown) break;
      left -= mass;
      calls.push(call);
    }
    return calls;
  }

  async drain(): Promise<readonly StepMetrics[]> {
    const drained = await this.#inner.drain();
    return [...this.#pending.splice(0), ...drained];
  }

  /** Measures on what is known; the policy's own walks that lead to the unknown count as failed, and their share is told. */
  async evaluate(options: Parameters<Trainer['evaluate']>[0]): Promise<readonly Evaluation[]> {
    const limit = options.all ? Number.POSITIVE_INFINITY : this.config.evaluation.tasks;
    for (const split of SPLITS) if (split !== 'train') await this.explore(split, limit, options.signal);
    return this.#inner.evaluate(options);
  }

  async rewardsOf(split: Split, signal?: AbortSignal): Promise<readonly number[]> {
    await this.explore(split, Number.POSITIVE_INFINITY, signal);
    return this.#inner.rewardsOf(split, signal);
  }

  policyOf(q: number, signal?: AbortSignal): ReturnType<Trainer['policyOf']> {
    return this.#inner.policyOf(q, signal);
  }

  inspect(...place: Parameters<Trainer['inspect']>): ReturnType<Trainer['inspect']> {
    return this.#inner.inspect(...place);
  }

  credit(...place: Parameters<Trainer['credit']>): ReturnType<Trainer['credit']> {
    return this.#inner.credit(...place);
  }

  walkedTasks(...which: Parameters<Trainer['walkedTasks']>): ReturnType<Trainer['walkedTasks']> {
    return this.#inner.walkedTasks(...which);
  }

  attainable(split: Split): number {
    const graphs = this.tasks.flatMap((task, q) => (task.split === split ? [this.#inner.graphOf(q)] : []));
    return graphs.length === 0 ? 0 : graphs.filter(isSolvable).length / graphs.length;
  }

  /** With what was explored. */
  async save(): Promise<Snapshot> {
    const { tensors, metadata } = await this.#inner.save();
    return { tensors: { ...tensors, ...this.#parts.explored.save() }, metadata };
  }

  async restore(snapshot: Snapshot): Promise<void> {
    await this.#begin(snapshot, (inner) => inner.restore(snapshot));
  }

  async adopt(snapshot: Snapshot, change: Parameters<Trainer['adopt']>[1], signal?: AbortSignal): Promise<void> {
    await this.#begin(snapshot, () => {});
    for (;;) {
      await this.#inner.adopt(snapshot, change, signal);
      // log Z begins anew from walks of its own, none of which may lead to what is unknown.
      const calls = change.afresh ? this.#unknownIn(await this.#inner.walks({ first: true, signal })) : [];
      if (calls.length === 0) return;
      await this.#ask(calls, 'train', signal);
    }
  }

  /** Goes back to what a snapshot had explored. */
  async #begin(snapshot: Snapshot, prepare: (inner: Trainer) => void): Promise<void> {
    const { explored } = this.#parts;
    const before = explored.save();
    explored.restore(snapshot);
    try {
      await this.#rebuild(prepare);
    } catch (error) {
      explored.restore({ tensors: before, metadata: {} });
      throw error;
    }
    this.#pending = [];
  }

  destroy(): void {
    this.#held.scope.destroy();
  }
}

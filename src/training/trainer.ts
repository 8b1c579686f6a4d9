/**
 * The Trainer: compiles a config into task graphs and a recorded step, and runs it. No DOM, no
 * clock; the same config and seed give the same steps on one device.
 */

import type { Encoder } from '../encoder/encoder.ts';
import { attainableOf } from '../evolution/attainable.ts';
import type { EvolutionEvent } from '../evolution/events.ts';
import { logitShortfall } from '../evolution/firstLogit.ts';
import { type ExpectedSteps, expectedSteps, skillShares } from '../evolution/shares.ts';
import type { WalkedTask } from '../evolution/walks.ts';
import type { Executor } from '../executor/executor.ts';
import type { TurnTaker } from '../executor/gpuTurns.ts';
import { creditAgreements, flowAgreement, meanAgreements } from '../flow/creditAgreement.ts';
import { METRICS_STRIDE } from '../flow/kernels/stepMetrics.ts';
import { LOSS, LOSS_STRIDE } from '../flow/kernels/taskSums.ts';
import type { Measures } from '../flow/measures.ts';
import { meanMeasures, measurePolicy, unexploredMass } from '../flow/measures.ts';
import type { Backend, Tensor } from '../gpu/backend.ts';
import type { Floats } from '../gpu/kernel.ts';
import { yielder } from '../gpu/nextMacrotask.ts';
import { evaluatePolicy, exactFlows, logTargets, maxentLogPB, uniformLogPB } from '../graph/exact.ts';
import type { TaskGraph } from '../graph/taskGraph.ts';
import type { Composite, Split, Task } from '../graph/world.ts';
import { SPLITS } from '../graph/world.ts';
import type { Library } from '../skills/skill.ts';
import type { ParameterLayout } from '../supervisor/parameters.ts';
import { initialParameters, layoutParameters } from '../supervisor/parameters.ts';
import type { Capacities, PlanOffsets } from '../supervisor/plan.ts';
import { capacities, layoutPlan, NONE, writePlan } from '../supervisor/plan.ts';
import type { Supervisor, SupervisorUse } from '../supervisor/supervisor.ts';
import { createSupervisor } from '../supervisor/supervisor.ts';
import type { TaskStore } from '../supervisor/taskStore.ts';
import { taskStoreInSlices, textsOf } from '../supervisor/taskStore.ts';
import { randomSource } from '../worlds/random.ts';
import { BadCheckpoint } from './badCheckpoint.ts';
import type { Snapshot } from './checkpoint.ts';
import type { RunConfig } from './config.ts';
import type { Demonstrations } from './demonstrations.ts';
import { createDemonstrations } from './demonstrations.ts';
import { encoderOf, type OpenEncoder } from './encoderOf.ts';
import type { ExactPolicyReader, LearnedPolicy } from './exactPolicy.ts';
import { createExactPolicyReader } from './exactPolicy.ts';
import { tasksOf } from './exactRecord.ts';
import { learningRateFactor } from './learningRate.ts';
import { libraryOf, skillsOf } from './libraryOf.ts';
import { flowForm, objectives } from './objectives.ts';
import type { Evaluation, ReferenceMeasures, StepMetrics } from './records.ts';
import { referenceMeasures } from './references.ts';
import type { StepCommands } from './stepProgram.ts';
import { RING_CAPACITY, SCHEDULE, scheduleLength, stepCommands } from './stepProgram.ts';
import { createTaskSchedule } from './taskSchedule.ts';
import { creditView, taskView } from './taskViews.ts';
import type { CreditView, TaskView } from './views.ts';

/** A step needed more room than its capacities, which are upper bounds: a fault of the lab. */
export class CapacityExceeded extends Error {
  override readonly name = 'CapacityExceeded';
  constructor(step: number) {
    super(`Step ${step} visited more states or edges than its buffers hold. Please report the config of this run.`);
  }
}

/** A loss or a gradient is not a number any more. */
export class NonFinite extends Error {
  override readonly name = 'NonFinite';
  constructor(step: number, what: string) {
    super(`At step ${step} ${what} is not finite. Lower optimiser.lr or optimiser.clip, and begin again.`);
  }
}

export interface TrainerHooks {
  readonly onProgress: (text: string, fraction: number | null) => void;
  readonly signal: AbortSignal;
  /** Carries out the acts of live suites; absent where all tasks are enumerated. */
  readonly executor?: Executor;
  /** Turns on a GPU that a language model uses too; absent where nobody else does. */
  readonly turns?: TurnTaker;
  /** Absent where no sentence encoder can be opened. */
  readonly openEncoder?: OpenEncoder | undefined;
}

/** A task of the run with all that does not change while it is learned. */
interface CompiledTask {
  readonly task: Task;
  readonly graph: TaskGraph;
  readonly logTarget: Float64Array;
  readonly fixedLogPB: Float64Array | null;
}

/**
 * The number of the batch from which log Z gets its first value: not one of the training steps', because
 * that step's gradient of log Z would then be zero but for rounding, and AdamW would make a full step of it.
 */
const START_BATCH = 0xfffffffe;

/** Keeps the trajectories of measures and views apart from every other use of the seed. */
const AGREEMENT_STREAM = 0xc4ed;
const VIEW_STREAM = 0x51e3;

export interface TrainerOptions {
  /** Skills that the executor can carry out; those that the config begins with, unless it says others. */
  readonly skills?: readonly Composite[];
  /** Only tasks of these splits are compiled, all of them unless it says fewer. */
  readonly splits?: readonly Split[];
  /** Whether the policies that need no learning are measured. */
  readonly references?: boolean;
  /** The graph of task `q`; unfolded with the skills alone, unless it says otherwise. */
  readonly graphOf?: (task: Task, q: number, skills: readonly Composite[]) => TaskGraph;
  /** In the place of the one that the config names: that of the same run, or one that no config can name. */
  readonly encoder?: Encoder;
}

/** Scalars for skills in the network of a config. */
export function skillPlaces({ evolution, library }: RunConfig): number {
  return evolution?.slots ?? 4 * Math.ceil((library?.length ?? 0) / 4);
}

/**
 * Compiles a resolved config on a backend, with a library that stays as it is.
 * @throws GraphTooLarge, NonPositiveReward, AllocationTooLarge, KernelCompileError, or the signal's reason
 */
export async function createTrainer(
  config: RunConfig,
  backend: Backend,
  hooks: TrainerHooks,
  options: TrainerOptions = {},
): Promise<Trainer> {
  const skills = options.skills ?? skillsOf(config, libraryOf(config));
  const { splits = SPLITS, graphOf = (task) => task.compile({ skills }) } = options;
  const compiled = await compileTasks(config, hooks, splits, (task, q) => graphOf(task, q, skills));
  hooks.onProgress('Encoding texts', null);
  const encoder = options.encoder ?? (await encoderOf(config.encoder, hooks.openEncoder, hooks));
  await encoder.prepare?.(textsOf(compiled.map(({ graph }) => graph)), {
    signal: hooks.signal,
    onProgress: (done, of) => hooks.onProgress(`Encoding text ${done} of ${of}`, done / of),
    onGpu: (work) => inTurn(hooks.turns, work, hooks.signal),
  });
  const store = await storeOf(compiled, encoder, hooks);
  const train = compiled.flatMap(({ task }, q) => (task.split === 'train' ? [q] : []));
  const batch = Math.min(config.rollout.tasksPerStep, train.length);
  const caps = capacities(store, batch, batch * config.rollout.trajectoriesPerTask);
  const offsets = layoutPlan(store, caps);
  const { dimensions } = encoder;
  const layout = layoutParameters({ dimensions, skills: skillPlaces(config), ...config.supervisor });
  hooks.onProgress('Measuring policies that need no learning', null);
  const references = options.references === false ? [] : await referenceMeasures(config, compiled, hooks.signal);
  hooks.onProgress('Allocating', null);
  const { backwardOver } = objectives[config.objective.kind];
  const use: SupervisorUse = { flow: flowForm(config), backwardOver };
  const initial = initialParameters(layout, config.seed, config.supervisor.backwardStart);
  const supervisor = createSupervisor(backend, layout, store, caps, offsets, initial, use);
  const commands = stepCommands(backend, config, store, supervisor, caps, offsets);
  hooks.onProgress('Compiling kernels', null);
  const counts = supervisor.tensors.counts;
  const [step, start, reader] = await Promise.all([
    backend.record('training step', [...commands.gradients, ...commands.update], counts),
    backend.record('first log Z', commands.start, counts),
    createExactPolicyReader(backend, store, supervisor, caps, offsets, use, hooks.turns),
  ]);
  hooks.signal.throwIfAborted();
  return new Trainer({
    config,
    backend,
    skills,
    compiled,
    encoder,
    store,
    train,
    batch,
    caps,
    offsets,
    layout,
    supervisor,
    commands,
    programs: { step, start },
    reader,
    references,
    demonstrations: config.objective.demonstrations ? createDemonstrations(config.seed, store, compiled) : null,
    isLive: hooks.executor !== undefined,
    turns: hooks.turns,
  });
}

export interface TrainOptions {
  readonly given?: ArrayLike<number>;
  /** Ends a step that waits for a live executor or for its turn, which is not taken then; any other is finished. */
  readonly signal?: AbortSignal;
}

export interface WalksOptions {
  readonly first?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Everything a Trainer is made of; see createTrainer. */
interface TrainerParts {
  readonly config: RunConfig;
  readonly backend: Backend;
  /** What the tasks were unfolded with. */
  readonly skills: readonly Composite[];
  readonly compiled: readonly CompiledTask[];
  readonly encoder: Encoder;
  readonly store: TaskStore;
  /** Tasks of the store that are trained on, and how many of them a step takes. */
  readonly train: readonly number[];
  readonly batch: number;
  readonly caps: Capacities;
  readonly offsets: PlanOffsets;
  readonly layout: ParameterLayout;
  readonly supervisor: Supervisor;
  readonly commands: StepCommands;
  readonly programs: { readonly step: StepProgram; readonly start: StepProgram };
  readonly reader: ExactPolicyReader;
  readonly references: readonly ReferenceMeasures[];
  readonly demonstrations: Demonstrations | null;
  /** Whether a live executor carries out its tasks. */
  readonly isLive: boolean;
  readonly turns: TurnTaker | undefined;
}
type StepProgram = Awaited<ReturnType<Backend['record']>>;

export class Trainer {
  readonly config: RunConfig;
  readonly tasks: readonly Task[];
  /** How many numbers are learned. */
  readonly parameters: number;
  readonly failed: Promise<never>;
  /** The program of one training step, for profiles. */
  readonly program: StepProgram;
  readonly supervisor: Supervisor;
  /** What turned the texts into vectors. */
  readonly encoder: Encoder;
  /** Measures of the policies that need no learning. */
  readonly references: readonly ReferenceMeasures[];
  /** The skills that the run began with; nothing happens to them. */
  readonly library: Library;
  readonly events: readonly EvolutionEvent[] = [];
  readonly evolving = false;
  /** The seed of the walks: the config's, unless somebody says another. Tasks and parameters keep theirs. */
  walkSeed: number;
  readonly #parts: TrainerParts;
  readonly #tasksOfStep: (step: number) => readonly number[];
  readonly #host: Uint32Array;
  readonly #hostView: ReturnType<Backend['view']>;
  readonly #schedule: Float32Array;
  #probe: StepProgram | null = null;
  #step = 0;
  /** Steps whose metrics were read back, those not yet handed out, and the executor's steps so far. */
  #collected = 0;
  #pending: StepMetrics[] = [];
  #executorCalls = 0;

  constructor(parts: TrainerParts) {
    this.#parts = parts;
    const { config, backend, compiled, train, batch, layout, supervisor, offsets, programs } = parts;
    this.config = config;
    this.walkSeed = config.seed;
    this.library = libraryOf(config);
    this.tasks = compiled.map(({ task }) => task);
    this.parameters = layout.count;
    this.failed = backend.failed;
    this.program = programs.step;
    this.supervisor = supervisor;
    this.encoder = parts.encoder;
    this.references = parts.references;
    this.#schedule = new Float32Array(scheduleLength(config.objective.updatesPerBatch));
    this.#tasksOfStep = createTaskSchedule(config.seed, train.length, batch);
    this.#host = new Uint32Array(offsets.walkNode);
    this.#hostView = backend.view(supervisor.tensors.plan, 0, offsets.walkNode, 'plan, host part');
  }

  /** Steps done. */
  get step(): number {
    return this.#step;
  }

  /**
   * Takes so many steps: one submission each. Resolves once they are submitted (GPU) or computed (CPU).
   * @param options.given `[walks, maxSteps]` edges that the next step takes instead of sampling, as `walks` returns
   *   them; a walk whose first is NONE is sampled
   * @throws RangeError where they are for another number of steps or walks
   */
  async train(steps: number, { given, signal }: TrainOptions = {}): Promise<void> {
    const { backend, programs, commands, demonstrations, config } = this.#parts;
    if (given) {
      // The step after the next has other tasks, in whose graphs these edges do not lie.
      if (steps !== 1) throw new RangeError(`Given trajectories are those of one step, not of ${steps}.`);
      const { length } = commands.tensors.given;
      if (given.length !== length) throw new RangeError(`${given.length} given edges for ${length} steps of walks.`);
    }
    for (let i = 0; i < steps; i++) {
      if (this.#step - this.#collected >= RING_CAPACITY) await this.#collect();
      await this.#onGpu(async () => {
        if (this.#step === 0) await this.#firstLogZ();
        const tasks = this.prepareStep();
        const walks = given ?? demonstrations?.(this.#step, tasks, config.rollout.trajectoriesPerTask);
        // The step's own program makes them NONE again.
        if (walks) backend.write(commands.tensors.given, walks);
        await backend.run(programs.step);
        this.#step++;
      }, signal);
    }
  }

  /** Does one slice of work on the GPU. @throws the signal's reason where it is aborted before the turn has come */
  #onGpu<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const { backend, commands, turns } = this.#parts;
    if (!turns) return work();
    return inTurn(
      turns,
      async () => {
        const result = await work();
        // A turn ends when the GPU has done the work, not when it was submitted.
        await backend.read(backend.view(commands.tensors.schedule, 0, 1, 'end of a slice'));
        return result;
      },
      signal,
    );
  }

  /** log Z gets its first value from a batch of its own. */
  async #firstLogZ(): Promise<void> {
    const { backend, programs } = this.#parts;
    this.prepareStep({ batch: START_BATCH });
    await backend.run(programs.start);
  }

  /**
   * Writes what the host says of the next step: its tasks and its schedule. `batch` numbers its random draws.
   * @returns the tasks, as numbers of the store
   */
  prepareStep({ batch = this.#step }: { batch?: number } = {}): readonly number[] {
    const { config, backend, store, offsets, train, caps, commands } = this.#parts;
    const step = this.#step;
    const tasks = this.#tasksOfStep(step).map((position) => train[position]);
    const header = { walks: caps.walks, step: batch, seed: this.walkSeed };
    writePlan(store, offsets, tasks, header, this.#host);
    backend.write(this.#hostView, this.#host);
    const progress = Math.min(step / config.steps, 1);
    const { optimiser, rollout } = config;
    const factor = learningRateFactor(optimiser.schedule, progress);
    const schedule = this.#schedule;
    schedule[SCHEDULE.lr] = factor * optimiser.lr;
    schedule[SCHEDULE.lrBackward] = factor * optimiser.lrBackward;
    schedule[SCHEDULE.lrZ] = factor * optimiser.lrZ;
    schedule[SCHEDULE.lrFlow] = factor * optimiser.lrFlow;
    const { updatesPerBatch } = config.objective;
    for (let update = 0; update < updatesPerBatch; update++) {
      const done = step * updatesPerBatch + update + 1;
      schedule[SCHEDULE.corrections + 2 * update] = 1 - 0.9 ** done;
      schedule[SCHEDULE.corrections + 2 * update + 1] = 1 - 0.999 ** done;
    }
    schedule[SCHEDULE.epsilon] = rollout.epsilon + (rollout.epsilonEnd - rollout.epsilon) * progress;
    schedule[SCHEDULE.temperature] = rollout.temperature + (1 - rollout.temperature) * progress;
    backend.write(commands.tensors.schedule, schedule);
    return tasks;
  }

  /**
   * Metrics of the steps since the last drain, after all of them are done.
   * @throws CapacityExceeded, NonFinite
   */
  async drain(): Promise<readonly StepMetrics[]> {
    await this.#collect();
    const drained = this.#pending;
    this.#pending = [];
    return drained;
  }

  async #collect(): Promise<void> {
    const { backend, commands } = this.#parts;
    const end = this.#step;
    if (this.#collected === end) return;
    const ring = await backend.read(commands.tensors.ring);
    for (; this.#collected < end; this.#collected++) {
      const metrics = readMetrics(ring, this.#collected);
      this.#pending.push(metrics);
      this.#executorCalls += metrics.executed;
    }
  }

  /**
   * Exact measures of the present policy on each split of each suite.
   * @param options.all every task of a split instead of the first `evaluation.tasks`
   */
  async evaluate(options: {
    readonly all: boolean;
    readonly signal: AbortSignal;
    readonly onProgress: (done: number, of: number) => void;
  }): Promise<readonly Evaluation[]> {
    await this.#collect();
    const { config, compiled, skills } = this.#parts;
    const limit = options.all ? Number.POSITIVE_INFINITY : config.evaluation.tasks;
    const groups = config.suites.flatMap(({ name }) =>
      SPLITS.map((split) => ({
        suite: name,
        split,
        members: compiled
          .flatMap(({ task }, q) => (task.suite === name && task.split === split ? [q] : []))
          .slice(0, limit),
      })).filter(({ members }) => members.length > 0),
    );
    const of = groups.reduce((sum, { members }) => sum + members.length, 0);
    let done = 0;
    const breathe = yielder(15);
    const evaluations: Evaluation[] = [];
    for (const { suite, split, members } of groups) {
      const measures: Measures[] = [];
      const agreements: ReturnType<typeof creditAgreements>[] = [];
      let unexplored = 0;
      const walked: ExpectedSteps[] = [];
      for (const q of members) {
        options.onProgress(done++, of);
        const policy = await this.policyOf(q, options.signal);
        const { graph, logTarget } = compiled[q];
        await breathe();
        const evaluated = evaluatePolicy(graph, policy.logPF);
        unexplored += unexploredMass(graph, evaluated);
        if (skills.length > 0) walked.push(expectedSteps(graph, policy.logPF, evaluated));
        await breathe();
        // What maximises reward has no log Z, and its stand-in is no estimate of one.
        const logZ = objectives[config.objective.kind].family === 'balance' ? policy.logZ : null;
        measures.push(measurePolicy(graph, logTarget, evaluated, logZ));
        await breathe();
        const exact = exactFlows(graph, logTarget, policy.keyLogPB);
        await breathe();
        const random = randomSource(config.seed, AGREEMENT_STREAM, q);
        const values = objectives[config.objective.kind].family === 'reward' ? policy.logF : null;
        agreements.push(creditAgreements(graph, policy, exact, logTarget, values, random));
        await breathe();
      }
      const rhos = agreements.map((rows) => flowAgreement(rows).spearman).filter((rho) => rho !== null);
      evaluations.push({
        step: this.#step,
        suite,
        split,
        tasks: members.length,
        ...meanMeasures(measures),
        attainable: attainableOf(members.map((q) => compiled[q].graph)),
        ...(this.#parts.isLive ? { unexplored: unexplored / members.length } : {}),
        ...(skills.length > 0 ? { skillShares: skillShares(skills, walked) } : {}),
        creditSpearman: rhos.length === 0 ? null : rhos.reduce((a, b) => a + b, 0) / rhos.length,
        credits: meanAgreements(agreements),
        executorCalls: this.#executorCalls,
      });
    }
    options.onProgress(of, of);
    return evaluations;
  }

  /**
   * The learned policy of task `q` of `tasks`, on every edge. Where there is no head of log Z, the flow of the first
   * state stands in, or the mean that balances the policy's own walks.
   */
  async policyOf(q: number, signal?: AbortSignal): Promise<LearnedPolicy> {
    const { compiled, reader, config } = this.#parts;
    const { graph, logTarget, fixedLogPB } = compiled[q];
    const policy = await reader.read(q, fixedLogPB, signal);
    const { logZ } = objectives[config.objective.kind];
    if (logZ === 'head') return policy;
    return { ...policy, logZ: (logZ === 'flow' ? policy.logF?.[0] : null) ?? meanLogZ(graph, logTarget, policy) };
  }

  /** A task with its learned and exact flows. @throws RangeError for a task the run does not have */
  async inspect(split: Split, index: number): Promise<TaskView> {
    const q = this.#find(split, index);
    const { task, graph, logTarget } = this.#parts.compiled[q];
    const { beta, eps, kind } = this.config.objective;
    const flowHead = objectives[kind].logZ === 'flow';
    return taskView(task, graph, logTarget, await this.policyOf(q), { step: this.#step, beta, eps, flowHead });
  }

  /**
   * Trajectories of a task, sampled from the present policy, with the credit of each step.
   * @param walk texts of the actions of a walk that is credited beside them
   * @throws RangeError for a task the run does not have
   */
  async credit(split: Split, index: number, count: number, walk?: readonly string[]): Promise<CreditView> {
    const q = this.#find(split, index);
    const { task, graph, logTarget } = this.#parts.compiled[q];
    const random = randomSource(this.config.seed, VIEW_STREAM, q, this.#step);
    return creditView(task, graph, logTarget, await this.policyOf(q), { step: this.#step, count, random, walk });
  }

  #find(split: Split, index: number): number {
    // Positions within a split, over all suites in order.
    const members = this.tasks.flatMap((task, q) => (task.split === split ? [q] : []));
    const q = members[index];
    if (q === undefined)
      throw new RangeError(`The run has ${members.length} ${split} tasks; there is no number ${index}.`);
    return q;
  }

  /** Every tensor that a run goes on from. */
  #state(): Readonly<Record<string, Tensor>> {
    const { supervisor, commands } = this.#parts;
    const { first, second, fast, replay } = commands.tensors;
    return {
      parameters: supervisor.tensors.parameters,
      first,
      second,
      ...(fast ? { 'backward.fast': fast } : {}),
      ...(replay
        ? { 'replay.edges': replay.edges, 'replay.rewards': replay.rewards, 'replay.counts': replay.counts }
        : {}),
    };
  }

  /** The whole state: parameters, moments, the replay buffer and counters. */
  async save(): Promise<Snapshot> {
    await this.#collect();
    const { backend } = this.#parts;
    const tensors = await Promise.all(
      Object.entries(this.#state()).map(async ([name, tensor]): Promise<[string, Float32Array | Uint32Array]> => {
        const values = await backend.read(tensor as Tensor<'f32'>);
        return [name, tensor.type === 'u32' ? Uint32Array.from(values) : Float32Array.from(values)];
      }),
    );
    return {
      tensors: Object.fromEntries(tensors),
      metadata: {
        step: String(this.#step),
        executorCalls: String(this.#executorCalls),
        encoder: this.encoder.id,
      },
    };
  }

  /** Goes on from a snapshot. @throws BadCheckpoint, and leaves the trainer as it was */
  restore(snapshot: Snapshot): void {
    const { backend } = this.#parts;
    const into = this.#state();
    const step = counter(snapshot, 'step');
    const executorCalls = counter(snapshot, 'executorCalls');
    checkEncoder(snapshot, this.encoder.id);
    for (const [name, { type, length }] of Object.entries(into)) {
      const tensor = snapshot.tensors[name];
      const right = type === 'f32' ? tensor instanceof Float32Array : tensor instanceof Uint32Array;
      if (!right || tensor.length !== length) {
        const holds =
          tensor === undefined ? 'is missing' : `has ${tensor.length} elements of ${right ? type : 'another type'}`;
        throw new BadCheckpoint(
          `tensor "${name}"`,
          `it ${holds}; this config's has ${length} of ${type}`,
          'Open it with the config it was made by.',
        );
      }
    }
    for (const [name, tensor] of Object.entries(into)) backend.write(tensor, snapshot.tensors[name]);
    this.#step = step;
    this.#collected = step;
    this.#pending = [];
    this.#executorCalls = executorCalls;
  }

  /**
   * The trajectories that the next step samples, `[walks, maxSteps]` edges of the store, NONE after the last; or those
   * from which log Z gets its first value.
   * @throws the signal's reason where it is aborted before their turn has come
   */
  async walks({ first = false, signal }: WalksOptions = {}): Promise<Uint32Array> {
    const { backend, supervisor, caps, offsets } = this.#parts;
    const program = await this.#gradientProgram();
    return this.#onGpu(async () => {
      this.prepareStep(first ? { batch: START_BATCH } : {});
      await backend.run(program);
      return backend.read(backend.view(supervisor.tensors.plan, offsets.walkEdge, caps.walks * caps.maxSteps, 'walks'));
    }, signal);
  }

  async #gradientProgram(): Promise<StepProgram> {
    const { backend, commands, supervisor } = this.#parts;
    this.#probe ??= await backend.record('gradients', commands.gradients, supervisor.tensors.counts);
    return this.#probe;
  }

  /**
   * The loss and the gradient of the next step's batch, without an update: for tests and for measuring
   * the variance of gradients. Its trajectories are those of the present policy, also where other
   * parameter values are passed.
   * @param values `[layout.length]` parameters to evaluate at; the trainer keeps its own
   */
  async probe(
    values?: Floats,
  ): Promise<{ readonly loss: number; readonly parameters: Floats; readonly gradients: Floats }> {
    const { backend, commands, supervisor, caps } = this.#parts;
    const { parameters, gradients } = supervisor.tensors;
    const own = await backend.read(parameters);
    const walks = await this.walks();
    if (values) {
      const { given } = commands.tensors;
      backend.write(given, walks);
      backend.write(parameters, values);
      this.prepareStep();
      await backend.run(await this.#gradientProgram());
      backend.write(parameters, own);
      backend.write(given, new Uint32Array(given.length).fill(NONE));
    }
    const losses = await backend.read(commands.tensors.losses);
    let loss = 0;
    for (let w = 0; w < caps.walks; w++) loss += losses[w * LOSS_STRIDE + LOSS.loss] / caps.walks;
    return { loss, parameters: own, gradients: await backend.read(gradients) };
  }

  /** The gradient of a batch of its own number on the next step's tasks, `[layout.length]`, without an update. */
  async gradientsOf(batch: number): Promise<Floats> {
    const { backend, supervisor } = this.#parts;
    const program = await this.#gradientProgram();
    this.prepareStep({ batch });
    await backend.run(program);
    return backend.read(supervisor.tensors.gradients);
  }

  /** Puts parameters of the same network in the place of the present ones. @throws RangeError */
  setParameters(values: Float32Array): void {
    const { backend, supervisor, layout } = this.#parts;
    if (values.length !== layout.length) {
      throw new RangeError(`${values.length} parameters for a Supervisor of ${layout.length}.`);
    }
    backend.write(supervisor.tensors.parameters, values);
  }

  /** The task graph of task `q` of `tasks`. */
  graphOf(q: number): TaskGraph {
    return this.#parts.compiled[q].graph;
  }

  /** The task in whose graph an edge of the store lies, and its number there. @throws RangeError */
  placeOf(edge: number): { readonly q: number; readonly edge: number } {
    const { tasks } = this.#parts.store;
    const q = tasks.findLastIndex(({ firstEdge }) => firstEdge <= edge);
    if (q < 0 || edge >= tasks[q].firstEdge + tasks[q].graph.edges)
      throw new RangeError(`The run has no edge ${edge}.`);
    return { q, edge: edge - tasks[q].firstEdge };
  }

  /** Graphs, targets and texts of the first `limit` tasks of a split, over all suites. */
  walkedTasks(split: Split, limit: number): readonly (WalkedTask & { readonly q: number })[] {
    return this.#parts.compiled
      .flatMap(({ task, graph, logTarget }, q) =>
        task.split === split ? [{ q, graph, logTarget, suite: task.suite, split, text: task.text }] : [],
      )
      .slice(0, limit)
      .map((walked, position) => ({ ...walked, task: position }));
  }

  /** Every task is known as a whole: see RunTrainer. */
  async explore(): Promise<void> {}

  /** Exact mean reward of the present policy on each task of a split. */
  async rewardsOf(split: Split, signal?: AbortSignal): Promise<readonly number[]> {
    const rewards: number[] = [];
    for (const { q, graph } of this.walkedTasks(split, Number.POSITIVE_INFINITY)) {
      const { logPF } = await this.policyOf(q, signal);
      rewards.push(evaluatePolicy(graph, logPF).value[0]);
    }
    return rewards;
  }

  /** Share of a split's tasks in which some solved outcome can be reached: the best success there is, exactly. */
  attainable(split: Split): number {
    return attainableOf(this.walkedTasks(split, Number.POSITIVE_INFINITY).map(({ graph }) => graph));
  }

  /**
   * Goes on from another trainer of the same config with another library: parameters, moments and counters stay, what
   * is replayed goes, log Z starts afresh where it is a head, and the scalar of each new skill is set so that its mean
   * logit over the states that the policy visits without it is that of the skills that stay, or of the acts where none is.
   * @param change places of the skills that are new here, and whether log Z starts afresh
   * @throws BadCheckpoint where the snapshot is of another network, or the signal's reason; called again, it begins anew
   */
  async adopt(
    snapshot: Snapshot,
    { fresh, afresh }: { readonly fresh: readonly number[]; readonly afresh: boolean },
    signal?: AbortSignal,
  ): Promise<void> {
    const { layout, config, compiled } = this.#parts;
    const own = await this.save();
    const tensors: Record<string, Float32Array | Uint32Array> = {};
    for (const [name, values] of Object.entries({ ...own.tensors, ...snapshot.tensors })) {
      // What is replayed are edges of the other trainer's graphs.
      tensors[name] = name.startsWith('replay.') ? own.tensors[name].fill(0) : values.slice();
    }
    const head = afresh && objectives[config.objective.kind].logZ === 'head';
    const { first, length } = layout.groups.logZ;
    const skillScalar = layout.tensors['forward.head'].offset + layout.shape.width;
    for (const name of ['parameters', 'first', 'second']) {
      if (head) tensors[name].fill(0, first, first + length);
      for (const slot of fresh) tensors[name][skillScalar + slot] = 0;
    }
    this.restore({ tensors, metadata: snapshot.metadata });
    if (fresh.length > 0) {
      const offsets = fresh.map(() => ({ sum: 0, weight: 0 }));
      for (const { q } of this.walkedTasks('train', config.evaluation.tasks)) {
        const { logPF } = await this.policyOf(q, signal);
        for (const [i, slot] of fresh.entries()) {
          const { sum, weight } = logitShortfall(compiled[q].graph, logPF, slot, fresh);
          offsets[i] = { sum: offsets[i].sum + sum, weight: offsets[i].weight + weight };
        }
      }
      for (const [i, slot] of fresh.entries()) {
        const { sum, weight } = offsets[i];
        tensors.parameters[skillScalar + slot] = weight === 0 ? 0 : sum / weight;
      }
      this.restore({ tensors, metadata: snapshot.metadata });
    }
    if (head) await this.#onGpu(() => this.#firstLogZ(), signal);
  }

  destroy(): void {
    // The backend is not the trainer's: whoever made it destroys it, and with it every tensor.
  }
}

/**
 * The weights of a Supervisor mean something only along the vectors that they were trained on.
 * @throws BadCheckpoint where those were of another encoder
 */
function checkEncoder(snapshot: Snapshot, own: string): void {
  // Written before there was a choice, it does not say: it was the hashed encoder, whose dimensions the shapes tell.
  const { encoder = own.startsWith('hashed-') ? own : 'hashed' } = snapshot.metadata;
  if (encoder === own) return;
  throw new BadCheckpoint(
    'metadata "encoder"',
    `the Supervisor was trained on the vectors of the encoder "${encoder}", and this run has "${own}". The same text has another vector there, so what was learned means nothing any more: the Supervisor must be trained anew`,
    'Train from step 0, or put back the model, the tokenizer and the provider that it was trained with.',
  );
}

function counter(snapshot: Snapshot, name: string): number {
  const value = Number(snapshot.metadata[name]);
  if (!Number.isInteger(value) || value < 0) {
    throw new BadCheckpoint(`metadata "${name}"`, `it holds ${JSON.stringify(snapshot.metadata[name])}, not a count`);
  }
  return value;
}

/** One row of the metrics ring. @throws CapacityExceeded, NonFinite */
function readMetrics(ring: ArrayLike<number>, step: number): StepMetrics {
  const at = (step % RING_CAPACITY) * METRICS_STRIDE;
  if (ring[at + 10] !== 0) throw new CapacityExceeded(step);
  const names = [
    'loss',
    'log Z',
    'success',
    'reward',
    'length',
    'the gradient of the policy',
    'that of the backward policy',
    'that of log Z',
  ];
  for (const [i, what] of names.entries()) {
    if (!Number.isFinite(ring[at + 1 + i])) throw new NonFinite(step, what);
  }
  return {
    // Counted as evaluations and views are: by steps done.
    step: step + 1,
    loss: ring[at + 1],
    logZ: ring[at + 2],
    success: ring[at + 3],
    reward: ring[at + 4],
    length: ring[at + 5],
    gradPolicy: ring[at + 6],
    gradBackward: ring[at + 7],
    gradLogZ: ring[at + 8],
    states: ring[at + 9],
    executed: ring[at + 11],
  };
}

/** `E_pi[beta log R~ + sum log P_B - sum log P_F]` exactly: what VarGrad's batch mean estimates. */
function meanLogZ(graph: TaskGraph, logTarget: Float64Array, policy: LearnedPolicy): number {
  const { logReach } = evaluatePolicy(graph, policy.logPF);
  let logZ = 0;
  for (let e = 0; e < graph.edges; e++) {
    const reach = Math.exp(logReach[graph.source[e]] + policy.logPF[e]);
    if (reach > 0) logZ += reach * (policy.logPB[e] - policy.logPF[e]);
  }
  for (let x = 0; x < graph.outcomes; x++) logZ += Math.exp(logReach[graph.states + x]) * logTarget[x];
  return logZ;
}

/** Where a language model uses the GPU too, in a turn of its own. No such slice of work waits for that model. */
async function inTurn<T>(turns: TurnTaker | undefined, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const turn = await turns?.turn(signal);
  try {
    return await work();
  } finally {
    turn?.end();
  }
}

async function storeOf(tasks: readonly CompiledTask[], encoder: Encoder, hooks: TrainerHooks): Promise<TaskStore> {
  const slices = taskStoreInSlices(tasks, encoder);
  const breathe = yielder();
  for (;;) {
    const { done, value } = slices.next();
    if (done) return value;
    await breathe();
    hooks.signal.throwIfAborted();
  }
}

async function compileTasks(
  config: RunConfig,
  hooks: TrainerHooks,
  splits: readonly Split[],
  graphOf: (task: Task, q: number) => TaskGraph,
): Promise<CompiledTask[]> {
  const tasks = [...tasksOf(config)].filter(({ split }) => splits.includes(split));
  const { beta, eps, backward } = config.objective;
  const compiled: CompiledTask[] = [];
  const breathe = yielder();
  for (const [i, task] of tasks.entries()) {
    hooks.onProgress(`Unfolding task ${i + 1} of ${tasks.length}`, i / tasks.length);
    await breathe();
    hooks.signal.throwIfAborted();
    const graph = graphOf(task, i);
    const fixedLogPB = backward === 'uniform' ? uniformLogPB(graph) : backward === 'maxent' ? maxentLogPB(graph) : null;
    compiled.push({ task, graph, logTarget: logTargets(graph, beta, eps), fixedLogPB });
  }
  return compiled;
}

/** A trainer and devices for tests: one number is learned, exactly, and every call can be delayed or made to fail. */
import type { Backend } from '../../gpu/backend.ts';
import { EMPTY_LIBRARY } from '../../skills/skill.ts';
import { BadCheckpoint } from '../../training/badCheckpoint.ts';
import { configSchema, encoderSettings, type RunConfig } from '../../training/config.ts';
import type { Evaluation, StepMetrics } from '../../training/records.ts';
import type { Devices } from '../devices.ts';
import type { TaskView } from '../protocol.ts';
import type { CreateTrainer, TrainerLike } from '../trainerLike.ts';

export function lostDevice(): Error {
  return Object.assign(new Error('the GPU process went away'), { name: 'DeviceFailure', kind: 'lost' });
}

/** Fills in what `resolveConfig` would. */
export function resolved(input: unknown): RunConfig {
  const config = configSchema.parse(input);
  return {
    ...config,
    encoder: encoderSettings({ provider: 'wasm', ...config.encoder }) ?? { kind: 'hashed', dimensions: 256 },
    objective: {
      ...config.objective,
      backward: config.objective.backward ?? 'learned',
      beta: config.objective.beta ?? 1,
      eps: config.objective.eps ?? 0,
      lambda: 0.9,
      updatesPerBatch: 1,
      entropyBonus: 0,
    },
    optimiser: { ...config.optimiser, lr: 0.01, lrZ: 0.1, lrBackward: 0.005, lrFlow: 0.01 },
    rollout: { ...config.rollout, epsilon: config.rollout.epsilon ?? 0.1 },
  };
}

interface Failing {
  readonly promise: Promise<never>;
  readonly fail: (error: Error) => void;
}

function failing(): Failing {
  let fail: (error: Error) => void = () => {};
  const promise = new Promise<never>((_, reject) => {
    fail = reject;
  });
  promise.catch(() => {});
  return { promise, fail };
}

/** Devices of which WebGPU can be taken away. */
export class FakeDevices implements Devices {
  /** The reason why there is no WebGPU, if there is none. */
  missing: string | null = null;
  readonly opened: ('webgpu' | 'cpu')[] = [];
  #present: Failing | null = null;

  async webgpu(): ReturnType<Devices['webgpu']> {
    if (this.missing !== null) return { ok: false, reason: this.missing };
    return { ok: true, backend: this.#open('webgpu') };
  }

  cpu(): Backend {
    return this.#open('cpu');
  }

  /** The device that was opened last fails. */
  fail(error: Error): void {
    this.#present?.fail(error);
  }

  #open(kind: 'webgpu' | 'cpu'): Backend {
    this.opened.push(kind);
    this.#present = failing();
    const { promise } = this.#present;
    // The trainer is fake too, and asks nothing else of its backend.
    return { kind, adapter: `fake ${kind}`, software: false, failed: promise, destroy() {} } as unknown as Backend;
  }
}

/** How the fake trainers behave, and what was asked of them. */
export class FakeTraining {
  readonly calls: string[] = [];
  /** Called within every call to a trainer, e.g. to wait or to throw. */
  before: (call: string, trainer: TrainerLike) => Promise<void> | void = () => {};
  /** What becomes of `evaluate` besides; it may wait for the signal. */
  evaluating: (signal: AbortSignal) => Promise<void> = async () => {};
  live = 0;
  /** What `inspect` answers besides. */
  inspected: object = {};

  readonly create: CreateTrainer = async (config, backend, hooks) => {
    hooks.onProgress('Compiling the fake', 0.5);
    await this.before('create', null as unknown as TrainerLike);
    return this.#trainer(config, backend);
  };

  #trainer(config: RunConfig, backend: Backend): TrainerLike {
    let step = 0;
    let theta = config.seed;
    let undrained: StepMetrics[] = [];
    let destroyed = false;
    this.live++;
    const call = async (name: string): Promise<void> => {
      if (destroyed) throw new Error(`${name} on a destroyed trainer`);
      this.calls.push(name);
      await this.before(name, trainer);
    };
    const metrics = (): StepMetrics => {
      const rest = {
        success: 0,
        reward: 0,
        length: 1,
        gradPolicy: 1,
        gradBackward: 1,
        gradLogZ: 1,
        states: 1,
        executed: 1,
      };
      return { step, loss: theta, logZ: -theta, ...rest };
    };
    const evaluation = (tasks: number): Evaluation => ({
      step,
      suite: 'fake',
      split: 'train',
      tasks,
      success: theta,
      targetSuccess: 1,
      attainable: 1,
      pass3: theta,
      pass5: theta,
      reward: theta,
      collapse: null,
      l1: 0,
      jsd: 0,
      logZError: null,
      slope: null,
      modes: 0,
      modesOfTarget: 0,
      entropy: 0,
      entropyOfTarget: 0,
      creditSpearman: null,
      credits: [],
      executorCalls: step,
    });
    const trainer: TrainerLike = {
      tasks: [{ suite: 'fake', split: 'train', index: 0, text: 'count' }],
      parameters: 1,
      references: [],
      library: EMPTY_LIBRARY,
      events: [],
      evolving: false,
      get step() {
        return step;
      },
      failed: backend.failed,
      train: async (steps) => {
        for (let i = 0; i < steps; i++) {
          await call('train');
          step++;
          // A full-period generator modulo 2^16: equal only if every step before was equal.
          theta = (theta * 25173 + 13849) % 65536;
          undrained.push(metrics());
        }
      },
      drain: async () => {
        await call('drain');
        const drained = undrained;
        undrained = [];
        return drained;
      },
      evaluate: async ({ all, signal, onProgress }) => {
        await call(all ? 'evaluate all' : 'evaluate');
        onProgress(0, 2);
        await this.evaluating(signal);
        signal.throwIfAborted();
        onProgress(2, 2);
        return [evaluation(all ? 99 : config.evaluation.tasks)];
      },
      inspect: async (split, index) => {
        await call('inspect');
        return { suite: 'fake', split, index, step, ...this.inspected } as TaskView;
      },
      credit: async (split, index) => {
        await call('credit');
        return { suite: 'fake', split, index, step, text: '', trajectories: [] };
      },
      save: async () => {
        await call('save');
        return { tensors: { theta: Float32Array.of(theta) }, metadata: { step: String(step) } };
      },
      restore: async (snapshot) => {
        await call('restore');
        const tensor = snapshot.tensors.theta;
        if (tensor?.length !== 1) throw new BadCheckpoint('tensor "theta"', 'has not the shape [1]');
        theta = tensor[0];
        step = Number(snapshot.metadata.step);
        undrained = [];
      },
      destroy: () => {
        if (!destroyed) this.live--;
        destroyed = true;
      },
    };
    return trainer;
  }
}

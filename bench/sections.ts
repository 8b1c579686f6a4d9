/** What `npm run bench` measures, on a page or in Node. Peers are loaded only by the measurements that need them. */
import householdPreset from '../configs/household.json' with { type: 'json' };
import hypergridPreset from '../configs/hypergrid-8x8.json' with { type: 'json' };
import treePreset from '../configs/tree-merges.json' with { type: 'json' };
import type { Backend } from '../src/gpu/backend.ts';
import { createCpuBackend } from '../src/gpu/cpuBackend.ts';
import type { Acquired } from '../src/gpu/device.ts';
import { createWebgpuBackend } from '../src/gpu/webgpuBackend.ts';
import type { ConfigInput } from '../src/training/config.ts';
import { cpuLearning } from './cpu.ts';
import type { DenseEngine } from './dense/engine.ts';
import { ourEngine } from './dense/ours.ts';
import { denseProblem, productFlops } from './dense/problem.ts';
import { race } from './dense/race.ts';
import type { ProductResult } from './matmul/compare.ts';
import { timeObjectives } from './objectives.ts';
import type { BenchPage, DeviceResult, ObjectiveResult, ProfileResult } from './protocol.ts';
import type { StepResult } from './ragged.ts';
import { profileStep, timeSteps } from './ragged.ts';

const hypergrid = hypergridPreset as ConfigInput;

/** Of household a few tasks are enough: a step takes eight, whatever the number it draws them from. */
const household: ConfigInput = {
  ...(householdPreset as ConfigInput),
  suites: [{ name: 'household', train: 8 }],
};
const presets: readonly (readonly [name: string, config: ConfigInput])[] = [
  ['hypergrid-8x8', hypergrid],
  ['tree-merges', treePreset as ConfigInput],
  ['household, 8 tasks', household],
];

function withHeight(height: number): ConfigInput {
  const settings = { dimensions: 2, height, R0: 0.1, R1: 0.5, R2: 2 };
  return { ...hypergrid, suites: [{ name: 'hypergrid', settings, train: 1 }] };
}

/** Where the bench runs. */
export interface Place {
  acquire(): Promise<Acquired>;
  readonly about: Pick<DeviceResult, 'browser' | 'processors' | 'crossOriginIsolated'>;
  progress(text: string): void;
}

export function sectionsIn(place: Place): BenchPage {
  const { progress } = place;

  /** Runs `work` on a device of its own. @throws the device's first error, where there was one */
  async function onDevice<T>(work: (backend: Backend) => Promise<T>): Promise<T> {
    const acquired = await place.acquire();
    if (!acquired.ok) throw new Error(acquired.reason);
    const backend = createWebgpuBackend(acquired.device, {
      adapter: acquired.adapterInfo,
      software: acquired.software,
    });
    try {
      return await Promise.race([work(backend), backend.failed]);
    } finally {
      backend.destroy();
    }
  }

  return {
    async device() {
      const acquired = await place.acquire();
      if (!acquired.ok) throw new Error(acquired.reason);
      const { device, adapterInfo, software } = acquired;
      const timestamps = device.features.has('timestamp-query');
      device.destroy();
      return { adapter: adapterInfo, software, timestamps, ...place.about };
    },

    dense: ({ sizes, objective, race: options, wasm }) =>
      onDevice(async (backend) => {
        const problem = denseProblem(sizes, objective);
        const ours = await ourEngine(backend, problem);
        const engines: DenseEngine[] = [ours];
        const missing: { name: string; reason: string }[] = [];
        const add = async (name: string, make: () => Promise<DenseEngine>) => {
          progress(`${name}: making`);
          try {
            engines.push(await make());
          } catch (error) {
            missing.push({ name, reason: error instanceof Error ? error.message : String(error) });
          }
        };
        await add('jax-js (webgpu)', async () => (await import('./dense/jax.ts')).jaxEngine('webgpu', problem));
        await add('TensorFlow.js (webgpu)', async () =>
          (await import('./dense/tfjs.ts')).tfjsEngine('webgpu', problem),
        );
        if (wasm) {
          await add('jax-js (wasm)', async () => (await import('./dense/jax.ts')).jaxEngine('wasm', problem));
          await add('TensorFlow.js (wasm)', async () => (await import('./dense/tfjs.ts')).tfjsEngine('wasm', problem));
          await add('SkillFlow Lab (cpu)', () => ourEngine(createCpuBackend(), problem));
        }
        const results = await race(engines, options, progress);
        const times = await backend.profile(ours.program);
        const kernels = times && [...times].sort((a, b) => b.milliseconds - a.milliseconds);
        return { sizes, objective, race: options, flops: productFlops(problem), engines: results, missing, kernels };
      }),

    async steps({ quick }) {
      const results: StepResult[] = [];
      for (const [name, config] of quick ? presets.slice(0, 1) : presets) {
        progress(`ragged step: ${name}`);
        results.push(
          await onDevice((backend) => timeSteps(name, config, backend, { rounds: 3, budget: quick ? 2000 : 6000 })),
        );
      }
      return results;
    },

    async objectives({ quick }) {
      const results: ObjectiveResult[] = [];
      for (const [name, config] of quick ? presets.slice(1, 2) : [presets[0], presets[2]]) {
        progress(`objectives: ${name}`);
        const options = quick ? { rounds: 5, steps: 3 } : { rounds: 5, steps: 10 };
        results.push(...(await onDevice((backend) => timeObjectives(name, config, backend, options))));
      }
      return results;
    },

    async profiles({ quick }) {
      const results: ProfileResult[] = [];
      for (const [name, config] of quick ? presets.slice(0, 1) : presets) {
        progress(`time per kernel: ${name}`);
        results.push({ name, kernels: await onDevice((backend) => profileStep(config, backend)) });
      }
      return results;
    },

    products: ({ shapes, rounds, repeats }) =>
      onDevice(async (backend) => {
        const { compareProducts } = await import('./matmul/compare.ts');
        const results: ProductResult[] = [];
        for (const shape of shapes) {
          results.push(...(await compareProducts(backend, shape, { rounds, repeats }, progress)));
        }
        return results;
      }),

    async growth({ quick }) {
      const { rollout } = hypergrid;
      const walks = (count: number): ConfigInput => ({
        ...hypergrid,
        rollout: { ...rollout, trajectoriesPerTask: count },
      });
      const width = (count: number): ConfigInput => ({ ...hypergrid, supervisor: { width: count } });
      const grown: readonly (readonly [name: string, config: ConfigInput])[] = [
        ...(quick ? [8, 32] : [8, 32, 128]).map((n) => [`${n} walks`, walks(n)] as const),
        ...(quick ? [16, 64] : [16, 32, 64, 128]).map((n) => [`width ${n}`, width(n)] as const),
        ...(quick ? [4, 8] : [4, 8, 16, 32]).map((n) => [`grid ${n} x ${n}`, withHeight(n)] as const),
      ];
      const results: StepResult[] = [];
      for (const [name, config] of grown) {
        progress(`growth: ${name}`);
        results.push(await onDevice((backend) => timeSteps(name, config, backend, { rounds: 3, budget: 2000 })));
      }
      return results;
    },

    cpu: ({ limit }) => cpuLearning({ limit, every: 25 }, progress),
  };
}

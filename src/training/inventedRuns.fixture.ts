/**
 * Invented records of runs: `run.json` files of three objectives and any number of seeds. No run is behind their
 * figures; they have the shape of ones. No import that needs a bundler, so that the journeys can use them too.
 */
import type { Evaluation, ReferenceMeasures } from './records.ts';

export interface InventedRun {
  readonly kind: string;
  readonly seed: number;
  readonly steps?: number;
  readonly lr?: number;
  readonly collapse?: number | null;
}

/** How fast each objective gets near the target, and how near. */
const PACE: Readonly<Record<string, readonly [speed: number, end: number]>> = {
  ttb: [3.2, 0.95],
  tb: [2.2, 0.9],
  grpo: [4, 0.45],
};

/** A record as it stands in a file: its config as a person writes it. */
export function inventedRecord({ kind, seed, steps = 200, lr, collapse = 0.1 }: InventedRun): Record<string, unknown> {
  const [speed, end] = PACE[kind] ?? [2, 0.7];
  const wobble = (at: number): number => 0.09 * Math.sin(12.9 * seed + 7.3 * at + kind.length);
  const learnedAt = (step: number): number => end * (1 - Math.exp((-speed * step) / steps)) + wobble(step / steps);
  const every = steps / 8;
  return {
    version: 1,
    config: {
      version: 1,
      seed,
      steps,
      evaluation: { every },
      suites: [{ name: 'diamond', train: 1, heldOut: 1 }],
      objective: { kind },
      ...(lr === undefined ? {} : { optimiser: { lr } }),
    },
    device: { backend: 'cpu', adapter: 'CPU (TypeScript)', software: false },
    steps: Array.from({ length: steps }, (_, i) => ({
      step: i + 1,
      loss: 4 * Math.exp((-speed * i) / steps) * (1 + 4 * wobble(i)) + 0.01,
      logZ: 1,
      success: 0.5,
      reward: 1,
      length: 3,
      gradPolicy: 1,
      gradBackward: 1,
      gradLogZ: 1,
      states: 6,
      executed: 48,
    })),
    evaluations: Array.from({ length: 9 }, (_, i) => i * every).flatMap((step) =>
      (['train', 'heldOut'] as const).map((split): Evaluation => {
        const learned = Math.min(1, Math.max(0, learnedAt(step) - (split === 'heldOut' ? 0.02 : 0)));
        return {
          step,
          suite: 'diamond',
          split,
          tasks: 1,
          success: 0.2 + 0.5 * learned,
          pass3: 0.5 + 0.4 * learned,
          pass5: 0.7 + 0.29 * learned,
          targetSuccess: 0.7,
          attainable: 1,
          reward: 0.5 + 0.5 * learned,
          l1: 1.2 * (1 - learned),
          jsd: 0.3 * (1 - learned),
          logZError: kind === 'grpo' ? null : 2 * (1 - learned),
          slope: learned,
          modes: kind === 'grpo' ? 1 + learned : 1 + 2 * learned,
          modesOfTarget: 3,
          entropy: kind === 'grpo' ? 1.4 - learned : 1 + 0.3 * learned,
          entropyOfTarget: 1.3,
          collapse,
          creditSpearman: learned,
          credits: [],
          executorCalls: 48 * step,
        };
      }),
    ),
    references: (['train', 'heldOut'] as const).flatMap((split) => REFERENCES.map((row) => ({ ...row, split }))),
    timing: {
      startedAt: `2026-01-01T10:${String(seed % 60).padStart(2, '0')}:00.000Z`,
      seconds: 4,
      stepsPerSecond: 50,
    },
    stopped: 'finished',
  };
}

const SHARED = { suite: 'diamond', tasks: 1, jsd: 0.2, modesOfTarget: 3 } as const;
const REFERENCES: readonly Omit<ReferenceMeasures, 'split'>[] = [
  {
    ...SHARED,
    policy: 'random',
    success: 0.2,
    pass3: 0.5,
    pass5: 0.7,
    reward: 0.5,
    l1: 1.2,
    modes: 1,
    entropy: 1,
    collapse: 0.3,
  },
  {
    ...SHARED,
    policy: 'greedy',
    success: 1,
    pass3: 1,
    pass5: 1,
    reward: 1,
    l1: 1.4,
    modes: 1,
    entropy: 0,
    collapse: 0.67,
  },
  {
    ...SHARED,
    policy: 'optimal',
    success: 0.7,
    pass3: 0.97,
    pass5: 0.99,
    reward: 0.8,
    l1: 0,
    modes: 3,
    entropy: 1.3,
    collapse: 0,
  },
];

/** Three objectives, `seeds` runs of each. */
export function inventedRuns(seeds: number): Record<string, unknown>[] {
  return ['ttb', 'tb', 'grpo'].flatMap((kind) =>
    Array.from({ length: seeds }, (_, seed) => inventedRecord({ kind, seed })),
  );
}

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BadCheckpoint } from './badCheckpoint.ts';
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts';
import type { Evaluation, StepMetrics } from './records.ts';
import { resolveConfig } from './resolve.ts';
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from './safetensors.ts';

const config = resolveConfig({ version: 1, suites: [{ name: 'diamond' }], optimiser: { lr: 0.01 } });

const metricsOf = (step: number, value: number): StepMetrics => ({
  step,
  loss: value,
  logZ: -value,
  success: 0.5,
  reward: value / 3,
  length: 2.25,
  gradPolicy: 1e-30,
  gradBackward: 0,
  gradLogZ: 7,
  states: 4,
  executed: 12,
});

const evaluation: Evaluation = {
  step: 0,
  suite: 'diamond',
  split: 'train',
  tasks: 1,
  success: 0.1,
  targetSuccess: 0.9,
  attainable: 1,
  pass3: 0.2,
  pass5: 0.3,
  reward: 0.15,
  collapse: null,
  l1: 0.123456789012345,
  jsd: 0.2,
  logZError: null,
  slope: null,
  modes: 1,
  modesOfTarget: 2,
  entropy: 0.3,
  entropyOfTarget: 0.4,
  creditSpearman: null,
  credits: [{ credit: 'flow', against: 'advantage', spearman: 0.25, hitAtOne: null }],
  executorCalls: 12,
};

const checkpoint: Checkpoint = {
  config,
  step: 2,
  snapshot: {
    tensors: {
      'trunk.weight': Float32Array.of(1, 2.5, -0),
      moments: Float32Array.of(1e-38),
      counter: Uint32Array.of(7),
    },
    metadata: { seed: '0', schedule: '{"step":2}' },
  },
  steps: [metricsOf(1, 0.1), metricsOf(2, 1 / 3)],
  evaluations: [evaluation],
  timing: { startedAt: '2025-01-01T00:00:00.000Z', seconds: 1.5, trainingSeconds: 1.25 },
};

/** The bytes of `checkpoint` with something in its file changed, under the checksum it had. */
function altered(change: (tensors: Map<string, StoredTensor>, metadata: Map<string, string>) => void): Uint8Array {
  const file = decodeSafetensors(encodeCheckpoint(checkpoint));
  const tensors = new Map(file.tensors);
  const metadata = new Map(file.metadata);
  change(tensors, metadata);
  return encodeSafetensors({ tensors, metadata });
}

describe('a checkpoint', () => {
  test('comes back as it was put away', () => {
    expect(decodeCheckpoint(encodeCheckpoint(checkpoint))).toEqual(checkpoint);
  });

  test('keeps every metric bit for bit', () => {
    fc.assert(
      fc.property(fc.array(fc.double()), (values) => {
        const steps = values.map((value, i) => metricsOf(i + 1, value));
        const decoded = decodeCheckpoint(encodeCheckpoint({ ...checkpoint, step: steps.length, steps }));
        expect(decoded.steps).toEqual(steps);
      }),
    );
  });

  test('with any one byte of it changed is refused, or reads as it was', () => {
    const bytes = encodeCheckpoint(checkpoint);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (place, change) => {
        const damaged = bytes.slice();
        damaged[place] ^= change;
        // White space and the writing of a header are no part of what it says.
        try {
          expect(decodeCheckpoint(damaged)).toEqual(checkpoint);
        } catch (error) {
          if (!(error instanceof BadCheckpoint)) throw error;
        }
      }),
      { numRuns: 500 },
    );
  });

  test('is refused with a parameter, its history or its step changed', () => {
    const changes = [
      altered((tensors) => tensors.set('counter', { shape: [1], data: Uint32Array.of(8) })),
      altered((tensors) => tensors.delete('moments')),
      altered((tensors) => tensors.set('history/loss', { shape: [2], data: Float64Array.of(0, 0) })),
      altered((_, metadata) => metadata.set('step', '3')),
    ];
    for (const bytes of changes) expect(() => decodeCheckpoint(bytes)).toThrow(/checksum/);
  });

  test('is refused if it is a tensor file of something else, or of another version', () => {
    const other = encodeSafetensors({ tensors: new Map(), metadata: new Map([['format', 'pt']]) });
    expect(() => decodeCheckpoint(other)).toThrow(/"format".*"pt"/);
    const later = altered((_, metadata) => metadata.set('version', '9'));
    expect(() => decodeCheckpoint(later)).toThrow(/"version".*"9"/);
  });

  test('is refused if the history does not reach to its step', () => {
    const bytes = encodeCheckpoint({ ...checkpoint, step: 5 });
    expect(() => decodeCheckpoint(bytes)).toThrow(/"step".*is 5.*2 steps/);
  });

  test('is refused, with the field, if its config is none or is not resolved', () => {
    const broken = { ...config, seed: -1 };
    expect(() => decodeCheckpoint(encodeCheckpoint({ ...checkpoint, config: broken }))).toThrow(/config\.seed/);
    for (const [section, field] of [
      ['objective', 'beta'],
      ['optimiser', 'lrFlow'],
      ['rollout', 'epsilon'],
    ] as const) {
      const open = { ...config, [section]: { ...config[section], [field]: undefined } };
      expect(() => decodeCheckpoint(encodeCheckpoint({ ...checkpoint, config: open }))).toThrow(/not resolved/);
    }
  });

  test('tells what to do', () => {
    expect(() => decodeCheckpoint(new Uint8Array(3))).toThrow(
      expect.objectContaining({ name: 'BadCheckpoint', hint: expect.stringContaining('step 0') }),
    );
  });
});

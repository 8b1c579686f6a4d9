/** Runs without a browser, on the CPU. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { resolveConfig } from '../../src/training/resolve.ts';
import { runInNode } from './nodeRun.ts';

const folder = mkdtempSync(join(tmpdir(), 'skillflow-node-run-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const config = resolveConfig({
  version: 1,
  device: 'cpu',
  steps: 12,
  evaluation: { every: 6 },
  suites: [{ name: 'tree', settings: { depth: 2, branching: 2 }, train: 2 }],
  encoder: { dimensions: 32 },
  supervisor: { width: 16 },
  rollout: { tasksPerStep: 2, trajectoriesPerTask: 4 },
});
const never = new AbortController().signal;

describe('a run in Node', () => {
  test('ends with the record of a finished run', async () => {
    const steps: number[] = [];
    const record = await runInNode({ config, signal: never, onStep: ({ step }) => steps.push(step) });
    expect(record.stopped).toBe('finished');
    expect(record.device).toEqual({ backend: 'cpu', adapter: 'CPU (TypeScript)', software: false });
    expect(steps).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
    expect(record.evaluations.map(({ step }) => step)).toEqual([0, 6, 12]);
  });

  test('that is cancelled and resumed has the steps and evaluations of one that was not', async () => {
    const whole = await runInNode({ config, signal: never });
    const checkpoints = join(folder, 'checkpoints');
    const cancel = new AbortController();
    const onStep = ({ step }: { step: number }): void => {
      if (step >= 6) cancel.abort();
    };
    const parted = await runInNode({ config, signal: cancel.signal, folder: checkpoints, onStep });
    expect(parted.stopped).toBe('cancelled');
    expect(parted.steps.length).toBeLessThan(12);
    expect(readdirSync(checkpoints)).toHaveLength(1);
    const resumed = await runInNode({ config, signal: never, folder: checkpoints, resume: true });
    expect(resumed.stopped).toBe('finished');
    expect(resumed.steps).toEqual(whole.steps);
    expect(resumed.evaluations).toEqual(whole.evaluations);
  });

  test('that is cancelled before its first step throws, and leaves nothing', async () => {
    const checkpoints = join(folder, 'none');
    await expect(runInNode({ config, signal: AbortSignal.abort(), folder: checkpoints })).rejects.toThrow(/given up/);
    expect(existsSync(checkpoints)).toBe(false);
  });
});

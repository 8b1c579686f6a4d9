import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { RunRecord } from '../src/training/records.ts';

const root = join(import.meta.dirname, '..');
let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'skillflow-e2e-'));
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

const DIAMOND = ['run', join(root, 'configs/diamond.json'), '--device', 'cpu', '--set', 'evaluation.every=20'];

/** Runs the command. @param interruptAt a text of standard error at which Ctrl-C is pressed */
function lab(args: readonly string[], interruptAt?: RegExp): Promise<{ status: number | null; stderr: string }> {
  const child = spawn(process.execPath, [join(root, 'scripts/lab.mjs'), ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  let interrupted = false;
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    if (interrupted || interruptAt === undefined || !interruptAt.test(stderr)) return;
    interrupted = true;
    child.kill('SIGINT');
  });
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, stderr })));
}

function read(path: string): RunRecord {
  const record: RunRecord = JSON.parse(readFileSync(path, 'utf8'));
  return record;
}

test('a run from the command line leaves a finished record, and the same one again', async () => {
  const records: RunRecord[] = [];
  for (const name of ['first.json', 'second.json']) {
    const out = join(folder, name);
    const { status, stderr } = await lab([...DIAMOND, '--out', out, '--set', 'steps=40']);
    expect(status, stderr).toBe(0);
    expect(existsSync(`${out}.partial`) || existsSync(`${out}.browser.partial`)).toBe(false);
    records.push(read(out));
  }
  const [first, second] = records;
  expect(first.stopped).toBe('finished');
  expect(first.device).toMatchObject({ backend: 'cpu', software: false });
  expect(first.config).toMatchObject({ device: 'cpu', steps: 40, objective: { beta: 1, eps: 0 } });
  expect(first.steps.map(({ step }) => step)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
  expect(first.evaluations.at(-1)).toMatchObject({ step: 40, suite: 'diamond', split: 'train', tasks: 1 });
  expect(second.steps).toEqual(first.steps);
  expect(second.evaluations).toEqual(first.evaluations);
});

test('Ctrl-C leaves a partial record and 130, and --resume ends where an uninterrupted run does', async () => {
  test.setTimeout(120_000);
  const steps = ['--set', 'steps=400'];
  const whole = join(folder, 'whole.json');
  const broken = join(folder, 'broken.json');
  expect((await lab([...DIAMOND, ...steps, '--out', whole])).status).toBe(0);

  const cancelled = await lab([...DIAMOND, ...steps, '--out', broken], /step \d+\/400/);
  expect(cancelled.status, cancelled.stderr).toBe(130);
  expect(existsSync(broken)).toBe(false);
  const partial = read(`${broken}.partial`);
  expect(partial.stopped).toBe('cancelled');
  expect(partial.steps.length).toBeLessThan(400);

  const resumed = await lab([...DIAMOND, ...steps, '--out', broken, '--resume']);
  expect(resumed.status, resumed.stderr).toBe(0);
  const firstReported = Number(/step (\d+)\/400/.exec(resumed.stderr)?.[1]);
  expect(firstReported, 'it went on and did not start again').toBe(partial.steps.length + 1);
  expect(read(broken).steps).toEqual(read(whole).steps);
  expect(read(broken).evaluations).toEqual(read(whole).evaluations);
});

test('a config that the run refuses ends with 2 and leaves nothing', async () => {
  const out = join(folder, 'none.json');
  const { status, stderr } = await lab([...DIAMOND, '--out', out, '--set', 'supervisor.heads=5']);
  expect(status).toBe(2);
  expect(stderr).toContain('supervisor.heads');
  expect(existsSync(out) || existsSync(`${out}.partial`) || existsSync(`${out}.browser.partial`)).toBe(false);
});

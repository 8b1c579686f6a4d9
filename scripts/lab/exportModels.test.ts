/** A run, its checkpoint and its export as the command line makes them, and the twenty lines of docs/deploy.md on it. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { hashedEncoder } from '../../src/encoder/hashedEncoder.ts';
import { openOnnxRuntime } from '../../src/encoder/onnxRuntime.ts';
import { policyFeeds } from '../../src/supervisor/onnx/feeds.ts';
import { decodeCheckpoint } from '../../src/training/checkpoint.ts';
import { runtimeWasm } from './exportModels.ts';
import { main } from './main.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'skillflow-export-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (...parts: string[]): string => join(folder, ...parts);

const said: string[] = [];
beforeEach(() => {
  said.length = 0;
  vi.restoreAllMocks();
  for (const method of ['log', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation((...words) => void said.push(words.join(' ')));
  }
});

const config = {
  version: 1,
  device: 'cpu',
  steps: 6,
  suites: [{ name: 'two-hop-qa', settings: { steps: 4, countries: 12 }, train: 3 }],
  encoder: { dimensions: 256 },
  supervisor: { width: 16, heads: 2 },
  objective: { kind: 'tb' },
  rollout: { tasksPerStep: 2, trajectoriesPerTask: 4 },
};

beforeAll(async () => {
  vi.spyOn(console, 'log').mockImplementation(() => {});
  writeFileSync(at('config.json'), JSON.stringify(config));
  const run = [
    'run',
    at('config.json'),
    '--out',
    at('run.json'),
    '--on',
    'node',
    '--checkpoint',
    at('run.safetensors'),
  ];
  expect(await main(run)).toBe(0);
  expect(await main(['export', at('run.safetensors'), '--out', at('deployed')])).toBe(0);
}, 60_000);

describe('npm run lab -- run --checkpoint', () => {
  test('keeps the last checkpoint of a finished run beside its record', () => {
    const { step, steps } = decodeCheckpoint(new Uint8Array(readFileSync(at('run.safetensors'))));
    expect([step, steps.length]).toEqual([6, 6]);
    expect(JSON.parse(readFileSync(at('run.json'), 'utf8')).stopped).toBe('finished');
  });
});

describe('npm run lab -- export', { timeout: 60_000 }, () => {
  test('writes the models, what is known of them and the module that feeds them, and prints how far off they are', async () => {
    expect(await main(['export', at('run.safetensors'), '--out', at('again')])).toBe(0);
    const names = ['backward.onnx', 'policy.onnx', 'supervisor.js', 'supervisor.json'];
    expect(readdirSync(at('again')).sort()).toEqual(names);
    for (const name of names) expect(readFileSync(at('again', name))).toEqual(readFileSync(at('deployed', name)));
    const { check } = JSON.parse(readFileSync(at('again', 'supervisor.json'), 'utf8'));
    expect(check.states).toBeGreaterThan(100);
    expect(said.join('\n')).toContain(`verified on ${check.states} states of 3 tasks by onnxruntime-web`);
    expect(said.join('\n')).toContain(`log P_F ${check.largest.logPF.toExponential(1)}`);
  });

  test.each([
    ['missing.safetensors', 'is not there'],
    ['.', 'is a folder'],
    ['run.json', 'a record holds no weights'],
    ['damaged.safetensors', 'Use a whole checkpoint file'],
  ])('ends with 2, what to do and no file for %s', async (path, words) => {
    const whole = readFileSync(at('run.safetensors'));
    writeFileSync(at('damaged.safetensors'), whole.subarray(0, whole.length - 8));
    expect(await main(['export', at(path), '--out', at('none')])).toBe(2);
    expect(said.join('\n')).toContain(words);
    expect(existsSync(at('none'))).toBe(false);
  });
});

describe('docs/deploy.md', () => {
  const page = readFileSync(join(root, 'docs/deploy.md'), 'utf8');
  const code = /```js\n([\s\S]*?)```/.exec(page)?.[1] ?? '';

  test('needs twenty lines', () => {
    const lines = code.split('\n').filter((line) => line.trim() !== '');
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.length).toBeLessThanOrEqual(20);
  });

  test('has lines that choose what the exported policy says is likeliest', async () => {
    writeFileSync(at('deployed', 'use.mjs'), code);
    symlinkSync(join(root, 'node_modules'), at('deployed', 'node_modules'), 'dir');
    const { stdout, stderr } = spawnSync(process.execPath, ['use.mjs'], { cwd: at('deployed'), encoding: 'utf8' });
    // The engine's own code stands in what it throws, on one line.
    expect(stderr.slice(-500)).toBe('');
    // The state that stands in the page, by the lab's own code.
    const texts = ['search Eritrean nakfa', 'follow currency of Angola', 'answer Luanda'];
    for (const text of texts) expect(code).toContain(text);
    const state = {
      task: 'What is the capital of the country whose currency is Eritrean nakfa?',
      items: ['capital of Djibouti: Djibouti', 'capital of Angola: Luanda'],
      step: 0.4,
    };
    const actions = texts.map((text, i) => ({ text, kind: i === 2 ? 'accept' : 'act' }) as const);
    const runtime = await openOnnxRuntime(runtimeWasm());
    const model = await runtime.load(readFileSync(at('deployed', 'policy.onnx')));
    const { logPF: output } = await model.run(policyFeeds(hashedEncoder(256), state, actions));
    const logPF = [...output.data];
    const best = logPF.indexOf(Math.max(...logPF));
    const [, chosen, probability] = /^(.*) ([\d.e-]+)\n$/.exec(stdout) ?? [];
    expect(chosen).toBe(texts[best]);
    expect(Number(probability)).toBeCloseTo(Math.exp(logPF[best]), 6);
  });
});

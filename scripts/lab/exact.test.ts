import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { ExactRecord } from '../../src/training/records.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'skillflow-exact-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function lab(...args: string[]) {
  const script = join(root, 'scripts/lab.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

function exact(config: string, ...more: string[]): ExactRecord {
  const out = join(folder, 'exact.json');
  const { status, stderr } = lab('exact', join(root, 'configs', config), '--out', out, ...more);
  expect(status, stderr).toBe(0);
  expect(existsSync(`${out}.partial`)).toBe(false);
  const record: ExactRecord = JSON.parse(readFileSync(out, 'utf8'));
  return record;
}

describe('npm run lab -- exact', () => {
  test('solves the diamond: rewards 1 and 2, so Z = 3, of which the good answer has two thirds', () => {
    const { tasks } = exact('diamond.json');
    expect(tasks).toHaveLength(1);
    expect(tasks[0]).toMatchObject({ suite: 'diamond', split: 'train', states: 4, outcomes: 2, isTree: false });
    expect(tasks[0].logZ).toBeCloseTo(Math.log(3), 12);
    expect(tasks[0].targetSuccess).toBeCloseTo(2 / 3, 12);
    expect(tasks[0].top.map(({ reward }) => reward)).toEqual([2, 1]);
  });

  test('solves the 8x8 grid: 64 cells with R0, 16 with R1 and 4 with R2 on top', () => {
    const { tasks, config } = exact('hypergrid-8x8-tb.json', '--set', 'seed=3');
    // |2x - 7| / 14 is above 1/4 for x in {0, 1, 6, 7}, and between 0.3 and 0.4 for x in {1, 6}.
    const Z = 64 * 0.1 + 16 * 0.5 + 4 * 2;
    expect(config.seed).toBe(3);
    expect(tasks[0]).toMatchObject({ states: 64, edges: 2 * 8 * 7 + 64, outcomes: 64 });
    expect(tasks[0].logZ).toBeCloseTo(Math.log(Z), 12);
    expect(tasks[0].targetSuccess).toBeCloseTo((4 * 2.6) / Z, 12);
  });

  test('ends with 2, the path of the field, and no file where the config is bad', () => {
    const out = join(folder, 'none.json');
    const config = join(root, 'configs/diamond.json');
    const { status, stderr } = lab('exact', config, '--out', out, '--set', 'objective.kind=tbb');
    expect(status).toBe(2);
    expect(stderr).toContain(
      'objective.kind holds "tbb"; it may hold one of "ttb", "ttb-paper", "tb", "vargrad", "db", "subtb", "flowrl", "reinforce", "grpo", "ppo", "sft"',
    );
    expect(existsSync(out) || existsSync(`${out}.partial`)).toBe(false);
  });

  test('refuses a size before it enumerates, and a reward without a logarithm', () => {
    const grid = join(root, 'configs/hypergrid-8x8.json');
    const out = join(folder, 'none.json');
    expect(lab('exact', grid, '--out', out, '--set', 'suites[0].settings.height=5000').status).toBe(2);
    const { status, stderr } = lab('exact', grid, '--out', out, '--set', 'suites[0].settings.R0=0');
    expect(status).toBe(2);
    expect(stderr).toContain('hypergrid');
    expect(stderr).toContain('objective.eps');
  });

  test('ends with 2 where the file is missing or no JSON', () => {
    const broken = join(folder, 'broken.json');
    writeFileSync(broken, '{ "version": 1,');
    expect(lab('exact', join(folder, 'missing.json'), '--out', join(folder, 'none.json')).status).toBe(2);
    const { status, stderr } = lab('exact', broken, '--out', join(folder, 'none.json'));
    expect(status).toBe(2);
    expect(stderr).toContain(broken);
  });
});

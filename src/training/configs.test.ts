import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { configSchema } from './config.ts';
import { resolveConfig } from './resolve.ts';

const folder = join(import.meta.dirname, '../../configs');
const names = readdirSync(folder);
const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));

describe('the presets', () => {
  test('are ten or more JSON files and nothing else', () => {
    expect(names.length).toBeGreaterThanOrEqual(10);
    expect(names.filter((name) => !name.endsWith('.json'))).toEqual([]);
  });

  test.each(names)('%s is a config of version 1 that resolves', (name) => {
    expect(configSchema.parse(read(name)).version).toBe(1);
    const config = resolveConfig(read(name));
    expect(resolveConfig(config)).toEqual(config);
    expect(config.evaluation.every).toBeLessThanOrEqual(config.steps);
  });

  test('hypergrid-8x8-tb.json states every field', () => {
    expect(resolveConfig(read('hypergrid-8x8-tb.json'))).toEqual(read('hypergrid-8x8-tb.json'));
  });

  test('the two hard grids differ in their exploration and length alone', () => {
    const { rollout: a, steps: b, ...onPolicy } = resolveConfig(read('hypergrid-16x16-hard-on-policy.json'));
    const { rollout: c, steps: d, ...explore } = resolveConfig(read('hypergrid-16x16-hard-explore.json'));
    expect(explore).toEqual(onPolicy);
    expect([a.epsilon, a.temperature]).toEqual([0, 1]);
    expect(c.epsilon > 0 || c.temperature > 1).toBe(true);
    expect(d).toBeGreaterThanOrEqual(b);
  });

  test('the worded suites keep tasks for every split', () => {
    const worded = names.map((name) => name.replace('.json', '')).filter((name) => /household|qa|math/.test(name));
    expect(worded.length).toBeGreaterThanOrEqual(8);
    for (const name of worded) {
      for (const suite of resolveConfig(read(`${name}.json`)).suites) {
        expect(Math.min(suite.train, suite.validation, suite.heldOut), name).toBeGreaterThan(0);
      }
    }
  });
});

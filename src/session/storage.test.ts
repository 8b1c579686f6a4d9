import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, checkpointKey } from './storage.ts';
import { resolved } from './testing/fakeTrainer.ts';

const config = resolved({ version: 1, suites: [{ name: 'fake', settings: { a: 1, b: [1, 2] } }] });

test('the key of a config does not depend on the order of its fields', () => {
  const reversed = Object.fromEntries(Object.entries(config).reverse()) as typeof config;
  expect(checkpointKey(reversed)).toBe(checkpointKey(config));
  expect(checkpointKey(config)).toMatch(/^[0-9a-f]{16}$/);
});

test('every change of a config changes its key', () => {
  const changes = [
    { seed: 1 },
    { steps: 251 },
    { device: 'cpu' as const },
    { objective: { ...config.objective, beta: 2 } },
  ];
  const keys = [config, ...changes.map((change) => ({ ...config, ...change }))].map(checkpointKey);
  expect(new Set(keys).size).toBe(keys.length);
});

test('canonical JSON says the same as JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

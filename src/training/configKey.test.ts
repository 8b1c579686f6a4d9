import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, configKey } from './configKey.ts';
import { resolveConfig } from './resolve.ts';

const config = resolveConfig({ version: 1, suites: [{ name: 'tree', settings: { depth: 2, branching: 3 } }] });

test('the key of a config does not depend on the order of its fields', () => {
  const reversed = Object.fromEntries(Object.entries(config).reverse()) as typeof config;
  expect(configKey(reversed)).toBe(configKey(config));
  expect(configKey(config)).toMatch(/^[0-9a-f]{16}$/);
});

test('every change of a config changes its key', () => {
  const changes = [
    { seed: 1 },
    { steps: 251 },
    { device: 'cpu' as const },
    { objective: { ...config.objective, beta: 2 } },
  ];
  const keys = [config, ...changes.map((change) => ({ ...config, ...change }))].map(configKey);
  expect(new Set(keys).size).toBe(keys.length);
});

test('canonical JSON says the same as JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

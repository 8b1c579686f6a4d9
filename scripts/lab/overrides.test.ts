import { describe, expect, test } from 'vitest';
import { BadInput } from './badInput.ts';
import { applyOverrides } from './overrides.ts';

const set = (config: unknown, ...pairs: [path: string, value: string][]): unknown =>
  applyOverrides(
    config,
    pairs.map(([path, value]) => ({ path, value })),
  );

describe('--set', () => {
  test('replaces a field, reads JSON as JSON and all else as text', () => {
    const config = { seed: 0, device: 'auto', suites: [{ name: 'tree', settings: { depth: 3 } }] };
    expect(
      set(
        config,
        ['seed', '7'],
        ['device', 'cpu'],
        ['suites[0].settings.depth', '4'],
        ['suites[0].settings.solved', '0.5'],
      ),
    ).toEqual({ seed: 7, device: 'cpu', suites: [{ name: 'tree', settings: { depth: 4, solved: 0.5 } }] });
  });

  test('makes the objects and list entries on its way', () => {
    expect(set({}, ['objective.kind', 'tb'], ['suites[0].name', 'diamond'], ['suites[1].name', 'tree'])).toEqual({
      objective: { kind: 'tb' },
      suites: [{ name: 'diamond' }, { name: 'tree' }],
    });
  });

  test('lets the later of two win, and leaves the config that it was given', () => {
    const config = { steps: 1 };
    expect(set(config, ['steps', '2'], ['steps', '3'])).toEqual({ steps: 3 });
    expect(config).toEqual({ steps: 1 });
  });

  test.each(['', '.', 'a..b', 'a[x]', '[0]', 'a.', 'a b'])('refuses what is no path: "%s"', (path) => {
    expect(() => set({}, [path, '1'])).toThrow(BadInput);
  });

  test('refuses a path that does not fit the config', () => {
    const config = { seed: 0, suites: [{}] };
    for (const path of ['seed.value', 'seed[0]', 'suites.name', 'suites[2].name']) {
      expect(() => set(config, [path, '1']), path).toThrow(BadInput);
    }
  });

  test('cannot reach the prototype of an object', () => {
    const changed = set({}, ['__proto__.polluted', '1']);
    expect(Object.hasOwn(Object(changed), '__proto__')).toBe(true);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });
});

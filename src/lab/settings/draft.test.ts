import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  adviceOf,
  type Draft,
  differences,
  draftOf,
  type Json,
  leaves,
  parseDraft,
  valueAt,
  withValue,
} from './draft.ts';
import { isOfAnother } from './ExecutorFields.tsx';

const GRID: Draft = { version: 1, suites: [{ name: 'hypergrid', settings: { height: 8 }, train: 1 }] };

describe('paths', () => {
  it('a value that is set is found under its path, and nothing else changes', () => {
    const taller = withValue(GRID, 'suites[0].settings.height', 16);
    expect(valueAt(taller, 'suites[0].settings.height')).toBe(16);
    expect([...differences(GRID, taller)]).toEqual([['suites[0].settings.height', 16]]);
    expect(valueAt(GRID, 'suites[0].settings.height')).toBe(8);
  });

  it('a field that is taken out leaves no empty object behind', () => {
    const wider = withValue(GRID, 'supervisor.width', 128);
    expect(withValue(wider, 'supervisor.width', undefined)).toEqual(GRID);
  });

  it('a suite that is taken out leaves the others in their order', () => {
    const two = withValue(GRID, 'suites[1]', { name: 'tree' });
    expect(withValue(two, 'suites[0]', undefined)).toEqual({ version: 1, suites: [{ name: 'tree' }] });
  });

  it('names of the prototype are no settings', () => {
    expect(valueAt(GRID, 'constructor.name')).toBeUndefined();
    const odd = withValue(GRID, '__proto__.polluted', 1);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect('errors' in parseDraft(odd)).toBe(true);
  });

  it('applying the differences of any two drafts to the first gives the leaves of the second', () => {
    const leaf: fc.Arbitrary<Json> = fc.oneof(fc.integer(), fc.boolean(), fc.string());
    const draft = fc.dictionary(fc.constantFrom('a', 'b'), fc.dictionary(fc.constantFrom('c', 'd'), leaf));
    fc.assert(
      fc.property(draft, draft, (from, to) => {
        let now: Draft = from;
        for (const [path, value] of differences(from, to)) now = withValue(now, path, value);
        expect(leaves(now)).toEqual(leaves(to));
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});

describe('parseDraft', () => {
  it('fills in the defaults of the config, the suite and the objective', () => {
    const parsed = parseDraft(GRID);
    if ('errors' in parsed) throw new Error('the draft is valid');
    const resolved = draftOf(parsed.resolved);
    // hypergrid's own defaults: beta 1, eps 0, R0 0.1
    expect(valueAt(resolved, 'objective.beta')).toBe(1);
    expect(valueAt(resolved, 'suites[0].settings.R0')).toBe(0.1);
  });

  it.each([
    ['supervisor.width', 'wide'],
    ['suites[0].settings.height', 1],
    ['suites[0].settings.unheardOf', 1],
    ['suites[0].name', 'nowhere'],
    ['objective.kind', 'dqn'],
  ])('names %s when it holds %j', (path, value) => {
    const parsed = parseDraft(withValue(GRID, path, value));
    expect('errors' in parsed && parsed.errors.map((error) => error.path)).toEqual([path]);
  });
});

describe('what is wrong', () => {
  it('is told beside the fields as what is to be done', () => {
    const live = { version: 1, suites: [{ name: 'two-hop-qa-live' }], executor: { kind: 'endpoint' } };
    const parsed = parseDraft(live);
    const errors = 'errors' in parsed ? parsed.errors : [];
    expect(errors.map(({ path }) => path)).toEqual(['executor.endpoint']);
    expect(adviceOf(errors[0])).toBe('Give the address and the model of the server.');
    expect(adviceOf(undefined)).toBeUndefined();
  });
});

describe('the fields of another kind of model than the one chosen', () => {
  it('are not shown, so no change of them is counted', () => {
    const endpoint = { executor: { kind: 'endpoint' } };
    expect(isOfAnother('executor.endpoint.baseURL', {})).toBe(true);
    expect(isOfAnother('executor.endpoint.baseURL', endpoint)).toBe(false);
    expect(isOfAnother('executor.webllm.model', endpoint)).toBe(true);
    expect(isOfAnother('executor.seed', endpoint)).toBe(false);
  });
});

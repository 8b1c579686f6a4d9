import { describe, expect, it } from 'vitest';
import { inventedRecord } from './inventedRuns.fixture.ts';
import { BadRecord, parseRecord } from './recordSchema.ts';
import { resolveConfig } from './resolve.ts';

const record = () => JSON.parse(JSON.stringify(inventedRecord({ kind: 'ttb', seed: 3, steps: 8 })));

describe('a record of unknown origin', () => {
  it('is read with its config resolved', () => {
    const read = parseRecord(record());
    expect(read.config).toEqual(resolveConfig(record().config));
    expect(read.steps).toHaveLength(8);
    expect(read.evaluations).toHaveLength(18);
  });

  it('reads what was no number back from the null that JSON makes of it', () => {
    const failed = { ...record(), stopped: { error: 'NonFinite: the loss is not a number' } };
    failed.steps[7].loss = null;
    expect(parseRecord(failed).steps[7].loss).toBeNaN();
  });

  it.each([
    [
      'a text for a number',
      (held: ReturnType<typeof record>) => (held.steps[2].loss = 'low'),
      'steps[2].loss holds "low"',
    ],
    ['a field too many', (held: ReturnType<typeof record>) => (held.evaluations[0].luck = 1), 'evaluations[0].luck'],
    [
      'a split that is none',
      (held: ReturnType<typeof record>) => (held.references[0].split = 'x'),
      'references[0].split holds "x"',
    ],
    [
      'a config that cannot be run',
      (held: ReturnType<typeof record>) => (held.config.seed = -1),
      'config.seed holds -1',
    ],
    ['an unknown version', (held: ReturnType<typeof record>) => (held.version = 2), 'version holds 2'],
    ['no steps', (held: ReturnType<typeof record>) => delete held.steps, 'steps holds nothing'],
  ])('with %s names the place', (_what, spoil, place) => {
    const held = record();
    spoil(held);
    expect(() => parseRecord(held)).toThrow(BadRecord);
    expect(() => parseRecord(held)).toThrow(place);
  });

  it.each([[null], [3], ['text'], [[]], [{}]])('%j is none', (value) => {
    expect(() => parseRecord(value)).toThrow(BadRecord);
  });
});

import { deleteDB } from 'idb';
import { afterEach, expect, it, vi } from 'vitest';
import { openExperimentStorage } from './experimentStorage.ts';

const NAME = 'experiments-of-a-test';

afterEach(async () => {
  vi.unstubAllGlobals();
  await deleteDB(NAME);
});

it('holds rows over a reload, each in its table under its key', async () => {
  const first = await openExperimentStorage(NAME);
  expect(first.kept).toBe(true);
  await first.put([
    { table: 'runs', key: 'a', value: { loss: Number.NaN } },
    { table: 'steps', key: 'a', value: [1, 2] },
    { table: 'runs', key: 'b', value: 'old' },
  ]);
  await first.put([{ table: 'runs', key: 'b', value: 'new' }]);
  const again = await openExperimentStorage(NAME);
  expect(await again.get('runs', 'a')).toEqual({ loss: Number.NaN });
  expect(await again.get('steps', 'a')).toEqual([1, 2]);
  expect(await again.get('variances', 'a')).toBeUndefined();
  expect(await again.all('runs')).toEqual([{ loss: Number.NaN }, 'new']);
  await again.delete(['runs', 'steps'], ['a']);
  expect([await first.get('runs', 'a'), await first.get('steps', 'a'), await first.get('runs', 'b')]).toEqual([
    undefined,
    undefined,
    'new',
  ]);
});

it('writes all of what belongs together, or nothing', async () => {
  const storage = await openExperimentStorage(NAME);
  const rows = [
    { table: 'runs', key: 'a', value: 1 },
    { table: 'steps', key: 'a', value: () => 'not to be stored' },
  ] as const;
  await expect(storage.put(rows)).rejects.toThrow(/clone/);
  expect(await storage.get('runs', 'a')).toBeUndefined();
});

it('says why nothing is kept where there is no database, and holds rows until the page is closed', async () => {
  vi.stubGlobal('indexedDB', undefined);
  const passing = await openExperimentStorage(NAME);
  expect(passing).toMatchObject({ kept: false, reason: expect.stringContaining('no database') });
  await passing.put([{ table: 'runs', key: 'a', value: 1 }]);
  expect([await passing.get('runs', 'a'), await passing.all('runs'), await passing.all('steps')]).toEqual([1, [1], []]);
  vi.stubGlobal('indexedDB', {
    open: () => {
      throw new DOMException('denied', 'SecurityError');
    },
  });
  expect(await openExperimentStorage(NAME)).toMatchObject({ kept: false, reason: expect.stringContaining('denied') });
});

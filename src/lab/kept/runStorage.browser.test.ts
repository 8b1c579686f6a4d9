import { deleteDB } from 'idb';
import { afterEach, expect, it, vi } from 'vitest';
import { inventedRecord } from '../../training/inventedRuns.fixture.ts';
import { parseRecord } from '../../training/recordSchema.ts';
import { keptRun, readStored } from './keptRun.ts';
import { openRunStorage } from './runStorage.ts';

const NAME = 'runs-of-a-test';
const run = (seed: number) =>
  keptRun(parseRecord(inventedRecord({ kind: 'ttb', seed, steps: 8 })), 'lab', '2026-01-01T00:00:00.000Z');

afterEach(async () => {
  vi.unstubAllGlobals();
  await deleteDB(NAME);
});

it('holds runs over a reload, each under its id', async () => {
  const first = await openRunStorage(NAME);
  await first.put(run(0));
  await first.put(run(1));
  await first.put({ ...run(1), name: 'other name' });
  const again = await openRunStorage(NAME);
  const rows = (await again.all()).map(readStored);
  expect(rows).toHaveLength(2);
  expect(rows).toContainEqual(run(0));
  expect(rows).toContainEqual({ ...run(1), name: 'other name' });
  await again.delete(run(0).id);
  expect(await first.all()).toHaveLength(1);
  await again.clear();
  expect(await first.all()).toEqual([]);
});

it('brings back a loss that is no number', async () => {
  const failed = run(0);
  const steps = failed.record.steps.map((row) => ({ ...row, loss: Number.NaN }));
  const storage = await openRunStorage(NAME);
  await storage.put({ ...failed, record: { ...failed.record, steps } });
  expect(readStored((await storage.all())[0])?.record.steps[0].loss).toBeNaN();
});

it('says why nothing is kept where there is no database, or none that opens', async () => {
  vi.stubGlobal('indexedDB', undefined);
  expect(await openRunStorage(NAME)).toMatchObject({ kept: false, reason: expect.stringContaining('no database') });
  vi.stubGlobal('indexedDB', {
    open: () => {
      throw new DOMException('denied', 'SecurityError');
    },
  });
  expect(await openRunStorage(NAME)).toMatchObject({ kept: false, reason: expect.stringContaining('denied') });
});

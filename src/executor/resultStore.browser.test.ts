/** Results in IndexedDB. */
import { expect, test } from 'vitest';
import type { StoredResult } from './resultStore.ts';
import { indexedResults } from './resultStore.ts';

const result = (letter: string, answer: string): StoredResult => ({
  key: letter.repeat(64),
  model: 'm',
  act: 'plan',
  task: 'the task',
  inputs: [],
  skill: null,
  prompt: [],
  answer,
  finish: 'stop',
  failure: null,
  promptTokens: 1,
  completionTokens: 1,
  milliseconds: 1,
  cost: 0,
});

const fresh = (): string => `results-${crypto.randomUUID()}`;

test('the first answer is kept, and whoever comes second is told it', async () => {
  const name = fresh();
  const [one, other] = [await indexedResults(name), await indexedResults(name)];
  expect(await one.put(result('a', 'first'))).toEqual(result('a', 'first'));
  expect(await other.put(result('a', 'second'))).toEqual(result('a', 'first'));
  expect(await one.of('m')).toEqual([result('a', 'first')]);
  await one.clear('another');
  expect(await other.of('m')).toHaveLength(1);
  await one.clear('m');
  expect(await other.of('m')).toEqual([]);
});

test('a database that is deleted elsewhere is let go, and what is asked next opens another', async () => {
  const name = fresh();
  const store = await indexedResults(name);
  await store.put(result('a', 'gone'));
  await new Promise<void>((resolve, reject) => {
    const deletion = indexedDB.deleteDatabase(name);
    deletion.onsuccess = () => resolve();
    deletion.onblocked = () => reject(new Error('An open connection stands in the way.'));
  });
  expect(await store.of('m')).toEqual([]);
  await store.put(result('b', 'new'));
  expect(await store.of('m')).toEqual([result('b', 'new')]);
});

test('a database of a newer form is left as it is, and that is told', async () => {
  const name = fresh();
  const store = await indexedResults(name);
  const newer = await new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open(name, 2);
    opening.onsuccess = () => resolve(opening.result);
    opening.onblocked = () => reject(new Error('An open connection stands in the way.'));
  });
  await expect(store.put(result('a', 'x'))).rejects.toMatchObject({ name: 'VersionError' });
  newer.close();
});

import { afterEach, describe, expect, test, vi } from 'vitest';
import { openOpfsStore } from './opfsStore.ts';
import type { CheckpointStore } from './storage.ts';

const FOLDER = 'checkpoints of the tests';
const bytes = (...values: number[]): Uint8Array<ArrayBuffer> => Uint8Array.from(values);
const many = (value: number): Uint8Array<ArrayBuffer> => new Uint8Array(100_000).fill(value);

const open = (): Promise<CheckpointStore> => openOpfsStore(FOLDER);

async function folderOf(key: string): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  return (await root.getDirectoryHandle(FOLDER)).getDirectoryHandle(key);
}

/** Puts other bytes where a slot is, as a kill, a bad disk or a stranger would. */
async function spoil(
  key: string,
  slot: 'a' | 'b',
  spoilt: (old: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>,
): Promise<void> {
  const handle = await (await folderOf(key)).getFileHandle(slot);
  const old = new Uint8Array(await (await handle.getFile()).arrayBuffer());
  const writable = await handle.createWritable();
  await writable.write(spoilt(old));
  await writable.close();
}

afterEach(async () => {
  vi.restoreAllMocks();
  const root = await navigator.storage.getDirectory();
  await root.removeEntry(FOLDER, { recursive: true }).catch(() => {});
});

describe('the private file system', () => {
  test('keeps what was written last, over visits', async () => {
    const store = await open();
    expect(store.kept).toBe(true);
    expect(await store.read('run')).toBeNull();
    for (let value = 1; value <= 5; value++) {
      await store.write('run', many(value));
      expect(await store.read('run')).toEqual(many(value));
    }
    expect(await (await open()).read('run')).toEqual(many(5));
  });

  test('keeps runs apart, lists them and deletes one', async () => {
    const store = await open();
    await store.write('second', bytes(1, 2, 3));
    await store.write('first', bytes(4));
    expect(await store.list()).toEqual([
      { key: 'first', bytes: 1 },
      { key: 'second', bytes: 3 },
    ]);
    await store.delete('second');
    await store.delete('unknown');
    expect(await store.read('second')).toBeNull();
    expect(await store.list()).toEqual([{ key: 'first', bytes: 1 }]);
  });

  test('keeps what came before a write that was cut off anywhere', async () => {
    const store = await open();
    await store.write('run', many(1));
    await store.write('run', many(2));
    for (const length of [0, 1, 15, 16, 17, 50_000]) {
      await spoil('run', 'b', (old) => old.slice(0, length));
      expect(await store.read('run')).toEqual(many(1));
    }
    await store.write('run', many(3));
    expect(await store.read('run')).toEqual(many(3));
  });

  test('keeps what came before a write that was damaged in one bit', async () => {
    const store = await open();
    await store.write('run', many(1));
    await store.write('run', many(2));
    await spoil('run', 'b', (old) => {
      old[5000] ^= 1;
      return old;
    });
    expect(await store.read('run')).toEqual(many(1));
  });

  test('leaves what was there where a write fails before it is closed', async () => {
    const store = await open();
    await store.write('run', many(1));
    vi.spyOn(FileSystemWritableFileStream.prototype, 'close').mockRejectedValue(
      new DOMException('killed', 'AbortError'),
    );
    await expect(store.write('run', many(2))).rejects.toMatchObject({ name: 'StorageFailed' });
    vi.restoreAllMocks();
    expect(await store.read('run')).toEqual(many(1));
  });

  test('says that both versions are damaged where nothing can be read', async () => {
    const store = await open();
    await store.write('run', many(1));
    await spoil('run', 'a', () => bytes(1, 2, 3));
    await expect(store.read('run')).rejects.toMatchObject({ name: 'BadCheckpoint' });
    await store.write('run', many(2));
    expect(await store.read('run')).toEqual(many(2));
  });

  test('tells full storage from any other failure', async () => {
    const store = await open();
    const write = vi.spyOn(FileSystemWritableFileStream.prototype, 'write');
    write.mockRejectedValueOnce(new DOMException('no room', 'QuotaExceededError'));
    await expect(store.write('run', many(1))).rejects.toMatchObject({ name: 'StorageFull' });
    write.mockRejectedValueOnce(new DOMException('no', 'NotAllowedError'));
    await expect(store.write('run', many(1))).rejects.toMatchObject({ name: 'StorageFailed' });
  });

  test('forgets the runs written longest ago when there are very many', async () => {
    const store = await open();
    for (let run = 0; run < 34; run++) {
      await store.write(`run ${run}`, bytes(run));
      // The file system tells times to the millisecond.
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
    const keys = (await store.list()).map(({ key }) => key);
    expect(keys.length).toBe(32);
    expect(keys).not.toContain('run 0');
    expect(keys).not.toContain('run 1');
    expect(keys).toContain('run 33');
  });
});

describe('without it the reason is told', () => {
  test('where the browser has none', async () => {
    vi.spyOn(navigator, 'storage', 'get').mockReturnValue({} as StorageManager);
    expect(await open()).toMatchObject({ kept: false, reason: expect.stringContaining('no private file system') });
  });

  test('where the browser blocks it', async () => {
    vi.spyOn(navigator.storage, 'getDirectory').mockRejectedValue(new DOMException('denied', 'SecurityError'));
    expect(await open()).toMatchObject({ kept: false, reason: expect.stringContaining('blocks') });
  });

  test('where it is full', async () => {
    vi.spyOn(navigator.storage, 'getDirectory').mockRejectedValue(new DOMException('full', 'QuotaExceededError'));
    expect(await open()).toMatchObject({ kept: false, reason: expect.stringContaining('full') });
  });

  test('where it fails in a way of its own', async () => {
    vi.spyOn(navigator.storage, 'getDirectory').mockRejectedValue(new DOMException('odd', 'UnknownError'));
    expect(await open()).toMatchObject({ kept: false, reason: expect.stringContaining('odd') });
  });

  test('and what is written is gone, without an error', async () => {
    vi.spyOn(navigator.storage, 'getDirectory').mockRejectedValue(new DOMException('denied', 'SecurityError'));
    const store = await open();
    await store.write('run', bytes(1));
    expect(await store.read('run')).toBeNull();
    expect(await store.list()).toEqual([]);
  });
});

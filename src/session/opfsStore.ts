/**
 * Checkpoints in the origin private file system: `checkpoints/<key>/a` and `b`. A write goes to the
 * slot that does not hold the newest whole version, so that one cut off at any point, a full disk or
 * a killed tab leaves the version before it.
 *
 * A slot is a frame of 16 bytes (magic, generation, length, CRC-32; u32, little-endian), then the payload.
 */
import { BadCheckpoint } from '../training/badCheckpoint.ts';
import { crc32 } from '../training/crc32.ts';
import { type CheckpointStore, noStore, StorageFailed, StorageFull, type StoredCheckpoint } from './storage.ts';

const SLOTS = ['a', 'b'] as const;
type SlotName = (typeof SLOTS)[number];

/** Where a worker keeps its checkpoints, by its name: an experiment must not push a person's runs out of their place. */
export function checkpointFolder(worker: string): string {
  return worker === 'experiment' ? 'experiment-checkpoints' : 'checkpoints';
}

const MAGIC = 0x4b43_4653; // "SFCK"
const FRAME_BYTES = 16;
/** Runs beyond these are forgotten, those written longest ago first. */
const MOST_RUNS = 32;

interface Slot {
  readonly name: SlotName;
  readonly generation: number;
  /** null if the slot was cut short or damaged */
  readonly payload: Uint8Array | null;
}

const named = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;

function frame(payload: Uint8Array<ArrayBuffer>, generation: number): Blob {
  const head = new DataView(new ArrayBuffer(FRAME_BYTES));
  for (const [i, word] of [MAGIC, generation, payload.length, crc32(payload)].entries())
    head.setUint32(4 * i, word, true);
  return new Blob([head.buffer, payload]);
}

async function fileOf(folder: FileSystemDirectoryHandle, name: SlotName): Promise<File | null> {
  try {
    return await (await folder.getFileHandle(name)).getFile();
  } catch (error) {
    if (named(error, 'NotFoundError')) return null;
    throw error;
  }
}

async function lastWritten(folder: FileSystemDirectoryHandle): Promise<number> {
  const files = await Promise.all(SLOTS.map((name) => fileOf(folder, name)));
  return Math.max(0, ...files.map((file) => file?.lastModified ?? 0));
}

async function readSlot(folder: FileSystemDirectoryHandle, name: SlotName): Promise<Slot | null> {
  const file = await fileOf(folder, name);
  if (file === null) return null;
  const bytes = new Uint8Array(await file.arrayBuffer());
  const damaged: Slot = { name, generation: 0, payload: null };
  if (bytes.length < FRAME_BYTES) return damaged;
  const head = new DataView(bytes.buffer);
  const [magic, generation, length, sum] = [0, 4, 8, 12].map((offset) => head.getUint32(offset, true));
  const payload = bytes.subarray(FRAME_BYTES);
  const whole = magic === MAGIC && length === payload.length && sum === crc32(payload);
  return whole ? { ...damaged, generation, payload: payload.slice() } : damaged;
}

async function readSlots(folder: FileSystemDirectoryHandle): Promise<Slot[]> {
  const slots = await Promise.all(SLOTS.map((name) => readSlot(folder, name)));
  return slots.filter((slot) => slot !== null);
}

/** The whole slot of the highest generation. */
function newest(slots: readonly Slot[]): (Slot & { readonly payload: Uint8Array }) | undefined {
  let best: (Slot & { readonly payload: Uint8Array }) | undefined;
  for (const { payload, ...slot } of slots) {
    if (payload !== null && slot.generation > (best?.generation ?? 0)) best = { ...slot, payload };
  }
  return best;
}

/** @throws DOMException as the file system does */
async function writeSlot(folder: FileSystemDirectoryHandle, name: SlotName, content: Blob): Promise<void> {
  const writable = await (await folder.getFileHandle(name, { create: true })).createWritable();
  try {
    await writable.write(content);
    await writable.close();
  } catch (error) {
    await writable.abort().catch(() => {});
    throw error;
  }
}

function createOpfsStore(root: FileSystemDirectoryHandle): CheckpointStore {
  async function folderOf(key: string): Promise<FileSystemDirectoryHandle | null> {
    try {
      return await root.getDirectoryHandle(key);
    } catch (error) {
      if (named(error, 'NotFoundError')) return null;
      throw error;
    }
  }

  async function folders(): Promise<{ key: string; folder: FileSystemDirectoryHandle }[]> {
    const found: { key: string; folder: FileSystemDirectoryHandle }[] = [];
    for await (const [key, handle] of root.entries()) {
      if (handle instanceof FileSystemDirectoryHandle) found.push({ key, folder: handle });
    }
    return found.sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  async function forgetOldest(): Promise<void> {
    const runs = await Promise.all(
      (await folders()).map(async ({ key, folder }) => ({ key, modified: await lastWritten(folder) })),
    );
    runs.sort((a, b) => b.modified - a.modified);
    for (const { key } of runs.slice(MOST_RUNS)) await root.removeEntry(key, { recursive: true });
  }

  return {
    kept: true,
    reason: 'Checkpoints are kept in this browser.',

    async read(key) {
      const folder = await folderOf(key);
      const slots = folder === null ? [] : await readSlots(folder);
      const whole = newest(slots);
      if (whole === undefined && slots.length > 0) {
        throw new BadCheckpoint('stored checkpoint', 'is damaged in both of its versions', 'Start the run at step 0.');
      }
      return whole?.payload ?? null;
    },

    async write(key, bytes) {
      try {
        const isNew = (await folderOf(key)) === null;
        const folder = await root.getDirectoryHandle(key, { create: true });
        const last = newest(await readSlots(folder));
        await writeSlot(folder, last?.name === 'a' ? 'b' : 'a', frame(bytes, (last?.generation ?? 0) + 1));
        if (isNew) await forgetOldest();
      } catch (error) {
        if (named(error, 'QuotaExceededError')) throw new StorageFull(bytes.length);
        throw new StorageFailed(
          `The checkpoint could not be written: ${error instanceof Error ? error.message : error}`,
        );
      }
    },

    async delete(key) {
      if ((await folderOf(key)) !== null) await root.removeEntry(key, { recursive: true });
    },

    async list() {
      const stored: StoredCheckpoint[] = [];
      for (const { key, folder } of await folders()) {
        const whole = newest(await readSlots(folder));
        if (whole !== undefined) stored.push({ key, bytes: whole.payload.length });
      }
      return stored;
    },
  };
}

/**
 * The store of this browser, or one that keeps nothing and says why.
 * @param folder under the origin's root; tests use their own
 */
export async function openOpfsStore(folder = 'checkpoints'): Promise<CheckpointStore> {
  if (!globalThis.isSecureContext) {
    return noStore('The browser keeps files only for secure pages: open this one over https, or from localhost.');
  }
  const storage: StorageManager | undefined = navigator.storage;
  if (typeof storage?.getDirectory !== 'function') return noStore('This browser has no private file system (OPFS).');
  if (typeof FileSystemFileHandle === 'undefined' || !('createWritable' in FileSystemFileHandle.prototype)) {
    return noStore("This browser's private file system cannot be written to from here; a newer version can.");
  }
  try {
    const root = await storage.getDirectory();
    return createOpfsStore(await root.getDirectoryHandle(folder, { create: true }));
  } catch (error) {
    if (named(error, 'QuotaExceededError')) return noStore("The browser's storage for this site is full.");
    if (named(error, 'SecurityError') || named(error, 'NotAllowedError')) {
      return noStore('The browser blocks storage for this page (a private window, or blocked cookies).');
    }
    return noStore(`The private file system did not open: ${error instanceof Error ? error.message : String(error)}`);
  }
}

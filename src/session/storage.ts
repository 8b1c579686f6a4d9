/** Where checkpoints are kept between visits: bytes under a key, the last whole version of each. */
export interface StoredCheckpoint {
  readonly key: string;
  readonly bytes: number;
}

export interface CheckpointStore {
  /** Whether anything is kept, and where; or why not, in words for a person. */
  readonly kept: boolean;
  readonly reason: string;
  /** The newest whole version, or null if there is none. @throws BadCheckpoint if all there is is damaged */
  read(key: string): Promise<Uint8Array | null>;
  /** All or nothing: cut off at any point, it leaves what was there before. @throws StorageFull, StorageFailed */
  write(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  delete(key: string): Promise<void>;
  /** In the order of their keys. */
  list(): Promise<readonly StoredCheckpoint[]>;
}

export class StorageFull extends Error {
  override readonly name = 'StorageFull';
  readonly hint = "Free some space on the device, or clear this site's data in the browser's settings.";
  constructor(bytes: number) {
    super(`The browser's storage is full: a checkpoint of ${bytes} bytes found no room.`);
  }
}

export class StorageFailed extends Error {
  override readonly name = 'StorageFailed';
  readonly hint = 'The run goes on; export it if you want to keep it.';
}

/** For places without storage: keeps nothing and says why. */
export function noStore(reason: string): CheckpointStore {
  return {
    kept: false,
    reason,
    read: async () => null,
    write: async () => {},
    delete: async () => {},
    list: async () => [],
  };
}

/** Keeps checkpoints as long as it lives. */
export function memoryStore(): CheckpointStore {
  const files = new Map<string, Uint8Array>();
  return {
    kept: true,
    reason: 'Checkpoints are kept in memory until the page is closed.',
    read: async (key) => files.get(key)?.slice() ?? null,
    write: async (key, bytes) => {
      files.set(key, bytes.slice());
    },
    delete: async (key) => {
      files.delete(key);
    },
    list: async () =>
      [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, { length }]) => ({ key, bytes: length })),
  };
}

/** What WebLLM has stored in this browser: to see its size, and to delete it. */
import type { ModelRecord } from './models.ts';
import { addressOf, CACHES, CONFIG_FILE, folderOf, SHARDS_FILE, shardsSchema, TOKENIZER_FILES } from './storage.ts';

export interface CachedModel {
  /** The folder that its files come from; names it here. */
  readonly folder: string;
  /** Of the list, models that use these files; empty for one by address. */
  readonly ids: readonly string[];
  readonly files: number;
  /** Without the library, which models share. */
  readonly bytes: number;
  /** Whether all its weights are there, so that it loads without a network. */
  readonly complete: boolean;
}

export interface CachedLibrary {
  readonly address: string;
  readonly ids: readonly string[];
  readonly bytes: number;
}

export interface Cached {
  readonly models: readonly CachedModel[];
  readonly libraries: readonly CachedLibrary[];
  readonly bytes: number;
}

type Known = Pick<ModelRecord, 'model' | 'model_id' | 'model_lib'>;

/** The content-length that was stored, or the size of the body. */
async function sizeOf(response: Response): Promise<number> {
  const length = response.headers.get('content-length');
  // A compressed answer tells its length on the wire.
  if (length !== null && !response.headers.has('content-encoding')) return Number(length);
  return (await response.blob()).size;
}

async function sizesIn(caches: CacheStorage, name: string): Promise<ReadonlyMap<string, number>> {
  const sizes = new Map<string, number>();
  if (!(await caches.has(name))) return sizes;
  const cache = await caches.open(name);
  for (const request of await cache.keys()) {
    const response = await cache.match(request);
    if (response !== undefined) sizes.set(request.url, await sizeOf(response));
  }
  return sizes;
}

async function isComplete(caches: CacheStorage, folder: string, present: ReadonlySet<string>): Promise<boolean> {
  const list = await (await caches.open(CACHES.model)).match(addressOf(SHARDS_FILE, folder));
  if (list === undefined || !present.has(addressOf(CONFIG_FILE, folder))) return false;
  if (!TOKENIZER_FILES.some((name) => present.has(addressOf(name, folder)))) return false;
  const shards = shardsSchema.safeParse(await list.json().catch(() => null));
  return shards.success && shards.data.records.every(({ dataPath }) => present.has(addressOf(dataPath, folder)));
}

/** Files by the folder of the model that they belong to; weights may lie in folders below it. */
function byFolder(addresses: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const own = (address: string): string => new URL('.', address).href;
  const roots = new Set(
    addresses.filter((address) => address.endsWith(`/${CONFIG_FILE}`) || address.endsWith(`/${SHARDS_FILE}`)).map(own),
  );
  const folders = new Map<string, string[]>();
  for (const address of addresses) {
    const folder = [...roots].find((root) => address.startsWith(root)) ?? own(address);
    folders.set(folder, [...(folders.get(folder) ?? []), address]);
  }
  return folders;
}

/**
 * What is stored, by model.
 * @param known models by name: those of WebLLM's list and those by address
 */
export async function listCached(known: readonly Known[], caches: CacheStorage = globalThis.caches): Promise<Cached> {
  const [configs, weights, programs] = [
    await sizesIn(caches, CACHES.config),
    await sizesIn(caches, CACHES.model),
    await sizesIn(caches, CACHES.library),
  ];
  const files = new Map([...configs, ...weights]);
  const models: CachedModel[] = [];
  for (const [folder, addresses] of byFolder([...files.keys()])) {
    models.push({
      folder,
      ids: known.filter(({ model }) => folderOf(model) === folder).map(({ model_id }) => model_id),
      files: addresses.length,
      bytes: addresses.reduce((sum, address) => sum + (files.get(address) ?? 0), 0),
      complete: await isComplete(caches, folder, new Set(addresses)),
    });
  }
  const libraries = [...programs].map(([address, bytes]) => ({
    address,
    ids: known.filter(({ model_lib }) => model_lib === address).map(({ model_id }) => model_id),
    bytes,
  }));
  const bytes = [...models, ...libraries].reduce((sum, entry) => sum + entry.bytes, 0);
  return { models, libraries, bytes };
}

/**
 * Deletes a model's files, by the folder that `listCached` names it by, and its library where no other stored model uses it. Needs no network, unlike the engine's own
 * way, which asks for the list of weights once more and leaves that list behind.
 */
export async function deleteCached(
  folder: string,
  known: readonly Known[],
  caches: CacheStorage = globalThis.caches,
): Promise<void> {
  for (const name of [CACHES.config, CACHES.model]) {
    if (!(await caches.has(name))) continue;
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      if (request.url.startsWith(folder)) await cache.delete(request);
    }
  }
  const left = await listCached(known, caches);
  const needed = new Set(left.models.map((model) => model.folder));
  const freed = known.filter(({ model }) => folderOf(model) === folder).map(({ model_lib }) => model_lib);
  const library = (await caches.has(CACHES.library)) ? await caches.open(CACHES.library) : null;
  for (const address of freed) {
    const wanted = known.some(({ model, model_lib }) => model_lib === address && needed.has(folderOf(model)));
    if (!wanted) await library?.delete(address);
  }
}

/** Deletes everything that WebLLM stored. */
export async function deleteAllCached(caches: CacheStorage = globalThis.caches): Promise<void> {
  for (const name of Object.values(CACHES)) await caches.delete(name);
}

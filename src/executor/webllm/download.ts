/**
 * Downloads a model into the caches where the engine looks for it. The engine could do it itself, but tells neither which
 * file failed nor why (a 404 and a refused connection are one string), counts whole files only, and keeps what is broken.
 */
import { z } from 'zod';
import { ModelFailure } from '../modelFailure.ts';
import { failureOfKind } from './failures.ts';
import {
  addressOf,
  CACHES,
  CONFIG_FILE,
  chatConfigSchema,
  folderOf,
  SHARDS_FILE,
  shardsSchema,
  TOKENIZER_FILES,
} from './storage.ts';

/** Hashes as in Subresource Integrity, `sha256-BASE64`, of the files that have one. */
export interface Integrity {
  readonly config?: string | undefined;
  readonly library?: string | undefined;
  readonly tokenizer?: Readonly<Record<string, string>> | undefined;
}

export interface Artefacts {
  /** Absolute address of the folder, or of a model on Hugging Face. */
  readonly weights: string;
  /** Absolute address of the compiled library. */
  readonly library: string;
  readonly integrity?: Integrity | undefined;
}

export interface Progress {
  readonly phase: 'download' | 'load';
  /** Files that are there, of those known so far. */
  readonly files: number;
  readonly ofFiles: number;
  readonly bytes: number;
  /** null until the model has told the sizes of its files. */
  readonly ofBytes: number | null;
  /** 0 to 1 of this phase; null where it is not known. */
  readonly fraction: number | null;
  /** In words. */
  readonly text: string;
}

export interface DownloadHooks {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** What the browser gives; a test gives less of it. */
export interface DownloadPlatform {
  readonly caches: CacheStorage;
  readonly fetch: typeof fetch;
  readonly estimate: () => Promise<StorageEstimate>;
  readonly online: () => boolean;
  readonly pageAddress: string;
}

export const browserPlatform = (): DownloadPlatform => ({
  caches: globalThis.caches,
  fetch: (input, init) => fetch(input, init),
  estimate: () => navigator.storage.estimate(),
  online: () => navigator.onLine,
  pageAddress: globalThis.location.href,
});

export interface Downloaded {
  readonly bytes: number;
  /** Roles whose template the engine fills in with `String.replace`, in which `$` is no plain character. */
  readonly dollarRoles: readonly string[];
}

const AT_ONCE = 4;
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;

/**
 * Brings everything of a model into the caches; what is there already is not asked for. Aborted, it stops, and what is
 * complete stays, so that the next call goes on from there.
 * @throws ModelFailure that names the file, or the signal's reason
 */
export async function download(
  { weights, library, integrity }: Artefacts,
  { signal, onProgress }: DownloadHooks = {},
  platform: DownloadPlatform = browserPlatform(),
): Promise<Downloaded> {
  const folder = folderOf(weights);
  const get = (address: string): Promise<Response> => fetched(address, signal, platform);
  const small = async (
    cacheName: string,
    address: string,
    hash: string | undefined,
    check: Check,
  ): Promise<ArrayBuffer> => {
    const cache = await platform.caches.open(cacheName);
    const cached = await cache.match(address);
    const bytes = await bodyOf(cached ?? (await get(address)), address, signal, platform);
    try {
      await checkHash(bytes, hash, address);
      check(bytes, address);
    } catch (error) {
      await cache.delete(address);
      throw error;
    }
    if (cached === undefined)
      await stored(cache, address, new Response(bytes, { headers: lengthOf(bytes.byteLength) }));
    return bytes;
  };

  let [files, ofFiles, bytes] = [0, 3, 0];
  let ofBytes: number | null = null;
  const tell = (): void => {
    const size = ofBytes === null ? megabytes(bytes) : `${megabytes(bytes)} of ${megabytes(ofBytes)}`;
    onProgress?.({
      phase: 'download',
      files,
      ofFiles,
      bytes,
      ofBytes,
      fraction: ofBytes === null ? null : ofBytes === 0 ? 1 : bytes / ofBytes,
      text: `Downloading: ${files} of ${ofFiles} files, ${size}`,
    });
  };
  const arrived = (count: number): void => {
    files += 1;
    bytes += count;
    tell();
  };

  tell();
  const configAddress = addressOf(CONFIG_FILE, folder);
  const configBytes = await small(CACHES.config, configAddress, integrity?.config, isJson);
  const config = parsed(chatConfigSchema, configBytes, configAddress);
  arrived(configBytes.byteLength);

  const shardsAddress = addressOf(SHARDS_FILE, folder);
  const shardsBytes = await small(CACHES.model, shardsAddress, undefined, isJson);
  const { records } = parsed(shardsSchema, shardsBytes, shardsAddress);
  arrived(shardsBytes.byteLength);

  const libraryBytes = await small(CACHES.library, library, integrity?.library, isProgram);
  arrived(libraryBytes.byteLength);

  const tokenizer = TOKENIZER_FILES.find((name) => config.tokenizer_files.includes(name));
  if (tokenizer === undefined) {
    throw failureOfKind(
      'integrity',
      `${configAddress} names no tokenizer that the engine reads (${TOKENIZER_FILES.join(', ')})`,
    );
  }
  ofFiles += 1 + records.length;
  const tokenizerBytes = await small(
    CACHES.model,
    addressOf(tokenizer, folder),
    integrity?.tokenizer?.[tokenizer],
    () => {},
  );
  arrived(tokenizerBytes.byteLength);

  const cache = await platform.caches.open(CACHES.model);
  const present = new Set((await cache.keys()).map(({ url }) => url));
  const shards = records.map(({ dataPath, nbytes }) => ({ address: addressOf(dataPath, folder), nbytes }));
  const missing = shards.filter(({ address }) => !present.has(address));
  const sum = (list: typeof shards): number => list.reduce((total, { nbytes }) => total + nbytes, 0);
  ofBytes = bytes + sum(shards);
  bytes += sum(shards) - sum(missing);
  files += shards.length - missing.length;
  tell();
  await expectRoom(sum(missing), platform);

  const queue = [...missing];
  const controller = new AbortController();
  const stop = signal === undefined ? controller.signal : AbortSignal.any([signal, controller.signal]);
  const work = async (): Promise<void> => {
    for (let shard = queue.shift(); shard !== undefined; shard = queue.shift()) {
      let own = 0;
      const counted = (count: number): void => {
        own += count;
        bytes += count;
        tell();
      };
      try {
        await storeShard(cache, shard.address, shard.nbytes, counted, stop, platform);
      } catch (error) {
        bytes -= own;
        controller.abort(error);
        throw error;
      }
      files += 1;
      tell();
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: AT_ONCE }, work));
  signal?.throwIfAborted();
  // The others were stopped by the first that failed, with its error as the reason.
  for (const worker of workers) if (worker.status === 'rejected') throw worker.reason;
  const templates = config.conv_template?.role_templates ?? {};
  return { bytes: ofBytes, dollarRoles: Object.keys(templates) };
}

/**
 * Bytes of a model's weights, by its own list of them, which is a file of some 100 kB and is not kept. Library and
 * tokenizer come on top, a few megabytes together.
 * @throws ModelFailure as `download` does
 */
export async function sizeOfWeights(
  { weights }: Pick<Artefacts, 'weights'>,
  signal?: AbortSignal,
  platform: DownloadPlatform = browserPlatform(),
): Promise<number> {
  const address = addressOf(SHARDS_FILE, folderOf(weights));
  const bytes = await bodyOf(await fetched(address, signal, platform), address, signal, platform);
  isJson(bytes, address);
  return parsed(shardsSchema, bytes, address).records.reduce((sum, { nbytes }) => sum + nbytes, 0);
}

type Check = (bytes: ArrayBuffer, address: string) => void;

const lengthOf = (bytes: number): Record<string, string> => ({ 'content-length': String(bytes) });

async function storeShard(
  cache: Cache,
  address: string,
  nbytes: number,
  onBytes: (count: number) => void,
  signal: AbortSignal,
  platform: DownloadPlatform,
): Promise<void> {
  const response = await fetched(address, signal, platform);
  const reader = response.body?.getReader();
  let received = 0;
  /** Why the stream broke; `put` tells of it in words of its own. */
  let broken: unknown = null;
  const counted = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: async (controller) => {
      try {
        const { value, done } = (await reader?.read()) ?? { done: true, value: undefined };
        if (!done) {
          received += value.byteLength;
          onBytes(value.byteLength);
          controller.enqueue(value);
        } else if (received === nbytes) controller.close();
        // A file that is cut short, or longer, is not kept.
        else throw failureOfKind('integrity', `${address} has ${received} bytes, and its model says ${nbytes}`);
      } catch (error) {
        broken = error;
        controller.error(error);
      }
    },
    cancel: (reason) => reader?.cancel(reason),
  });
  try {
    await stored(cache, address, new Response(counted, { headers: lengthOf(nbytes) }));
  } catch (error) {
    signal.throwIfAborted();
    if (broken === null || broken instanceof ModelFailure) throw broken ?? error;
    throw brokenOff(address, broken, platform);
  }
}

/** @throws ModelFailure of kind `quota` where the browser has no room */
async function stored(cache: Cache, address: string, response: Response): Promise<void> {
  try {
    await cache.put(address, response);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'QuotaExceededError') {
      throw failureOfKind('quota', `The storage of the browser is full: ${address} could not be kept`, {
        cause: error,
      });
    }
    throw error;
  }
}

/** Says before the long part whether there is room, as far as the browser tells. */
async function expectRoom(bytes: number, platform: DownloadPlatform): Promise<void> {
  const { enough, free } = await roomFor(bytes, platform.estimate);
  if (enough === false && free !== null) {
    throw failureOfKind(
      'quota',
      `The model needs ${megabytes(bytes)} more, and the browser gives this page ${megabytes(free)}. Nothing large was downloaded`,
    );
  }
}

export interface Room {
  /** Bytes that this page may still store; null where the browser does not tell. */
  readonly free: number | null;
  readonly enough: boolean | null;
}

/** Whether a download has room. The browser's figures are estimates. */
export async function roomFor(
  bytes: number,
  estimate: () => Promise<StorageEstimate> = () => navigator.storage.estimate(),
): Promise<Room> {
  const { quota, usage } = await estimate().catch(() => ({ quota: undefined, usage: undefined }));
  if (quota === undefined || usage === undefined) return { free: null, enough: null };
  const free = Math.max(0, quota - usage);
  return { free, enough: bytes <= free };
}

/** What is fetched is kept in a cache of its own, so the browser's cache shall not keep it once more, nor an old error. */
async function fetched(
  address: string,
  signal: AbortSignal | undefined,
  platform: DownloadPlatform,
): Promise<Response> {
  let response: Response;
  try {
    response = await platform.fetch(address, {
      ...(signal === undefined ? {} : { signal }),
      credentials: 'omit',
      cache: 'no-store',
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw await unreached(address, error, platform);
  }
  if (response.ok) return response;
  const said = `${address} was answered with ${response.status}${response.statusText && ` ${response.statusText}`}`;
  if (response.status === 404 || response.status === 410) throw failureOfKind('not-found', said);
  if (response.status === 401 || response.status === 403) {
    throw new ModelFailure(
      'unauthorised',
      `${said}.`,
      'Choose a model that is open to everyone: the lab sends no key to where weights lie.',
    );
  }
  if (response.status === 429)
    throw new ModelFailure('rate-limited', `${said}.`, 'Wait a while and load the model again.');
  throw new ModelFailure('server-error', `${said}.`, 'Try again later: what was downloaded stays.');
}

/** Tells why there was no answer, which browsers hide from the page in one and the same error. */
async function unreached(address: string, error: unknown, platform: DownloadPlatform): Promise<ModelFailure> {
  const options = { cause: error };
  if (!platform.online()) {
    return failureOfKind('unreachable', `This device is offline, so ${address} could not be downloaded`, options);
  }
  const { protocol, hostname } = new URL(address);
  if (new URL(platform.pageAddress).protocol === 'https:' && protocol === 'http:' && !isLocal(hostname)) {
    return new ModelFailure(
      'mixed-content',
      `${address} is http, and browsers keep a page over https from asking it.`,
      'Give an address that begins with https.',
      options,
    );
  }
  // An answer that the page may not read is an answer nonetheless.
  const answered = await platform.fetch(address, { mode: 'no-cors', method: 'HEAD', credentials: 'omit' }).then(
    () => true,
    () => false,
  );
  if (answered) {
    return new ModelFailure(
      'blocked-by-cors',
      `${address} was reached, but its server does not allow this page to read it.`,
      'Let the server send "Access-Control-Allow-Origin: *" with its files, or take the model from elsewhere.',
      options,
    );
  }
  return failureOfKind('unreachable', `${address} could not be reached`, options);
}

const isLocal = (hostname: string): boolean => /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);

/** An answer that had begun was allowed to be read, so there is no more to find out. */
function brokenOff(address: string, error: unknown, platform: DownloadPlatform): ModelFailure {
  const why = platform.online() ? 'The connection broke off' : 'This device went offline';
  return failureOfKind('unreachable', `${why} while ${address} was downloaded`, { cause: error });
}

async function bodyOf(
  response: Response,
  address: string,
  signal: AbortSignal | undefined,
  platform: DownloadPlatform,
): Promise<ArrayBuffer> {
  try {
    return await response.arrayBuffer();
  } catch (error) {
    signal?.throwIfAborted();
    throw brokenOff(address, error, platform);
  }
}

const ALGORITHMS = { sha256: 'SHA-256', sha384: 'SHA-384', sha512: 'SHA-512' } as const;

async function checkHash(bytes: ArrayBuffer, expected: string | undefined, address: string): Promise<void> {
  if (expected === undefined) return;
  const [, name, hash] = /^(sha256|sha384|sha512)-([A-Za-z0-9+/]+={0,2})$/.exec(expected) ?? [];
  if (name === undefined || hash === undefined) {
    throw new ModelFailure(
      'bad-request',
      `The hash "${expected}" for ${address} is none.`,
      'Write it as sha256-, sha384- or sha512- and the hash in base64.',
    );
  }
  const digest = new Uint8Array(await crypto.subtle.digest(ALGORITHMS[name as keyof typeof ALGORITHMS], bytes));
  const actual = btoa(String.fromCharCode(...digest));
  if (actual !== hash) {
    throw failureOfKind('integrity', `${address} is not what was published: its ${name} is ${actual}, not ${hash}`);
  }
}

function isJson(bytes: ArrayBuffer, address: string): void {
  try {
    JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw failureOfKind('integrity', `${address} is not JSON, as the file of a model is`);
  }
}

/** A WebAssembly module begins with `\0asm`. A page that says "not found" with status 200 does not. */
function isProgram(bytes: ArrayBuffer, address: string): void {
  const [a, b, c, d] = new Uint8Array(bytes.slice(0, 4));
  if (a !== 0 || b !== 0x61 || c !== 0x73 || d !== 0x6d) {
    throw failureOfKind('integrity', `${address} is no WebAssembly, as the library of a model is`);
  }
}

function parsed<S extends z.ZodType>(schema: S, bytes: ArrayBuffer, address: string): z.output<S> {
  const result = schema.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
  if (result.success) return result.data;
  throw failureOfKind(
    'integrity',
    `${address} is not the file of a model: ${z.prettifyError(result.error).split('\n', 2).join(' ')}`,
  );
}

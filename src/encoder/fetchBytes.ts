/** Files of an encoder by their addresses, with what went wrong told apart. */
import { EncoderFailed } from './encoderFailed.ts';

export interface FetchHooks {
  readonly signal: AbortSignal;
  /** @param of bytes in all, null where the server does not say */
  readonly onProgress: (bytes: number, of: number | null) => void;
}

/** Whether a setting is an address and not the name of a file. */
export function isAddress(place: string): boolean {
  return /^[a-z][a-z\d+.-]*:\/\//i.test(place);
}

/**
 * The bytes at an absolute http or https address.
 * @param what what it is to be, e.g. "model"
 * @param limit bytes from which on it is refused
 * @throws EncoderFailed; the signal's reason once it is aborted
 */
export async function fetchBytes(
  address: string,
  what: string,
  limit: number,
  { signal, onProgress }: FetchHooks,
): Promise<Uint8Array<ArrayBuffer>> {
  if (!/^https?:\/\//i.test(address) || !URL.canParse(address)) {
    throw new EncoderFailed(
      'bad-address',
      `The address of the ${what}, "${address}", is not one that can be read.`,
      'Give an absolute address that begins with https:// or http://, or choose a file.',
    );
  }
  try {
    const response = await fetch(address, { signal, credentials: 'omit' });
    if (!response.ok) throw badStatus(response, what, address);
    const length = Number(response.headers.get('content-length') ?? Number.NaN);
    const of = Number.isFinite(length) && response.headers.get('content-encoding') === null ? length : null;
    if (of !== null && of > limit) throw tooLarge(what, of, limit);
    return await readBody(response, what, limit, (bytes) => onProgress(bytes, of));
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof EncoderFailed ? error : unreachable(error, what, address);
  }
}

/** @throws EncoderFailed where there are more bytes than the limit */
export function checkSize(what: string, bytes: number, limit: number): void {
  if (bytes > limit) throw tooLarge(what, bytes, limit);
}

async function readBody(
  response: Response,
  what: string,
  limit: number,
  onBytes: (bytes: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  for (;;) {
    const read = await reader?.read();
    if (read === undefined || read.done) break;
    parts.push(read.value);
    length += read.value.length;
    if (length > limit) {
      await reader?.cancel();
      throw tooLarge(what, length, limit);
    }
    onBytes(length);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function badStatus({ status }: Response, what: string, address: string): EncoderFailed {
  if (status === 404 || status === 410) {
    return new EncoderFailed(
      'not-found',
      `There is no ${what} at ${address} (the server answered ${status}).`,
      'Check the address: of a file on a model hub take the one that downloads it ("resolve", not "blob").',
    );
  }
  return new EncoderFailed(
    'bad-answer',
    `The server answered ${status} in the place of the ${what} at ${address}.`,
    status === 401 || status === 403
      ? 'The file is not public: download it and choose it as a file.'
      : 'Try again later, or download the file elsewhere and choose it as a file.',
  );
}

function tooLarge(what: string, bytes: number, limit: number): EncoderFailed {
  const megabytes = (count: number): string => `${(count / 2 ** 20).toFixed(count < 2 ** 20 ? 2 : 0)} MB`;
  return new EncoderFailed(
    'too-large',
    `The ${what} has ${megabytes(bytes)} at least; up to ${megabytes(limit)} are read.`,
    'Take a smaller one, e.g. a quantised model.',
  );
}

/** `fetch` says alike that nobody answered and that the answer may not be read; what else is known tells some apart. */
function unreachable(error: unknown, what: string, address: string): EncoderFailed {
  if (typeof navigator !== 'undefined' && navigator.onLine === false) {
    return new EncoderFailed(
      'offline',
      `The ${what} at ${address} cannot be read: this device is offline.`,
      'Connect it, or download the file elsewhere and choose it as a file.',
    );
  }
  const cause = error instanceof Error && error.cause instanceof Error ? `${error.cause.message} ` : '';
  const said = `${cause}${error instanceof Error ? error.message : String(error)}`;
  return new EncoderFailed(
    'refused',
    `The ${what} at ${address} cannot be read: nobody answers there, or the server does not allow this page to read it (CORS). It says: ${said}`,
    'Check the address and that the server runs and allows other origins; or download the file and choose it as a file.',
  );
}

/**
 * The way to the server: to the address that was named and nowhere else, with the key and no other header than it takes, and
 * back with no more than an answer can be long.
 */
import { ModelFailure } from '../modelFailure.ts';

export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** What a request needs. The client's own headers (names of its runtime and version) only make browsers ask for leave. */
const HEADERS = ['accept', 'content-type'];

export interface Guard {
  readonly fetch: Fetch;
  readonly base: URL;
  /** null: none is sent. */
  readonly key: string | null;
  /** What a body may hold. */
  readonly maxBytes: number;
  /** Media types of an answer, e.g. `application/json`. */
  readonly mediaType: string;
  /** What to do where the answer is of another type. */
  readonly otherTypeAdvice: string;
  /** Takes the key out of what a server said. */
  readonly clean: (text: string) => string;
}

/** @throws ModelFailure by what comes back; what `fetch` throws */
export function guardedFetch({ fetch, base, key, maxBytes, mediaType, otherTypeAdvice, clean }: Guard): Fetch {
  return async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.origin !== base.origin || !url.pathname.startsWith(`${base.pathname.replace(/\/$/, '')}/`)) {
      throw new ModelFailure('not-found', `${url.origin} is not ${base.href}.`, 'Set the address that is to be asked.');
    }
    const given = new Headers(init.headers);
    const headers = new Headers(
      HEADERS.flatMap((name) => {
        const value = given.get(name);
        return value === null ? [] : [[name, value] as [string, string]];
      }),
    );
    if (key !== null) headers.set('authorization', `Bearer ${key}`);
    const response = await fetch(url, {
      ...init,
      headers,
      // Followed by the platform, a redirect could take the prompt to another host.
      redirect: 'manual',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      cache: 'no-store',
    });
    if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) {
      await response.body?.cancel();
      throw redirected(base, response.headers.get('location'), clean);
    }
    const type = response.headers.get('content-type')?.split(';')[0].trim().toLowerCase();
    if (response.ok && type !== undefined && type !== mediaType) {
      await response.body?.cancel();
      throw new ModelFailure(
        'malformed',
        `${base.origin} answered with ${clean(type)}, not ${mediaType}.`,
        otherTypeAdvice,
      );
    }
    return bounded(response, maxBytes, base);
  };
}

function redirected(base: URL, location: string | null, clean: (text: string) => string): ModelFailure {
  const target = location !== null && URL.canParse(location, base) ? clean(new URL(location, base).origin) : null;
  return new ModelFailure(
    'not-found',
    `${base.origin} sends the request on${target === null ? '' : ` to ${target}`}, and the lab does not follow, so that the key and the prompts stay with the host that was named.`,
    'Set the address to the place itself, if you trust it.',
  );
}

/** The same response, whose body fails beyond a number of bytes. */
function bounded(response: Response, maxBytes: number, base: URL): Response {
  if (response.body === null) return response;
  let bytes = 0;
  const count = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) {
        throw new ModelFailure(
          'malformed',
          `${base.origin} sent more than ${maxBytes} bytes, which no answer of this length needs.`,
          'Look whether the address is that of a model.',
        );
      }
      controller.enqueue(chunk);
    },
  });
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(count), { status, statusText, headers });
}

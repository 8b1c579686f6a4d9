/** Which failures are worth another try, and when. */
import { avalanche, fnv1a } from '../../encoder/hash.ts';
import type { EndpointSettings } from './settings.ts';

/** Whether a refusal may pass: a time-out, a conflict, too many requests, a fault of the server. */
export function isPassing(status: number): boolean {
  return status === 408 || status === 409 || status === 429 || status >= 500;
}

/**
 * The delay of a `Retry-After` header in milliseconds, 0 where its date is past; null where it is absent or not understood.
 * RFC 9110, section 10.2.3: seconds, or an HTTP date.
 * @param now milliseconds since 1970
 */
export function retryAfterMs(header: string | null, now: number): number | null {
  if (header === null) return null;
  const text = header.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  // Every form of the date names a day; without one, `Date.parse` would make a year of a "-5".
  const date = /^[a-z]{3,9},? /i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

/**
 * Milliseconds before a request is sent again. Without a word of the server: twice as long each time, and of that a
 * share between a half and the whole, by the request and the try, so that requests that failed together do not come
 * back together and a run is the same each time. With one: as long as it says, and the same share of the first delay.
 * At most `maxDelayMs`.
 * @param tries times that it was sent already, 1 or more
 */
export function delayMs(
  key: string,
  tries: number,
  retryAfter: number | null,
  { firstDelayMs, maxDelayMs }: Pick<EndpointSettings, 'firstDelayMs' | 'maxDelayMs'>,
): number {
  const share = 0.5 + avalanche(fnv1a(key) ^ tries) / 2 ** 33;
  if (retryAfter !== null) return Math.min(maxDelayMs, retryAfter + share * firstDelayMs);
  return share * Math.min(maxDelayMs, firstDelayMs * 2 ** Math.min(tries - 1, 40));
}

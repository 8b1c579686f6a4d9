import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { delayMs, isPassing, retryAfterMs } from './retry.ts';

const NOW = Date.UTC(1994, 10, 15, 8, 12, 31);

describe('Retry-After', () => {
  test.each([
    ['120', 120_000],
    [' 0 ', 0],
    ['1.5', 1500],
    // The three forms of RFC 9110, section 5.6.7; the example is 18 minutes, 31 seconds later than NOW in the first.
    ['Tue, 15 Nov 1994 08:31:02 GMT', 1_111_000],
    ['Tuesday, 15-Nov-94 08:31:02 GMT', 1_111_000],
    ['Tue, 15 Nov 1994 08:12:30 GMT', 0],
  ])('of %j is understood', (header, expected) => {
    expect(retryAfterMs(header, NOW)).toBe(expected);
  });

  test.each([null, '', 'soon', '-5', '1e9', '5 minutes', 'NaN'])('of %j is passed over', (header) => {
    expect(retryAfterMs(header, NOW)).toBeNull();
  });
});

test('what may pass by itself is sent again, and nothing else', () => {
  const statuses = Array.from({ length: 200 }, (_, index) => 400 + index);
  expect(statuses.filter((status) => isPassing(status) && status < 500)).toEqual([408, 409, 429]);
  expect(statuses.filter((status) => !isPassing(status) && status >= 500)).toEqual([]);
});

test('a delay is between a half and the whole of its time, or as long as the server asks, and never above the most', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.integer({ min: 1, max: 100 }),
      fc.option(fc.nat({ max: 100_000 })),
      fc.nat({ max: 5000 }),
      fc.nat({ max: 60_000 }),
      (key, tries, retryAfter, firstDelayMs, maxDelayMs) => {
        const delay = delayMs(key, tries, retryAfter, { firstDelayMs, maxDelayMs });
        expect(delay).toBe(delayMs(key, tries, retryAfter, { firstDelayMs, maxDelayMs }));
        expect(delay).toBeLessThanOrEqual(maxDelayMs);
        if (retryAfter !== null) expect(delay).toBeGreaterThanOrEqual(Math.min(retryAfter, maxDelayMs));
        else
          expect(delay).toBeGreaterThanOrEqual(Math.min(maxDelayMs, firstDelayMs * 2 ** Math.min(tries - 1, 40)) / 2);
      },
    ),
  );
});

test('requests that failed together do not come back together', () => {
  const delays = Array.from({ length: 100 }, (_, index) =>
    Math.floor(delayMs(`request ${index}`, 1, 0, { firstDelayMs: 1000, maxDelayMs: 60_000 }) / 50),
  );
  // Ten slots of 50 ms between 500 and 1000: each has some of a hundred.
  expect(new Set(delays).size).toBe(10);
});

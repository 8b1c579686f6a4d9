import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crc32 } from './crc32.ts';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

test('gives the check value of the standard for the digits 1 to 9', () => {
  // The published check value of CRC-32/ISO-HDLC.
  expect(crc32(ascii('123456789'))).toBe(0xcbf43926);
});

test('sums parts in turn to the checksum of the whole', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
      expect(crc32(b, crc32(a))).toBe(crc32(Uint8Array.from([...a, ...b])));
    }),
  );
});

test('changes with every single bit', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1 }), fc.nat(), fc.nat(7), (bytes, place, bit) => {
      const flipped = bytes.slice();
      flipped[place % bytes.length] ^= 1 << bit;
      expect(crc32(flipped)).not.toBe(crc32(bytes));
    }),
  );
});

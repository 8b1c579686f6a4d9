import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BadCheckpoint } from './badCheckpoint.ts';
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from './safetensors.ts';

const name = fc.string({ minLength: 1 }).filter((text) => text !== '__metadata__' && text !== '__proto__');
const shape = fc.array(fc.nat(4), { maxLength: 3 });
const tensor: fc.Arbitrary<StoredTensor> = shape.chain((dimensions) => {
  const length = dimensions.reduce((all, n) => all * n, 1);
  const exactly = { minLength: length, maxLength: length };
  return fc
    .oneof(fc.float32Array(exactly), fc.float64Array(exactly), fc.uint32Array(exactly))
    .map((data) => ({ shape: dimensions, data }));
});
const tensors = fc.dictionary(name, tensor).map((entries) => new Map(Object.entries(entries)));
const metadata = fc.dictionary(name, fc.string()).map((entries) => new Map(Object.entries(entries)));

/** A file with this header text and this many bytes of data. */
function file(header: string, dataBytes: number): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

const entry = (begin: number, end: number, shape: number[], dtype = 'F32') => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});
const refusal = (header: unknown, dataBytes: number): (() => void) => {
  return () => decodeSafetensors(file(typeof header === 'string' ? header : JSON.stringify(header), dataBytes));
};

describe('a file of tensors', () => {
  test('holds after the round trip what it was made of, bit for bit', () => {
    fc.assert(
      fc.property(tensors, metadata, (tensors, metadata) => {
        const decoded = decodeSafetensors(encodeSafetensors({ tensors, metadata }));
        expect(new Map([...decoded.tensors].sort())).toEqual(new Map([...tensors].sort()));
        expect(new Map([...decoded.metadata].sort())).toEqual(new Map([...metadata].sort()));
      }),
    );
  });

  test('has the bytes that the format prescribes', () => {
    const tensors = new Map([['w', { shape: [2], data: Float32Array.of(1, -2) }]]);
    const bytes = encodeSafetensors({ tensors, metadata: new Map() });
    const header = '{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}';
    const padded = header.padEnd(Math.ceil(header.length / 8) * 8);
    expect(new DataView(bytes.buffer).getBigUint64(0, true)).toBe(BigInt(padded.length));
    expect(new TextDecoder().decode(bytes.subarray(8, 8 + padded.length))).toBe(padded);
    // 1 and -2 as IEEE 754 binary32, little-endian
    expect([...bytes.subarray(8 + padded.length)]).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
  });

  test('is the same whatever the order of its tensors', () => {
    const a: [string, StoredTensor] = ['a', { shape: [1], data: Float32Array.of(1) }];
    const b: [string, StoredTensor] = ['b', { shape: [1], data: Float64Array.of(2) }];
    const encode = (...entries: [string, StoredTensor][]) =>
      encodeSafetensors({ tensors: new Map(entries), metadata: new Map() });
    expect(encode(a, b)).toEqual(encode(b, a));
  });

  test('is refused at writing if a shape does not fit', () => {
    const tensors = new Map([['w', { shape: [3], data: Float32Array.of(1, 2) }]]);
    expect(() => encodeSafetensors({ tensors, metadata: new Map() })).toThrow(RangeError);
  });
});

describe('bytes of unknown origin', () => {
  const whole = encodeSafetensors({
    tensors: new Map<string, StoredTensor>([
      ['a', { shape: [2, 3], data: new Float32Array(6) }],
      ['b', { shape: [5], data: new Uint32Array(5) }],
    ]),
    metadata: new Map([['key', 'text']]),
  });

  test('cut short anywhere are refused', () => {
    for (let length = 0; length < whole.length; length++) {
      expect(() => decodeSafetensors(whole.subarray(0, length)), `${length} bytes`).toThrow(BadCheckpoint);
    }
    expect(() => decodeSafetensors(whole)).not.toThrow();
  });

  test('with something after the data are refused', () => {
    expect(() => decodeSafetensors(Uint8Array.from([...whole, 0]))).toThrow(/describes 44/);
  });

  test('of any kind are read or refused, never anything else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, wrapped) => {
        const input = wrapped ? file(new TextDecoder('latin1').decode(bytes), 8) : bytes;
        try {
          decodeSafetensors(input);
        } catch (error) {
          expect(error).toBeInstanceOf(BadCheckpoint);
        }
      }),
    );
  });

  test('with a header that is no JSON object are refused', () => {
    expect(refusal('{"a":', 0)).toThrow(/header: not JSON/);
    expect(refusal('[]', 0)).toThrow(/not a JSON object/);
    expect(refusal('null', 0)).toThrow(/not a JSON object/);
  });

  test('that begin where the tensor before has not ended, or leave a hole, are refused by name', () => {
    expect(refusal({ a: entry(0, 8, [2]), b: entry(4, 12, [2]) }, 12)).toThrow(
      /tensor "b": begins at byte 4.*ends at 8/,
    );
    expect(refusal({ a: entry(0, 4, [1]), b: entry(8, 12, [1]) }, 12)).toThrow(
      /tensor "b": begins at byte 8.*ends at 4/,
    );
  });

  test('whose tensors reach beyond the data are refused by name', () => {
    expect(refusal({ a: entry(0, 16, [4]) }, 12)).toThrow(/tensor "a": ends at byte 16.*12 bytes/);
  });

  test('whose shapes do not fit their offsets are refused by name', () => {
    expect(refusal({ a: entry(0, 8, [3]) }, 8)).toThrow(/tensor "a": holds 8 bytes.*needs 12/);
    expect(refusal({ a: entry(8, 0, []) }, 8)).toThrow(BadCheckpoint);
    expect(refusal({ a: entry(0, 8, [2 ** 52, 2 ** 52]) }, 8)).toThrow(BadCheckpoint);
  });

  test('with other types, negative or broken numbers, or more fields are refused by name', () => {
    expect(refusal({ a: entry(0, 4, [2], 'F16') }, 4)).toThrow(/tensor "a".*dtype/);
    expect(refusal({ a: entry(-4, 0, [1]) }, 4)).toThrow(/tensor "a".*data_offsets/);
    expect(refusal({ a: entry(0, 4, [0.5]) }, 4)).toThrow(/tensor "a".*shape/);
    expect(refusal({ a: { ...entry(0, 4, [1]), more: 1 } }, 4)).toThrow(/tensor "a"/);
    expect(refusal({ __metadata__: { key: 1 } }, 0)).toThrow(/__metadata__/);
  });

  test('that name a tensor or a key of the metadata twice are refused', () => {
    const twice = `{"a":${JSON.stringify(entry(0, 4, [1]))},"\\u0061":${JSON.stringify(entry(0, 4, [1]))}}`;
    expect(refusal(twice, 4)).toThrow(/"a" stands twice/);
    expect(refusal('{"__metadata__":{"k":"1","k":"2"}}', 0)).toThrow(/"k" stands twice/);
    expect(refusal('{"__proto__":{}}', 0)).toThrow(/__proto__/);
  });
});

import { expect, it } from 'vitest';
import { packUniforms } from './uniforms.ts';

it('packs scalars in the order of their types, whatever the order of their values', () => {
  const { bytes, offsets } = packUniforms([
    { types: { n: 'u32', scale: 'f32', seed: 'u32' }, values: { seed: 0xffff_ffff, scale: -1.5, n: 7 } },
  ]);
  expect(offsets).toEqual([0]);
  expect([...new Uint32Array(bytes, 0, 1)]).toEqual([7]);
  expect([...new Float32Array(bytes, 4, 1)]).toEqual([-1.5]);
  expect([...new Uint32Array(bytes, 8, 1)]).toEqual([0xffff_ffff]);
});

it('starts each dispatch at a multiple of 256 bytes, and gives those without parameters no room', () => {
  const wide = Array.from({ length: 65 }, (_, i) => `p${i}`);
  const { bytes, offsets } = packUniforms([
    { types: { a: 'u32' }, values: { a: 1 } },
    { types: {}, values: {} },
    {
      types: Object.fromEntries(wide.map((name) => [name, 'u32' as const])),
      values: Object.fromEntries(wide.map((name, i) => [name, i])),
    },
    { types: { b: 'u32' }, values: { b: 2 } },
  ]);
  expect(offsets).toEqual([0, 256, 256, 768]);
  expect(bytes.byteLength).toBe(1024);
  expect(new Uint32Array(bytes)[256 / 4 + 64]).toBe(64);
  expect(new Uint32Array(bytes)[768 / 4]).toBe(2);
});

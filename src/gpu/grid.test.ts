import fc from 'fast-check';
import { expect, it } from 'vitest';
import { grid } from './grid.ts';

it('covers every invocation, within one dimension where it fits, and wastes less than a row', () => {
  const invocations = fc.integer({ min: 0, max: 2 ** 32 - 1 });
  fc.assert(
    fc.property(invocations, fc.integer({ min: 2, max: 256 }), (n, workgroup) => {
      const [x, y] = grid(n, workgroup);
      const needed = Math.ceil(n / workgroup);
      expect(x * y).toBeGreaterThanOrEqual(needed);
      expect(x * y - needed).toBeLessThan(Math.max(y, 1));
      expect(Math.max(x, y)).toBeLessThanOrEqual(65_535);
    }),
  );
});

it('dispatches nothing for nothing, and one row up to 65,535 workgroups', () => {
  expect(grid(0, 64)).toEqual([0, 0]);
  expect(grid(1, 64)).toEqual([1, 1]);
  expect(grid(65_535 * 64, 64)).toEqual([65_535, 1]);
  expect(grid(65_535 * 64 + 1, 64)).toEqual([32_768, 2]);
});

/** The generic kernels against their twins. */
import { describe, expect, test } from 'vitest';
import { randomSource } from '../../worlds/random.ts';
import { adamw } from './adamw.ts';
import { approach } from './approach.ts';
import { copyRows } from './copyRows.ts';
import { gatherRows } from './gatherRows.ts';
import { gelu } from './gelu.ts';
import { geluBackward } from './geluBackward.ts';
import { matmul } from './matmul.ts';
import { matmulGradient } from './matmulGradient.ts';
import { matmulTransposed } from './matmulTransposed.ts';
import { NORM_CHUNK, squaredNorm } from './squaredNorm.ts';
import { sumPartials } from './sumPartials.ts';
import { sumRange } from './sumRange.ts';
import { expectTwin, SIZES } from './twins.fixture.ts';

/** Uniform in -2 .. 2, from a counter. */
function floats(key: number, length: number): Float32Array {
  const random = randomSource(key);
  return Float32Array.from({ length }, () => 4 * random.next() - 2);
}

const zeros = (length: number): Float32Array => new Float32Array(length);

/** Counts as a program has them: a zero, the rows, the first row. */
const ZERO = 0;
const ROWS = 1;
const BASE = 2;
const base = 3;
const countsOf = (rows: number): number[] => [0, rows, base];

/** Widths around the block of 4 by 4 that an invocation makes. */
const SHAPES = [
  { inner: 1, columns: 1 },
  { inner: 5, columns: 7 },
  { inner: 8, columns: 4 },
];

describe.each(SIZES)('%i rows', (rows) => {
  // One row more than there are, which must be left alone.
  const end = base + rows + 1;
  describe.each(SHAPES)('of $inner by $columns', ({ inner, columns }) => {
    const strides = { xStride: inner + 2, xOffset: 1, yStride: columns + 3, yOffset: 2 };
    const weights = floats(1, (inner + 1) * columns);
    const x = floats(2, end * strides.xStride);
    const y = floats(3, end * strides.yStride);

    test.each([
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
    ])('matmul with bias %i, accumulate %i', async (bias, accumulate) => {
      const wrote = await expectTwin(matmul, {
        tensors: { counts: countsOf(rows), x, w: weights, y },
        params: { rowsIndex: ROWS, baseIndex: BASE, inner, columns, ...strides, bias, accumulate },
        invocations: { index: ROWS, times: Math.ceil(columns / 4), most: (65 + 3) * Math.ceil(columns / 4) },
        counts: 'counts',
      });
      expect(wrote).toBe(rows > 0);
    });

    test.each([0, 1])('matmulTransposed with accumulate %i', async (accumulate) => {
      const wrote = await expectTwin(matmulTransposed, {
        tensors: { counts: countsOf(rows), dy: y, w: weights, dx: x },
        params: { rowsIndex: ROWS, inner, columns, ...strides, accumulate },
        invocations: { index: ROWS, times: Math.ceil(inner / 4), most: (65 + 3) * Math.ceil(inner / 4) },
        counts: 'counts',
      });
      expect(wrote).toBe(rows > 0);
    });

    // 64 rows are two whole chunks of 32, and 65 begin a third.
    test.each([0, 1])('matmulGradient with bias %i', async (bias) => {
      const chunk = 32;
      const height = inner + bias;
      const chunks = Math.ceil(65 / chunk);
      const wrote = await expectTwin(matmulGradient, {
        tensors: { counts: countsOf(rows), x, dy: y, partial: zeros(chunks * height * columns) },
        params: { rowsIndex: ROWS, inner, columns, ...strides, bias, chunk },
        invocations: chunks * Math.ceil(height / 4) * Math.ceil(columns / 4),
      });
      expect(wrote).toBe(rows > 0);
    });
  });

  test('matmulGradient of a layer of bias alone', async () => {
    const wrote = await expectTwin(matmulGradient, {
      tensors: { counts: countsOf(rows), x: [0], dy: floats(4, rows * 5), partial: zeros(2) },
      params: {
        rowsIndex: ROWS,
        inner: 0,
        columns: 2,
        xStride: 0,
        xOffset: 0,
        yStride: 5,
        yOffset: 3,
        bias: 1,
        chunk: 512,
      },
      invocations: 1,
    });
    expect(wrote).toBe(rows > 0);
  });

  test('sumPartials, which gives zeros where there are no rows', async () => {
    const size = 65;
    const wrote = await expectTwin(sumPartials, {
      tensors: { counts: countsOf(rows), partial: floats(5, 3 * size), y: zeros(size) },
      params: { rowsIndex: ROWS, chunk: 32, size },
      invocations: size,
    });
    expect(wrote).toBe(true);
  });

  test('copyRows', async () => {
    const columns = 7;
    const wrote = await expectTwin(copyRows, {
      tensors: { counts: countsOf(rows), x: floats(6, end * columns), y: zeros(end * columns) },
      params: { rowsIndex: ROWS, baseIndex: BASE, columns },
      invocations: { index: ROWS, times: columns, most: (65 + 3) * columns },
      counts: 'counts',
    });
    expect(wrote).toBe(rows > 0);
  });

  test('gatherRows', async () => {
    const columns = 7;
    const random = randomSource(7);
    const indices = Array.from({ length: rows }, () => [99, random.int(11)]).flat();
    const wrote = await expectTwin(gatherRows, {
      tensors: { plan: [rows, 99, ...indices], x: floats(8, 11 * columns), y: zeros((rows + 1) * columns) },
      params: { rowsIndex: 0, columns, indexOffset: 3, indexStride: 2, scale: 4 },
      invocations: { index: 0, times: columns, most: (65 + 3) * columns },
      counts: 'plan',
    });
    expect(wrote).toBe(rows > 0);
  });

  // 40 times what is usual, so that both saturated ends are there, and at 0 a zero.
  const wide = (key: number, length: number): Float32Array => floats(key, length).map((v, i) => (i === 0 ? 0 : 40 * v));

  test('gelu', async () => {
    const columns = 7;
    const xStride = 9;
    const wrote = await expectTwin(gelu, {
      tensors: {
        counts: countsOf(rows),
        x: floats(9, end * xStride).map((v, i) => (i % 5 === 0 ? 40 * v : v)),
        y: zeros(end * columns),
      },
      params: { rowsIndex: ROWS, baseIndex: BASE, columns, xStride, xOffset: 2 },
      invocations: { index: ROWS, times: columns, most: (65 + 3) * columns },
      counts: 'counts',
    });
    expect(wrote).toBe(rows > 0);
  });

  test.each([
    ['where it bends', floats],
    ['far out', wide],
  ] as const)('geluBackward %s', async (_, of) => {
    const columns = 7;
    const wrote = await expectTwin(geluBackward, {
      tensors: {
        counts: countsOf(rows),
        x: of(10, end * columns),
        dy: floats(11, end * columns),
        dx: zeros(end * columns),
      },
      params: { rowsIndex: ROWS, columns },
      invocations: { index: ROWS, times: columns, most: (65 + 3) * columns },
      counts: 'counts',
    });
    expect(wrote).toBe(rows > 0);
  });

  test('copyRows from the first row on', async () => {
    const wrote = await expectTwin(copyRows, {
      tensors: { counts: countsOf(rows), x: floats(12, end), y: zeros(end) },
      params: { rowsIndex: ROWS, baseIndex: ZERO, columns: 1 },
      invocations: { index: ROWS, times: 1, most: 65 + 3 },
      counts: 'counts',
    });
    expect(wrote).toBe(rows > 0);
  });
});

test.each(SIZES)('approach moves the first %i of its elements', async (length) => {
  const wrote = await expectTwin(approach, {
    tensors: { slow: floats(20, 66), fast: floats(21, 66), y: zeros(66) },
    params: { length, rate: 0.05 },
    invocations: 66,
  });
  expect(wrote).toBe(length > 0);
});

describe.each([...SIZES, NORM_CHUNK, NORM_CHUNK + 1])('%i elements', (length) => {
  const first = 64;

  test('squaredNorm', async () => {
    const chunks = Math.ceil(length / NORM_CHUNK);
    const wrote = await expectTwin(squaredNorm, {
      tensors: { x: floats(13, first + length + 5), partial: zeros(4) },
      params: { first, length, out: 1 },
      invocations: chunks,
    });
    expect(wrote).toBe(length > 0);
  });

  test('sumRange, which gives 0 of nothing', async () => {
    const wrote = await expectTwin(sumRange, {
      tensors: { x: floats(14, first + length + 5), y: zeros(3) },
      params: { first, length, out: 2 },
      invocations: 1,
    });
    expect(wrote).toBe(true);
  });

  test.each([
    ['clipped', 0.5],
    ['not clipped', 1e9],
  ])('adamw, %s', async (_, clip) => {
    const size = first + length + 5;
    const wrote = await expectTwin(adamw, {
      tensors: {
        schedule: [0.5, 1e-2, 0.19, 0.0019, 0.7],
        norms: [7, 20, 9],
        gradient: floats(15, size),
        parameter: floats(16, size),
        first: floats(17, size),
        second: floats(18, size).map(Math.abs),
      },
      params: { first, length, group: 1, rateIndex: 1, correctionIndex: 2, scale: 10, decay: 0.01, clip },
      invocations: length,
    });
    expect(wrote).toBe(length > 0);
  });
});

import { expect, test } from 'vitest';
import { initialParameters, layoutParameters } from './parameters.ts';

const shape = { dimensions: 16, width: 8, heads: 2, depth: 1, skills: 4 };
const layout = layoutParameters(shape);
const valuesOf = (values: Float32Array, name: string): Float32Array => {
  const { offset, rows, columns } = layout.tensors[name];
  return values.subarray(offset, offset + rows * columns);
};

test('first values are those of the seed, and begin as they always did where nothing is said of P_B', () => {
  const values = initialParameters(layout, 5);
  expect(initialParameters(layout, 5, 'random')).toEqual(values);
  expect(initialParameters(layout, 6)).not.toEqual(values);
  // Of the recorded runs: a change of these is a change of every run.
  const some = ['forward.token', 'backward.query', 'backward.parent', 'flow.head'];
  expect(some.map((name) => valuesOf(values, name)[3])).toEqual([
    0.06887541711330414, 0.3595525622367859, -0.40772515535354614, -0.07616943120956421,
  ]);
});

test('a uniform first P_B has queries of 0 and every other value as before', () => {
  const [random, uniform] = (['random', 'uniform'] as const).map((start) => initialParameters(layout, 5, start));
  const weights = (values: Float32Array) => valuesOf(values, 'backward.query').subarray(0, -shape.width);
  expect(weights(random).every((value) => value !== 0)).toBe(true);
  for (const name of Object.keys(layout.tensors)) {
    const values = valuesOf(uniform, name);
    if (name === 'backward.query') expect(values.every((value) => value === 0)).toBe(true);
    else expect(values).toEqual(valuesOf(random, name));
  }
});

test('a layout is of the shape alone, whatever else it is given', () => {
  expect(layoutParameters({ ...shape, ...{ backwardStart: 'uniform' } })).toEqual(layout);
});

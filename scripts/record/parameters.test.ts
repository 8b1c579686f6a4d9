import { describe, expect, test } from 'vitest';
import { hashedEncoder } from '../../src/encoder/hashedEncoder.ts';
import { buildGraph } from '../../src/graph/buildGraph.ts';
import { initialParameters, layoutParameters, pcg } from '../../src/supervisor/parameters.ts';
import { buildTaskStore } from '../../src/supervisor/taskStore.ts';
import { diamondWorld } from '../../src/worlds/diamond/index.ts';
import { packParameters, unpackParameters } from './parameters.ts';

const dimensions = 64;
const layout = layoutParameters({ dimensions, width: 16, heads: 2, depth: 1, skills: 0 });
const graph = buildGraph('diamond', 'Read the clues and answer.', diamondWorld);
const store = buildTaskStore(
  [{ graph, logTarget: new Float64Array(graph.outcomes), fixedLogPB: null }],
  hashedEncoder(dimensions),
);
const initial = initialParameters(layout, 3);
/** As if training had moved every parameter by up to 1. */
const trained = initial.map((value, i) => value + (2 * pcg(i)) / 2 ** 32 - 1);
const packed = packParameters(layout, initial, trained, store);
const back = unpackParameters(layout, initial, packed, store);

/** A level is 1 / 32767 of the largest change. */
const LEVEL = 1 / 32_767;

/** What a layer on texts gives for one of them. */
function outputOf(name: string, values: Float32Array, text: Float32Array): number[] {
  const { offset, columns } = layout.tensors[name];
  return Array.from({ length: columns }, (_, j) =>
    [...text, 1].reduce((sum, input, i) => sum + input * values[offset + i * columns + j], 0),
  );
}

describe('packed parameters', () => {
  test('give every text of the task what it was given, from one row a text', () => {
    const [{ actionVector }] = store.tasks;
    const columns = layout.tensors['forward.action'].columns;
    expect(packed['forward.action'].levels).toHaveLength((new Set(actionVector).size + 1) * columns);
    for (const id of actionVector) {
      const text = store.vectors.subarray(id * dimensions, (id + 1) * dimensions);
      const [a, b] = [outputOf('forward.action', trained, text), outputOf('forward.action', back, text)];
      for (const [j, value] of a.entries()) expect(Math.abs(value - b[j])).toBeLessThan(20 * LEVEL);
    }
  });

  test('keep every other tensor to half a level', () => {
    const { offset, rows, columns } = layout.tensors['forward.in'];
    for (let i = offset; i < offset + rows * columns; i++)
      expect(Math.abs(back[i] - trained[i])).toBeLessThan(0.51 * LEVEL);
  });

  test('are those of step 0 where nothing was trained', () => {
    expect(unpackParameters(layout, initial, packParameters(layout, initial, initial, store), store)).toEqual(initial);
  });

  test('of another Supervisor are refused by the name of the tensor', () => {
    const wider = layoutParameters({ dimensions, width: 32, heads: 2, depth: 1, skills: 0 });
    expect(() => unpackParameters(wider, initialParameters(wider, 3), packed, store)).toThrow('"forward.token"');
  });
});

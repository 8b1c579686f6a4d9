/** The smallest graphs, run by onnxruntime: what the builder writes is what an engine reads. */
import { onnx } from 'onnx-proto';
import { describe, expect, test } from 'vitest';
import { GraphBuilder, OPSET } from './graphBuilder.ts';
import { runtimeInNode } from './runtime.fixture.ts';

const TEXT = { name: 'small', about: 'A small graph.', version: '1.2.3', metadata: { encoder: 'hashed-4' } };
const float = (data: readonly number[], ...dims: readonly number[]) =>
  ({ type: 'float32', data: Float32Array.from(data), dims }) as const;

/** y = x W, with as many rows as are given. */
function product(): GraphBuilder {
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', ['rows', 2], 'two numbers a row');
  const w = g.constant('w', [2, 3], Float32Array.of(1, 2, 3, 4, 5, 6));
  g.output(g.op('MatMul', [x, w]), 'y', ['rows', 3], 'three numbers a row');
  return g;
}

describe('a graph', () => {
  test('is run with any number of rows, none among them', async () => {
    const model = await (await runtimeInNode()).load(await product().bytes(TEXT));
    expect([model.inputs, model.outputs]).toEqual([['x'], ['y']]);
    const { y } = await model.run({ x: float([1, 0, 0, 1, 1, 1], 3, 2) });
    expect([...y.data]).toEqual([1, 2, 3, 4, 5, 6, 5, 7, 9]);
    expect([...(await model.run({ x: float([], 0, 2) })).y.data]).toEqual([]);
    await model.release();
  });

  test('says in its file what it is, what it reads and in what shapes', async () => {
    const bytes = await product().bytes(TEXT);
    const model = onnx.ModelProto.decode(bytes);
    expect(model.opsetImport.map(({ version }) => Number(version))).toEqual([OPSET]);
    expect([model.producerName, model.producerVersion, model.docString]).toEqual([
      'skillflow-lab',
      '1.2.3',
      'A small graph.',
    ]);
    expect(model.metadataProps.map(({ key, value }) => [key, value])).toEqual([['encoder', 'hashed-4']]);
    const [x] = model.graph?.input ?? [];
    expect([x.name, x.docString]).toEqual(['x', 'two numbers a row']);
    const dims = x.type?.tensorType?.shape?.dim ?? [];
    expect(dims.map(({ dimParam, dimValue }) => dimParam || Number(dimValue))).toEqual(['rows', 2]);
    const [w] = model.graph?.initializer ?? [];
    const data = Uint8Array.from(w.rawData ?? []);
    expect([...new Float32Array(data.buffer)]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('gives the same bytes when it is built again', async () => {
    expect(await product().bytes(TEXT)).toEqual(await product().bytes(TEXT));
  });

  test('makes a whole number once, however often it is asked for', () => {
    const g = new GraphBuilder();
    expect(g.integers(1, 2)).toBe(g.integers(1, 2));
    expect(g.integer(1)).not.toBe(g.integers(1));
  });

  test('refuses a name that is taken, a value that is not there, and data that does not fill its shape', () => {
    const g = product();
    expect(() => g.input('x', 'float32', [1], '')).toThrow('has a value "x" already');
    expect(() => g.op('Relu', ['z'])).toThrow('Relu reads "z"');
    expect(() => g.constant('v', [2, 2], Float32Array.of(1, 2, 3))).toThrow('"v" is [2,2] and has 3 elements');
  });
});

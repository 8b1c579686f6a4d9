/** The export against the lab's own pass, run by onnxruntime-web, and what the comparison finds. */
import { onnx } from 'onnx-proto';
import { beforeAll, describe, expect, test } from 'vitest';
import { hashedEncoder } from '../encoder/hashedEncoder.ts';
import type { OnnxRuntime } from '../encoder/onnxRuntime.ts';
import { matchingWords } from '../encoder/textFeatures.ts';
import type { TaskGraph } from '../graph/taskGraph.ts';
import type { Composite, Task } from '../graph/world.ts';
import { contestMath } from '../worlds/contestMath/index.ts';
import { diamond } from '../worlds/diamond/index.ts';
import { household } from '../worlds/household/index.ts';
import { randomSource } from '../worlds/random.ts';
import { twoHopQa } from '../worlds/twoHopQa/index.ts';
import type { OnnxFiles, TrainedParts } from './exportOnnx.ts';
import { exportOnnx } from './exportOnnx.ts';
import { runtimeInNode } from './onnx/runtime.fixture.ts';
import type { SupervisorShape } from './parameters.ts';
import { initialParameters, layoutParameters } from './parameters.ts';
import type { ExportedNetwork } from './verifyExport.ts';
import { TOLERANCE, verifyExport } from './verifyExport.ts';

const ALL: TrainedParts = { flow: 'head', logZ: true, backward: 'entering' };
const TEXT = { version: '0', encoder: 'hashed', metadata: {} };
const SHAPE: SupervisorShape = { dimensions: 96, width: 48, heads: 4, depth: 2, skills: 4 };

let runtime: OnnxRuntime;
beforeAll(async () => {
  runtime = await runtimeInNode();
});

/** First values and noise on top, so that no head, bias or scalar of a skill is 0. */
function network(shape = SHAPE, parts = ALL): ExportedNetwork {
  const layout = layoutParameters(shape);
  const random = randomSource(7);
  const values = initialParameters(layout, 3).map((value) => value + 0.1 * (random.next() - 0.5));
  return { layout, values, parts, encoder: hashedEncoder(shape.dimensions) };
}

const exported = ({ layout, values, parts }: ExportedNetwork): Promise<OnnxFiles> =>
  exportOnnx(layout, values, parts, TEXT);

const skill = (slot: number, ...plan: string[]): Composite => ({ slot, name: `skill-${slot}`, plan, allows: [] });

/** Some tasks of a suite, unfolded when they are asked for. */
function* graphs(task: (index: number) => Task, count: number, skills: readonly Composite[]): Generator<TaskGraph> {
  for (let i = 0; i < count; i++) yield task(i).compile({ skills });
}

const suites: readonly (readonly [string, (index: number) => Task, readonly Composite[]])[] = [
  [
    'two-hop-qa',
    (index) => twoHopQa.task(twoHopQa.settings.parse({ steps: 4 }), 1, 'train', index),
    [skill(3, 'search {a}', 'follow {b} of {c}')],
  ],
  [
    'household',
    (index) => household.task(household.settings.parse({ horizon: 6, rooms: 2 }), 1, 'train', index),
    [skill(0, 'take {a} from the {b}', 'heat {a} with the {c}'), skill(2, 'go to the {a}', 'open the {a}')],
  ],
  [
    'contest-math',
    (index) => contestMath.task(contestMath.settings.parse({ fractions: false }), 1, 'train', index),
    [skill(1, 'multiply {a} by {b} to make {c}', 'add {d} and {e} to make {f}')],
  ],
];

describe.each(suites)('the export on 1,000 states of %s', (_, task, skills) => {
  test.each([
    ['without skills', []],
    ['with a library', skills],
  ] as const)(
    'is the lab’s own pass within 1e-5, %s',
    async (_name, library) => {
      const whole = network();
      const taken: TaskGraph[] = [];
      function* watched(): Generator<TaskGraph> {
        for (const graph of graphs(task, 40, library)) {
          taken.push(graph);
          yield graph;
        }
      }
      const check = await verifyExport(await exported(whole), whole, watched(), runtime, {
        states: 1000,
        perTask: 200,
      });
      expect(check.states).toBe(1000);
      expect(check.nodes).toBeGreaterThan(900);
      expect(taken.some((graph) => graph.skill.some((slot) => slot > 0))).toBe(library.length > 0);
      for (const [name, difference] of Object.entries(check.largest)) expect(difference, name).toBeLessThan(TOLERANCE);
      expect(check.verified).toBe(true);
      // Float32 in two orders of summing is not the same to the last bit.
      expect(check.largest.logPF).toBeGreaterThan(0);
    },
    60_000,
  );
});

describe('the export', () => {
  const math = (count: number) =>
    graphs((index) => contestMath.task(contestMath.settings.parse({ numbers: 3 }), 1, 'train', index), count, []);

  test('holds the published backward policy, over all actions of the state before, where that is the one', async () => {
    const paper = network(SHAPE, { ...ALL, backward: 'actions' });
    const check = await verifyExport(await exported(paper), paper, math(3), runtime, { states: 200, perTask: 100 });
    expect(check.verified).toBe(true);
    expect(check.largest.logPB).toBeGreaterThan(0);
  });

  test('is given cosines where they are of words, and is the lab’s own pass then too', async () => {
    const whole = network();
    const words = { ...whole, parts: { ...ALL, matches: 'words' }, encoder: matchingWords(whole.encoder) } as const;
    const files = await exported(words);
    const check = await verifyExport(files, words, math(3), runtime, { states: 200, perTask: 100 });
    expect(check.verified, JSON.stringify(check.largest)).toBe(true);
  });

  test.each([
    ['one of everything', { dimensions: 5, width: 1, heads: 1, depth: 0, skills: 0 }],
    ['awkward sizes', { dimensions: 7, width: 15, heads: 3, depth: 3, skills: 4 }],
  ])('is right at %s, and where a state holds nothing', async (_, shape) => {
    const small = network(shape);
    const graph = diamond.task({}, 1, 'train', 0).compile();
    // As if its root had no items.
    const bare = { ...graph, itemStart: graph.itemStart.map((at, node) => (node === 0 ? graph.itemStart[1] : at)) };
    const check = await verifyExport(await exported(small), small, [bare, ...math(1)], runtime, { states: 60 });
    expect(check.verified, JSON.stringify(check.largest)).toBe(true);
  });

  test('is within 1e-5 in float64 where numbers are too large for float32', async () => {
    const whole = network();
    // As training can drive them: log-probabilities far below those of a first network.
    const sharp = { ...whole, values: whole.values.map((value) => 1.5 * value) };
    const single = await verifyExport(await exported(sharp), sharp, math(3), runtime, { states: 200, perTask: 100 });
    expect(single.verified).toBe(false);
    const precise = { ...sharp, precision: 'float64' } as const;
    const files = await exportOnnx(sharp.layout, sharp.values, ALL, TEXT, 'float64');
    const double = await verifyExport(files, precise, math(3), runtime, { states: 200, perTask: 100 });
    expect(double.verified, JSON.stringify(double.largest)).toBe(true);
  });

  test('leaves out what was not trained', async () => {
    const forward = network(SHAPE, { flow: null, logZ: false, backward: null });
    const files = await exported(forward);
    expect(files.backward).toBeNull();
    const model = await runtime.load(files.policy);
    expect(model.outputs).toEqual(['logPF']);
    await model.release();
    const check = await verifyExport(files, forward, math(1), runtime, { states: 20 });
    expect(check).toMatchObject({ nodes: 0, largest: { logPB: null, logF: null, logZ: null }, verified: true });
  });

  test('has the sum of the logits in log F where that is read off the edges', async () => {
    const [byHead, byEdges] = (['head', 'edges'] as const).map((flow) => network(SHAPE, { ...ALL, flow }));
    const check = await verifyExport(await exported(byEdges), byEdges, math(2), runtime, { states: 40 });
    expect(check.verified, JSON.stringify(check.largest)).toBe(true);
    // The weights are the same, so the other model has another log F, and nothing else.
    const other = await verifyExport(await exported(byHead), byEdges, math(2), runtime, { states: 40 });
    expect(other.largest.logF).toBeGreaterThan(0.1);
    expect(other.largest.logPF).toBeLessThan(TOLERANCE);
  });

  test('holds the weights as they are', async () => {
    const whole = network();
    const { graph } = onnx.ModelProto.decode((await exported(whole)).policy);
    const gain = graph?.initializer?.find(({ name }) => name?.startsWith('forward.gain'));
    const { offset } = whole.layout.tensors['forward.gain'];
    const data = Uint8Array.from(gain?.rawData ?? []);
    expect([...new Float32Array(data.buffer)]).toEqual([...whole.values.subarray(offset, offset + SHAPE.heads)]);
  });

  test('is refused parameters of another network', async () => {
    const { layout, values } = network();
    await expect(exportOnnx(layout, values.subarray(1), ALL, TEXT)).rejects.toThrow('for a Supervisor of');
  });
});

describe('the comparison', () => {
  const one = () =>
    graphs((index) => contestMath.task(contestMath.settings.parse({ numbers: 3 }), 1, 'train', index), 1, []);

  /** A model with one weight of a constant changed by so much. */
  function tampered(bytes: Uint8Array, name: string, by: number): Uint8Array<ArrayBuffer> {
    const model = onnx.ModelProto.decode(bytes);
    const tensor = model.graph?.initializer?.find((one) => one.name?.startsWith(name));
    if (!tensor?.rawData) throw new Error(`no constant ${name}`);
    const data = new Float32Array(Uint8Array.from(tensor.rawData).buffer);
    data[0] += by;
    tensor.rawData = new Uint8Array(data.buffer);
    return Uint8Array.from(onnx.ModelProto.encode(model).finish());
  }

  test.each([
    ['policy', 'forward.token', 'logPF'],
    ['policy', 'forward.head', 'logPF'],
    ['policy', 'forward.gain', 'logPF'],
    ['policy', 'flow.head', 'logF'],
    ['policy', 'logZ.head', 'logZ'],
    ['backward', 'backward.action', 'logPB'],
    ['backward', 'backward.parent', 'logPB'],
  ] as const)('finds a weight of %s.onnx that is not the lab’s: %s', async (file, weight, at) => {
    const whole = network();
    const files = await exported(whole);
    const bytes = files[file];
    if (bytes === null) throw new Error('the export has no backward policy');
    const wrong = { ...files, [file]: tampered(bytes, weight, 0.05) };
    const check = await verifyExport(wrong, whole, one(), runtime, { states: 40 });
    expect(check.verified).toBe(false);
    expect(check.largest[at]).toBeGreaterThan(TOLERANCE);
  });

  test('finds what is no number', async () => {
    const whole = network();
    const files = await exported(whole);
    const wrong = { ...files, policy: tampered(files.policy, 'forward.token', Number.NaN) };
    const check = await verifyExport(wrong, whole, one(), runtime, { states: 4 });
    expect([check.verified, check.largest.logPF]).toEqual([false, Number.POSITIVE_INFINITY]);
  });

  test('verifies nothing by no states', async () => {
    const whole = network();
    expect(await verifyExport(await exported(whole), whole, [], runtime)).toMatchObject({ states: 0, verified: false });
  });

  test('ends when it is given up', async () => {
    const whole = network();
    const check = verifyExport(await exported(whole), whole, one(), runtime, { signal: AbortSignal.abort() });
    await expect(check).rejects.toThrow('aborted');
  });

  test('passes on what onnxruntime says of bytes that are no model', async () => {
    await expect(runtime.load(new Uint8Array([1, 2, 3]))).rejects.toThrow('protobuf parsing failed');
  });
});

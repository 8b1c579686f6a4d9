/** Runs with a sentence encoder, in Node: from files and addresses to a record, and what becomes of a trained Supervisor. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EncoderFailed } from '../../src/encoder/encoderFailed.ts';
import { tinyModel, tokenizerJson, WIDTH } from '../../src/encoder/onnxModel.fixture.ts';
import { createCpuBackend } from '../../src/gpu/cpuBackend.ts';
import { encodeCheckpoint } from '../../src/training/checkpoint.ts';
import type { ConfigInput, RunConfig } from '../../src/training/config.ts';
import { openTrainer } from '../../src/training/openTrainer.ts';
import { parseRecord } from '../../src/training/recordSchema.ts';
import { resolveConfig } from '../../src/training/resolve.ts';
import { createTrainer, type Trainer } from '../../src/training/trainer.ts';
import { main } from './main.ts';
import { nodeEncoders } from './nodeEncoders.ts';
import { runInNode } from './nodeRun.ts';

const folder = mkdtempSync(join(tmpdir(), 'skillflow-sentences-'));
const model = join(folder, 'model.onnx');
const tokenizer = join(folder, 'tokenizer.json');
const never = new AbortController().signal;
const hooks = { signal: never, onProgress: () => {}, openEncoder: nodeEncoders };
let server: Server;
let origin: string;

beforeAll(async () => {
  writeFileSync(model, tinyModel());
  writeFileSync(tokenizer, tokenizerJson());
  server = createServer((request, response) => {
    if (request.url === '/model.onnx') response.end(tinyModel());
    else if (request.url === '/tokenizer.json') response.end(tokenizerJson());
    else if (request.url === '/corrupt.onnx') response.end(tinyModel().map((byte, i) => (i < 40 ? byte ^ 0x55 : byte)));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

function config(encoder: ConfigInput['encoder'], change: Partial<ConfigInput> = {}): RunConfig {
  return resolveConfig({
    version: 1,
    device: 'cpu',
    steps: 6,
    evaluation: { every: 3 },
    suites: [{ name: 'tree', settings: { depth: 2, branching: 2 }, train: 2 }],
    encoder,
    supervisor: { width: 16 },
    rollout: { tasksPerStep: 2, trajectoriesPerTask: 4 },
    ...change,
  });
}
const fromFiles = { kind: 'onnx', model, tokenizer } as const;
const open = (encoder: ConfigInput['encoder']): Promise<Trainer> =>
  createTrainer(config(encoder), createCpuBackend(), hooks);

describe('a run with a sentence encoder', () => {
  test('trains to its end, and its record names the model and its dimensions and can be read again', async () => {
    const record = await runInNode({ config: config(fromFiles), signal: never });
    expect(record.stopped).toBe('finished');
    expect(record.encoder?.dimensions).toBe(WIDTH);
    expect(record.encoder?.id).toMatch(/^onnx-[0-9a-f]{16}-[0-9a-f]{16}-wasm$/);
    expect(record.config.encoder).toEqual({ ...fromFiles, provider: 'wasm' });
    expect(parseRecord(JSON.parse(JSON.stringify(record)))).toEqual(JSON.parse(JSON.stringify(record)));
  });

  test('gives the same steps from addresses as from files', async () => {
    const byAddress = { kind: 'onnx', model: `${origin}/model.onnx`, tokenizer: `${origin}/tokenizer.json` } as const;
    const [a, b] = await Promise.all([
      runInNode({ config: config(fromFiles), signal: never }),
      runInNode({ config: config(byAddress), signal: never }),
    ]);
    expect(b.steps).toEqual(a.steps);
    expect(b.encoder).toEqual(a.encoder);
  });

  test('with evolution opens its model once for all libraries that it tries', async () => {
    let opened = 0;
    const openEncoder: typeof nodeEncoders = (settings, own) => {
      opened++;
      return nodeEncoders(settings, own);
    };
    const suite = { name: 'two-hop-qa', settings: { steps: 2, evidence: 3, hurried: 0.7, countries: 12 } };
    const evolving = config(fromFiles, {
      steps: 30,
      optimiser: { lr: 0.005, clip: 10 },
      suites: [{ ...suite, train: 24, validation: 8 }],
      supervisor: { width: 16, heads: 2 },
      objective: { kind: 'tb' },
      rollout: { tasksPerStep: 8, trajectoriesPerTask: 8 },
      evolution: {
        slots: 4,
        control: 'random-place',
        when: { window: 3, rho: 0.9, windows: 1 },
        what: { walks: 16, tasks: 24 },
        where: { candidates: 1 },
        gate: { steps: 1, seeds: 1 },
      },
    });
    const trainer = await openTrainer(evolving, createCpuBackend(), { ...hooks, openEncoder });
    if (!('change' in trainer)) throw new Error('The config has no evolution.');
    // A phase is carried out in units in the place of steps.
    while (trainer.step < 30 || trainer.evolving) await trainer.train(1);
    // It held trials of another library, and a change by hand unfolds the tasks anew.
    expect(trainer.events.length).toBeGreaterThan(0);
    const plan = ['search {a}', 'follow {b} of {c}'];
    const draft = { name: 'by-hand', description: 'By hand.', plan, pitfall: '', constraint: '', allows: ['search'] };
    await trainer.change({ kind: 'add', draft });
    expect(trainer.library.skills.map(({ name }) => name)).toContain('by-hand');
    expect(opened).toBe(1);
  });

  test.each([
    ['not-found', { model: '/none.onnx' }],
    ['not-onnx', { model: '/tokenizer.json' }],
    ['not-onnx', { model: '/corrupt.onnx' }],
    ['bad-tokenizer', { tokenizer: '/model.onnx' }],
    ['not-found', { tokenizer: '/none.json' }],
  ])('fails with %s before anything is trained where it names %j', async (fault, change: Record<string, string>) => {
    const paths = { model: '/model.onnx', tokenizer: '/tokenizer.json', ...change };
    const wrong = config({ kind: 'onnx', model: origin + paths.model, tokenizer: origin + paths.tokenizer });
    const failed = await runInNode({ config: wrong, signal: never }).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(EncoderFailed);
    expect(failed).toMatchObject({ fault });
  });

  test('says on the command line where it looked for a file, and what to do, and ends with 2', async () => {
    const path = join(folder, 'config.json');
    writeFileSync(path, JSON.stringify({ ...config(fromFiles), encoder: { ...fromFiles, model: 'no/such.onnx' } }));
    const said: unknown[] = [];
    const error = console.error;
    console.error = (line: unknown) => said.push(line);
    try {
      expect(await main(['run', path, '--on', 'node', '--out', join(folder, 'none.json')])).toBe(2);
    } finally {
      console.error = error;
    }
    expect(said.join('\n')).toContain(join(process.cwd(), 'no/such.onnx'));
    expect(said.join('\n')).toContain('Paths begin where the command was called');
  });

  test('is refused where the config gives other dimensions than the model has, with the right number', async () => {
    await expect(open({ ...fromFiles, dimensions: 32 })).rejects.toThrow(
      'encoder.dimensions holds 32; the model gives vectors of 16 numbers: leave it out, or write 16',
    );
    expect((await open({ ...fromFiles, dimensions: 16 })).encoder.dimensions).toBe(16);
  });

  test('is refused before anything is read where model or tokenizer is missing', () => {
    expect(() => config({ kind: 'onnx' })).toThrow(
      /encoder\.model holds nothing[\s\S]*encoder\.tokenizer holds nothing/,
    );
  });

  test('leaves what only the other kind reads out of the config: what runs alike has one name', () => {
    const plain = config({ dimensions: 16 });
    expect(config({ dimensions: 16, model: 'model.onnx', provider: 'webgpu' })).toEqual(plain);
    expect(plain.encoder).toEqual({ kind: 'hashed', dimensions: 16 });
    expect(config({}).encoder).toEqual({ kind: 'hashed', dimensions: 256 });
  });
});

describe('a trained Supervisor under another encoder', () => {
  test('is refused, with both names and what it means, and the trainer stays as it was', async () => {
    const trained = await open(fromFiles);
    await trained.train(3);
    const snapshot = await trained.save();
    expect(snapshot.metadata.encoder).toBe(trained.encoder.id);
    // As many dimensions, so only the name tells.
    const other = await open({ dimensions: WIDTH });
    await other.train(1);
    const before = await other.save();
    expect(() => other.restore(snapshot)).toThrow(
      /trained on the vectors of the encoder "onnx-\w+-\w+-wasm", and this run has "hashed-16".*must be trained anew/s,
    );
    expect(await other.save()).toEqual(before);
    expect(() => trained.restore(before)).toThrow(/"hashed-16", and this run has "onnx-/);
    trained.restore(snapshot);
    expect(trained.step).toBe(3);
  });

  test('that was kept before checkpoints named their encoder goes on under the hashed one only', async () => {
    const hashed = await open({ dimensions: WIDTH });
    await hashed.train(2);
    const { tensors, metadata } = await hashed.save();
    const { encoder: _, ...old } = metadata;
    const fresh = await open({ dimensions: WIDTH });
    fresh.restore({ tensors, metadata: old });
    expect(fresh.step).toBe(2);
    const onnx = await open(fromFiles);
    expect(() => onnx.restore({ tensors, metadata: old })).toThrow(/encoder "hashed", and this run has "onnx-/);
  });

  test('of a kept run whose model file was replaced: the run stands at step 0 and says why', async () => {
    const own = join(folder, 'own.onnx');
    writeFileSync(own, tinyModel());
    const checkpoints = join(folder, 'checkpoints');
    const settings = config({ ...fromFiles, model: own }, { steps: 400 });
    const cancel = new AbortController();
    const onStep = ({ step }: { step: number }): void => {
      if (step >= 3) cancel.abort();
    };
    const parted = await runInNode({ config: settings, signal: cancel.signal, folder: checkpoints, onStep });
    expect(parted.stopped).toBe('cancelled');
    const news: string[] = [];
    const resume = async (): Promise<number> => {
      const stop = new AbortController();
      const steps: number[] = [];
      const options = { config: settings, signal: stop.signal, folder: checkpoints, resume: true };
      const keep = ({ step }: { step: number }): void => {
        steps.push(step);
        stop.abort();
      };
      await runInNode({ ...options, onStep: keep, onNews: (text) => news.push(text) });
      return steps[0] ?? 0;
    };
    const reached = parted.steps.length;
    expect(await resume()).toBeGreaterThan(reached);
    expect(news).toEqual([]);
    writeFileSync(own, tinyModel({ gives: 'texts' }));
    expect(await resume()).toBe(1);
    expect(news).toHaveLength(1);
    expect(news[0]).toMatch(/stands at step 0.*The same text has another vector there.*must be trained anew/s);
  });

  test('travels with its encoder in an exported checkpoint', async () => {
    const trainer = await open(fromFiles);
    const snapshot = await trainer.save();
    const timing = { startedAt: '', seconds: 0, trainingSeconds: 0 };
    const bytes = encodeCheckpoint({ config: trainer.config, step: 0, snapshot, steps: [], evaluations: [], timing });
    expect(new TextDecoder().decode(bytes)).toContain(trainer.encoder.id);
  });
});

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, test, vi } from 'vitest';
import { ask, failureOf } from '../contract.fixture.ts';
import { GpuTurns, NoMoreTurns } from '../gpuTurns.ts';
import { ModelFailure, type ModelFailureKind } from '../modelFailure.ts';
import type { download } from './download.ts';
import { injectedDevice } from './injectedEngine.fixture.ts';
import { sentFailure } from './protocol.ts';
import type { WebLLMSettings } from './settings.ts';
import { TINY_CONFIG, type TinyOptions, tinyPlatform, tinyWorker } from './tinyModel.fixture.ts';
import { createWebLLM, type WebLLM, type WebLLMHooks } from './webllm.ts';

const MODEL = 'SmolLM2-360M-Instruct-q4f32_1-MLC';
const CUSTOM = {
  weights: 'https://models.example/mine/resolve/main/',
  library: 'https://models.example/mine.wasm',
};

interface Loaded {
  readonly model: WebLLM;
  readonly worker: ReturnType<typeof tinyWorker>;
}

async function load(
  options: TinyOptions = {},
  settings: WebLLMSettings = { model: MODEL },
  hooks: WebLLMHooks = {},
): Promise<Loaded> {
  const worker = tinyWorker(options);
  return { model: await createWebLLM(settings, { ...hooks, platform: tinyPlatform(worker) }), worker };
}

describe('before anything is downloaded', () => {
  const nothingStarts = { loadEngine: vi.fn(), startWorker: vi.fn() };

  test.each<[ModelFailureKind, boolean]>([
    ['no-adapter', true],
    ['insecure-page', false],
  ])('%s is told, and neither engine nor worker is started', async (kind, secure) => {
    const readDevice = () => Promise.resolve({ secure, adapter: null, memory: null });
    const loading = createWebLLM({ model: MODEL }, { platform: { ...nothingStarts, readDevice } });
    expect((await failureOf(loading)).kind).toBe(kind);
    expect(nothingStarts.loadEngine).not.toHaveBeenCalled();
    expect(nothingStarts.startWorker).not.toHaveBeenCalled();
  });

  test.each<[string, string, ModelFailureKind, RegExp]>([
    ['a model that needs what the GPU lacks', 'SmolLM2-360M-Instruct-q4f16_1-MLC', 'unsupported', /q4f32_1-MLC/],
    ['a model that is not listed', 'no-such-model', 'not-found', /"no-such-model"/],
    ['a model of embeddings', 'snowflake-arctic-embed-s-q0f32-MLC-b4', 'not-found', /no language model/],
  ])('%s is refused, and no worker is started', async (_, model, kind, words) => {
    const platform = { ...tinyPlatform(), startWorker: nothingStarts.startWorker };
    const failure = await failureOf(createWebLLM({ model }, { platform }));
    expect(failure.kind).toBe(kind);
    expect(failure.message).toMatch(words);
    expect(nothingStarts.startWorker).not.toHaveBeenCalled();
  });

  test.each<[string, WebLLMSettings, RegExp]>([
    [
      'weights by a relative address',
      { model: { ...CUSTOM, weights: 'models/mine' } },
      /absolute address.*model\.weights/,
    ],
    ['a library by a path', { model: { ...CUSTOM, library: '/mine.wasm' } }, /absolute address/],
    ['a file of this disk', { model: { ...CUSTOM, weights: 'file:///mine/' } }, /absolute address/],
    ['a hash that is none', { model: { ...CUSTOM, integrity: { config: 'md5-00' } } }, /sha256-/],
    ['a context of no tokens', { model: MODEL, contextTokens: 0 }, /contextTokens/],
  ])('%s is refused', async (_, settings, words) => {
    const failure = await failureOf(createWebLLM(settings, { platform: tinyPlatform() }));
    expect(failure.kind).toBe('bad-request');
    expect(failure.message).toMatch(words);
  });

  test('a WebLLM that cannot be loaded itself is told as that', async () => {
    const loadEngine = () => Promise.reject(new TypeError('Failed to fetch dynamically imported module'));
    const loading = createWebLLM({ model: MODEL }, { platform: { ...tinyPlatform(), loadEngine } });
    expect((await failureOf(loading)).kind).toBe('unreachable');
  });
});

describe('loading', () => {
  test('downloads, then loads, and tells of both', async () => {
    const phases: string[] = [];
    const { worker } = await load({}, { model: MODEL }, { onProgress: ({ phase }) => phases.push(phase) });
    expect(phases[0]).toBe('download');
    expect(worker.asked.map(({ kind }) => kind)).toEqual(
      ['setLogLevel', 'setAppConfig', 'reload', 'getMessage'].sort(
        (a, b) => worker.asked.findIndex(({ kind }) => kind === a) - worker.asked.findIndex(({ kind }) => kind === b),
      ),
    );
  });

  test('gives the engine one model, by its absolute addresses, with context and hashes', async () => {
    const hash = `sha256-${'A'.repeat(43)}=`;
    const { worker } = await load(
      {},
      { model: { ...CUSTOM, integrity: { library: hash, tokenizer: { 'tokenizer.json': hash } } }, contextTokens: 512 },
    );
    expect(worker.asked.find(({ kind }) => kind === 'setAppConfig')?.content).toEqual({
      cacheBackend: 'cache',
      model_list: [
        {
          model: CUSTOM.weights,
          model_id: CUSTOM.weights,
          model_lib: CUSTOM.library,
          overrides: { context_window_size: 512, sliding_window_size: -1 },
          integrity: { model_lib: hash, tokenizer: { 'tokenizer.json': hash } },
        },
      ],
    });
  });

  test('names models apart by all that may change an answer', async () => {
    const settings: WebLLMSettings[] = [
      { model: MODEL },
      { model: MODEL, contextTokens: 512 },
      { model: MODEL, thinking: true },
      { model: CUSTOM },
      { model: { ...CUSTOM, library: 'https://models.example/other.wasm' } },
    ];
    const ids: string[] = [];
    for (const each of settings) ids.push((await load({}, each)).model.id);
    expect(new Set(ids).size).toBe(settings.length);
    expect(ids[0]).toBe(`webllm 0.2.86, ${MODEL}, context 4096, on tiny`);
  });

  test('is cancelled during the download: the worker is stopped, and the reason comes back', async () => {
    const never: typeof download = (_, { onProgress } = {}) => {
      onProgress?.({ phase: 'download', files: 0, ofFiles: 3, bytes: 0, ofBytes: null, fraction: null, text: '' });
      return new Promise(() => {});
    };
    const worker = tinyWorker({}, never);
    const controller = new AbortController();
    const reason = new Error('no longer wanted');
    const loading = createWebLLM(
      { model: MODEL },
      { signal: controller.signal, onProgress: () => controller.abort(reason), platform: tinyPlatform(worker) },
    );
    await expect(loading).rejects.toBe(reason);
    expect(worker.stopped).toBe(true);
  });

  test('tells what the download said', async () => {
    const said = new ModelFailure('quota', 'The storage of the browser is full.', 'Delete models.');
    const worker = tinyWorker({}, () => Promise.reject(said));
    const failure = await failureOf(createWebLLM({ model: MODEL }, { platform: tinyPlatform(worker) }));
    expect([failure.kind, failure.message, failure.advice]).toEqual([said.kind, said.message, said.advice]);
    expect(sentFailure(said)).toEqual({
      kind: 'quota',
      happened: 'The storage of the browser is full.',
      advice: 'Delete models.',
    });
    expect(worker.stopped).toBe(true);
  });

  test.each<[string, boolean, ModelFailureKind]>([
    ['memory', true, 'out-of-memory'],
    ['something else', false, 'device-lost'],
  ])(
    'ends when the device is lost to %s while it loads, though the engine says nothing of it',
    async (_, memory, kind) => {
      const worker = tinyWorker({}, () => new Promise(() => {}));
      const loading = failureOf(createWebLLM({ model: MODEL }, { platform: tinyPlatform(worker) }));
      setImmediate(() => worker.say({ lab: 'lost', memory, said: 'the words of the browser' }));
      const failure = await loading;
      expect(failure.kind).toBe(kind);
      expect(failure.message).toContain('the words of the browser');
      expect(worker.stopped).toBe(true);
    },
  );

  test('ends when the program of the worker cannot be loaded', async () => {
    const worker = tinyWorker({}, () => new Promise(() => {}));
    const loading = failureOf(createWebLLM({ model: MODEL }, { platform: tinyPlatform(worker) }));
    setImmediate(() => worker.crash('its program could not be loaded'));
    expect((await loading).kind).toBe('server-error');
  });
});

describe('a request', () => {
  test('has the fields that the engine reads, each of them given, and no other', async () => {
    const { model, worker } = await load();
    await model.complete(ask('one', { seed: 7, maxTokens: 5 }));
    const [{ content }] = worker.asked.filter(({ kind }) => kind === 'chatCompletionStreamInit');
    expect(content).toMatchObject({
      request: {
        model: MODEL,
        messages: [{ role: 'user', content: 'one' }],
        stream: true,
        stream_options: { include_usage: true },
        max_tokens: 5,
        temperature: 0,
        top_p: 1,
        frequency_penalty: 0,
        presence_penalty: 0,
        repetition_penalty: 1,
        seed: 7,
      },
    });
    const { request } = content as { request: object };
    // Each name stands in the engine's own reading of a request; one that it does not know would pass in silence.
    const engine = readFileSync(createRequire(import.meta.url).resolve('@mlc-ai/web-llm'), 'utf8');
    for (const field of Object.keys(request)) expect(engine, field).toContain(`request.${field}`);
    expect(Object.keys(request).length).toBe(11);
    await model.close();
  });

  test.each([0, 1, -1, -(2 ** 40), 2 ** 31 - 1, Number.MAX_SAFE_INTEGER])(
    'takes the seed %d, which the engine may not',
    async (seed) => {
      const seeds: number[] = [];
      const { model } = await load({ onSeed: (given) => seeds.push(given) });
      await model.complete(ask('one', { seed, maxTokens: 1 }));
      expect(seeds[0]).toBeGreaterThanOrEqual(0);
      await model.close();
    },
  );

  test('reaches the model word for word, though the engine fills templates in with String.replace', async () => {
    const prompts: string[] = [];
    const { model } = await load({ onPrompt: (text) => prompts.push(text) });
    const tricky = "$$x^2$$ $& $' $` $1 $<a>";
    await model.complete({
      ...ask(''),
      messages: [
        { role: 'system', content: `s ${tricky}` },
        { role: 'user', content: `u ${tricky}` },
        { role: 'assistant', content: `a ${tricky}` },
        { role: 'user', content: `v ${tricky}` },
      ],
    });
    expect(prompts.at(-1)).toBe(
      `<system>s ${tricky}</system>\n<user>u ${tricky}\n<assistant>a ${tricky}\n<user>v ${tricky}\n<assistant>`,
    );
    await model.close();
  });

  test('begins anew each time, though a dialogue goes on from the last one', async () => {
    const { model } = await load();
    const first = await model.complete(ask('one', { maxTokens: 64 }));
    expect(first.finish).toBe('stop');
    const dialogue = ask('', {
      messages: [
        { role: 'user', content: 'one' },
        { role: 'assistant', content: first.text },
        { role: 'user', content: 'two' },
      ],
    });
    const after = await model.complete(dialogue);
    const alone = await (await load()).model.complete(dialogue);
    // All of the prompt is counted, and not only what the engine had not seen yet.
    expect([after.promptTokens, after.text]).toEqual([alone.promptTokens, alone.text]);
    await model.close();
  });

  test.each([
    [false, '<think>\n\n</think>\n\n'],
    [true, ''],
  ])('of a model that thinks: thinking %s', async (thinking, thought) => {
    const prompts: string[] = [];
    const { model } = await load(
      { onPrompt: (text) => prompts.push(text) },
      { model: 'Qwen3-0.6B-q4f32_1-MLC', thinking },
    );
    const told: string[] = [];
    const answer = await model.complete(ask('one', { maxTokens: 3 }), { onText: (soFar) => told.push(soFar) });
    expect(prompts[0].endsWith(`<assistant>${thought}`)).toBe(true);
    expect(answer.completionTokens).toBe(3);
    expect([...told, answer.text].join()).not.toContain('think');
    await model.close();
  });

  test('is counted, and so is one that broke', async () => {
    const { model } = await load({ failing: { broken: 'the kernel failed' } });
    const first = await model.complete(ask('one'));
    const second = await model.complete(ask('two'));
    expect((await failureOf(model.complete(ask('broken')))).kind).toBe('server-error');
    expect(model.totals()).toEqual({
      requests: 3,
      broken: 1,
      promptTokens: first.promptTokens + second.promptTokens,
      completionTokens: first.completionTokens + second.completionTokens,
      milliseconds: first.milliseconds + second.milliseconds,
    });
    // Prompt and template in bytes, each a token of this model.
    const { system_template, system_message, roles } = TINY_CONFIG.conv_template;
    const prompt = `${system_template.replace('{system_message}', system_message)}${roles.user}one\n${roles.assistant}`;
    expect(first.promptTokens).toBe(prompt.length);
    await model.close();
  });

  test.each<[string, Parameters<typeof ask>[1], RegExp]>([
    [
      'that ends with an answer',
      {
        messages: [
          { role: 'user', content: 'a' },
          { role: 'assistant', content: 'b' },
        ],
      },
      /MessageOrderError/,
    ],
    [
      'with instructions in the middle',
      {
        messages: [
          { role: 'user', content: 'a' },
          { role: 'system', content: 'b' },
          { role: 'user', content: 'c' },
        ],
      },
      /System prompt should always be the first/,
    ],
    ['whose schema is none', { schema: { type: 'no such type' } }, /GrammarMatcherInitError/],
  ])('%s is refused in the engine’s own words, and the next is answered', async (_, change, words) => {
    const { model } = await load();
    const failure = await failureOf(model.complete(ask('one', change)));
    expect(failure.message).toMatch(words);
    expect(failure.kind).toBe('bad-request');
    expect((await model.complete(ask('one'))).text).not.toBe('');
    const schema = { type: 'object', properties: { a: { type: 'boolean' } }, required: ['a'] };
    expect(JSON.parse((await model.complete(ask('one', { schema, maxTokens: 64 }))).text)).toHaveProperty('a');
    await model.close();
  });

  test('is interrupted within a token or two, and not answered to the end in vain', async () => {
    let tokens = 0;
    const { model } = await load({
      onToken: () => {
        tokens += 1;
      },
    });
    const controller = new AbortController();
    const reason = new Error('no longer wanted');
    const answer = model.complete(ask('one', { maxTokens: 64 }), {
      signal: controller.signal,
      onText: (soFar) => {
        if (soFar.length === 3) controller.abort(reason);
      },
    });
    await expect(answer).rejects.toBe(reason);
    const atAbort = tokens;
    expect(atAbort).toBeLessThanOrEqual(8);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(tokens).toBe(atAbort);
    await model.close();
  });
});

describe('a model whose worker comes to an end', () => {
  test.each<[string, (worker: Loaded['worker']) => void, ModelFailureKind]>([
    ['lost its GPU', (worker) => worker.say({ lab: 'lost', memory: false, said: '' }), 'device-lost'],
    ['ran out of memory', (worker) => worker.say({ lab: 'lost', memory: true, said: '' }), 'out-of-memory'],
    ['crashed', (worker) => worker.crash('out of memory'), 'server-error'],
  ])('%s: says so to what is under way and to all that comes', async (_, happen, kind) => {
    const { model, worker } = await load();
    const underWay = [failureOf(model.complete(ask('one'))), failureOf(model.complete(ask('two')))];
    happen(worker);
    for (const failure of await Promise.all(underWay)) expect(failure.kind).toBe(kind);
    expect((await failureOf(model.complete(ask('three')))).kind).toBe(kind);
    expect(worker.stopped).toBe(true);
    await model.close();
  });

  test('unloads the engine before the worker is stopped', async () => {
    const { model, worker } = await load();
    await model.complete(ask('one'));
    await model.close();
    expect(worker.asked.map(({ kind }) => kind).slice(-2)).toEqual(['interruptGenerate', 'unload']);
    expect(worker.stopped).toBe(true);
  });
});

describe('a model that shares its GPU', () => {
  test('takes a turn for each token, and a training run has its turns in between', async () => {
    // A token and a training step take one unit of time each.
    let time = 0;
    const turns = new GpuTurns(() => time);
    const { model } = await load(
      {
        onToken: () => {
          time += 1;
        },
      },
      { model: MODEL },
      { turns: turns.join('model') },
    );
    const training = turns.join('training');
    let steps = 0;
    let done = false;
    const run = (async () => {
      const turn = await training.turn();
      while (!done) {
        await new Promise((resolve) => setImmediate(resolve));
        steps += 1;
        time += 1;
        await turn.next();
      }
      turn.end();
    })();
    const stepsAt: number[] = [];
    const answer = await model.complete(ask('one', { maxTokens: 64 }), { onText: () => stepsAt.push(steps) });
    done = true;
    await run;
    expect(answer.completionTokens).toBeGreaterThan(10);
    const { holder, parties } = turns.report();
    expect(holder).toBeNull();
    const [ofModel, ofTraining] = parties;
    expect(ofModel.milliseconds).toBe(answer.completionTokens);
    expect(ofTraining.milliseconds).toBe(steps);
    // Steps were done while the answer grew, and not only before and after it.
    const [first, last] = [stepsAt[0], stepsAt[stepsAt.length - 1]];
    expect(last - first).toBeGreaterThanOrEqual(stepsAt.length - 2);
    expect(ofTraining.longestWait).toBeLessThanOrEqual(2);
    await model.close();
  });

  test('takes a turn for each tensor of its weights, and a training run has its turns in between', async () => {
    let time = 0;
    const turns = new GpuTurns(() => time);
    const training = turns.join('training');
    let [steps, done] = [0, false];
    const run = (async () => {
      const turn = await training.turn();
      while (!done) {
        await new Promise((resolve) => setImmediate(resolve));
        steps += 1;
        time += 1;
        await turn.next();
      }
      turn.end();
    })();
    const stepsAt: number[] = [];
    const onTensor = (): void => {
      expect(turns.report().holder).toBe('model');
      stepsAt.push(steps);
      time += 1;
    };
    const { model } = await load({ tensors: 20, onTensor }, { model: MODEL }, { turns: turns.join('model') });
    done = true;
    await run;
    expect(stepsAt.length).toBe(20);
    // A tensor and a step take one unit of time each, so they alternate; the first claims may be a tie.
    expect(stepsAt[19] - stepsAt[0]).toBeGreaterThanOrEqual(18);
    const { holder, parties } = turns.report();
    expect(holder).toBeNull();
    // The device, then twenty tensors: what comes after the last, as the compiling of kernels, is a slice as well.
    expect(parties[1]).toMatchObject({ name: 'model', turns: 21, milliseconds: 20, loading: 20, longestTurn: 1 });
    expect(parties[0].longestWait).toBeLessThanOrEqual(2);
    const answer = await model.complete(ask('one', { maxTokens: 4 }));
    const [, ofModel] = turns.report().parties;
    expect(ofModel.turns).toBeGreaterThan(21 + answer.completionTokens - 1);
    expect(ofModel.loading).toBe(20);
    await model.close();
  });

  test('loads in the same way, and without a word of turns, where nobody shares its GPU', async () => {
    let tensors = 0;
    const onTensor = (): void => {
      tensors += 1;
    };
    const { model } = await load({ tensors: 3, onTensor });
    expect(tensors).toBe(3);
    await model.close();
  });

  test.each<[string, (worker: Loaded['worker'], abort: () => void) => void]>([
    ['is cancelled', (_, abort) => abort()],
    ['loses its device', (worker) => worker.say({ lab: 'lost', memory: true, said: '' })],
    ['has its worker crash', (worker) => worker.crash('no reason')],
  ])('that %s while it waits for a turn to load wants none any more', async (_, happen) => {
    const turns = new GpuTurns();
    const training = await turns.join('training').turn();
    const controller = new AbortController();
    const worker = tinyWorker({ tensors: 2 });
    const loading = createWebLLM(
      { model: MODEL },
      { signal: controller.signal, turns: turns.join('model'), platform: tinyPlatform(worker) },
    ).then(
      () => 'loaded',
      () => 'ended',
    );
    await expect.poll(() => turns.report().parties[1].waiting).toBe(1);
    happen(worker, () => controller.abort(new Error('no longer wanted')));
    expect(await loading).toBe('ended');
    expect(turns.report().parties[1].waiting).toBe(0);
    training.end();
    expect(turns.report().holder).toBeNull();
    expect(worker.stopped).toBe(true);
  });

  test('that is cancelled between two tensors gives its turn back, and another can load', async () => {
    const turns = new GpuTurns();
    const taker = turns.join('model');
    const controller = new AbortController();
    const reason = new Error('no longer wanted');
    let tensors = 0;
    const onTensor = (): void => {
      tensors += 1;
      if (tensors === 2) controller.abort(reason);
    };
    const platform = tinyPlatform(tinyWorker({ tensors: 5, onTensor }));
    await expect(createWebLLM({ model: MODEL }, { signal: controller.signal, turns: taker, platform })).rejects.toBe(
      reason,
    );
    expect(turns.report().holder).toBeNull();
    const { model } = await load({ tensors: 5 }, { model: MODEL }, { turns: taker });
    expect(turns.report().holder).toBeNull();
    await model.close();
  });

  test('whose turns were left while it loads ends, and says so', async () => {
    const turns = new GpuTurns();
    const taker = turns.join('model');
    let tensors = 0;
    const onTensor = (): void => {
      tensors += 1;
      if (tensors === 2) taker.leave();
    };
    const worker = tinyWorker({ tensors: 5, onTensor });
    const loading = createWebLLM({ model: MODEL }, { turns: taker, platform: tinyPlatform(worker) });
    await expect(loading).rejects.toThrow(NoMoreTurns);
    expect(worker.stopped).toBe(true);
  });

  test('is loaded by a package that waits for the queue after each tensor, which is where its turns are taken', async () => {
    const engine = readFileSync(createRequire(import.meta.url).resolve('@mlc-ai/web-llm'), 'utf8');
    expect(engine).toMatch(/yield device\.sync\(\);\s+this\.tensorCacheUpdate\(rec\.name, gpu_arr, false\);/);
    expect(engine).toMatch(/sync\(\) \{[^}]*\{[^}]*\{[^}]*\}[^}]*this\.device\.queue\.onSubmittedWorkDone\(\);/);
  });

  test('gives its turn back when it is interrupted, fails or is closed', async () => {
    const turns = new GpuTurns();
    const { model } = await load(
      { failing: { broken: 'the kernel failed' } },
      { model: MODEL },
      { turns: turns.join('model') },
    );
    const controller = new AbortController();
    const reason = new Error('no longer wanted');
    const aborted = model.complete(ask('one'), { signal: controller.signal, onText: () => controller.abort(reason) });
    await expect(aborted).rejects.toBe(reason);
    expect(turns.report().holder).toBeNull();
    await failureOf(model.complete(ask('broken')));
    expect(turns.report().holder).toBeNull();

    const other = await turns.join('training').turn();
    const waiting = failureOf(model.complete(ask('one')));
    // Its turn is asked for by now, and comes when there is nobody left to take it.
    await expect.poll(() => turns.report().parties[0].waiting).toBe(1);
    await model.close();
    expect((await waiting).kind).toBe('closed');
    other.end();
    await expect.poll(() => turns.report().holder).toBeNull();
    expect(model.over).toBe(true);
  });

  test('runs on the device that it was shown', async () => {
    expect((await load()).model.adapter).toBe(injectedDevice.adapter);
  });
});

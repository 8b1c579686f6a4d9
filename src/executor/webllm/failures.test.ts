import { afterEach, describe, expect, test, vi } from 'vitest';
import { MODEL_FAILURES, ModelFailure, type ModelFailureKind } from '../modelFailure.ts';
import { LEAST_LIMITS } from './device.ts';
import { engineFailure, kindOf } from './failures.ts';
import { engineWithInside } from './injectedEngine.fixture.ts';

/** What an error looks like on the other side of the worker: the handler sends `err.toString()`. */
const crossed = (work: () => Promise<unknown>): Promise<string> =>
  work().then(
    () => {
      throw new Error('Nothing failed.');
    },
    (error: unknown) => String(error),
  );

const info = { vendor: 'v', architecture: '', device: '', description: '' };
/** An adapter with so much of each limit that the engine starts, changed as said. */
const adapter = (change: Partial<Record<keyof typeof LEAST_LIMITS, number>>): object => ({
  info,
  features: new Set(),
  limits: { ...LEAST_LIMITS, maxComputeInvocationsPerWorkgroup: 256, ...change },
  requestDevice: () => Promise.resolve({ features: new Set() }),
});

afterEach(() => vi.unstubAllGlobals());

describe('the words of the engine', () => {
  const onGpu = (gpu: unknown) => async (): Promise<unknown> => {
    vi.stubGlobal('navigator', { gpu });
    const { MLCEngine } = await engineWithInside();
    return new MLCEngine().getGPUVendor();
  };

  test.each<[string, ModelFailureKind, () => Promise<unknown>]>([
    ['no WebGPU', 'no-adapter', onGpu(undefined)],
    ['WebGPU without a GPU', 'no-adapter', onGpu({ requestAdapter: () => Promise.resolve(null) })],
    ...Object.entries(LEAST_LIMITS).map(([name, least]): [string, ModelFailureKind, () => Promise<unknown>] => [
      `too little ${name}`,
      'unsupported',
      onGpu({ requestAdapter: () => Promise.resolve(adapter({ [name]: least - 1 })) }),
    ]),
    [
      'a model that is not listed',
      'not-found',
      async () => {
        const { MLCEngine } = await engineWithInside();
        return new MLCEngine({ appConfig: { model_list: [] } }).reload('no-such-model');
      },
    ],
    [
      'a file that is not what was published',
      'integrity',
      async () => {
        const { verifyIntegrity } = await engineWithInside();
        return verifyIntegrity(new ArrayBuffer(3), `sha256-${'A'.repeat(43)}=`, 'https://models.example/a.wasm');
      },
    ],
    [
      'a hash that is none',
      'integrity',
      async () => {
        const { verifyIntegrity } = await engineWithInside();
        return verifyIntegrity(new ArrayBuffer(3), 'md5-00', 'https://models.example/a.wasm');
      },
    ],
    [
      'a library that is no program',
      'integrity',
      () => WebAssembly.compile(new TextEncoder().encode('<!doctype html>')),
    ],
    ['a config that is no JSON', 'integrity', async () => JSON.parse('<!doctype html>')],
    ['a config that ends too soon', 'integrity', async () => JSON.parse('{"tokenizer_files": [')],
    [
      'a model that was unloaded when its device was lost',
      'device-lost',
      async () => {
        const { MLCEngine } = await engineWithInside();
        return new MLCEngine().chatCompletion({ messages: [{ role: 'user', content: 'one' }] });
      },
    ],
    ['memory that ran out', 'out-of-memory', async () => new ArrayBuffer(2 ** 52)],
  ])('for %s mean %s', async (_, kind, work) => {
    const said = await crossed(work);
    expect(`${said} -> ${kindOf(said)}`).toBe(`${said} -> ${kind}`);
  });

  test('of the limits are those that the lab asks for before a download: at them it starts', async () => {
    expect(await onGpu({ requestAdapter: () => Promise.resolve(adapter({})) })()).toBe('v');
  });

  // Of its classes of errors, by name and words, as they stand in 0.2.86; a lost device and a lack of f16 need a GPU.
  test.each<[string, readonly unknown[], ModelFailureKind]>([
    ['DeviceLostError', [], 'device-lost'],
    ['ModelNotLoadedError', ['ChatCompletionRequest'], 'device-lost'],
    ['WebGPUNotFoundError', [], 'no-adapter'],
    ['ShaderF16SupportError', [], 'unsupported'],
    ['FeatureSupportError', ['subgroups'], 'unsupported'],
    ['MissingModelWasmError', ['a-model'], 'not-found'],
    ['ContextWindowSizeExceededError', [5000, 4096], 'bad-request'],
    ['MessageOrderError', ['Last message should be from either `user` or `tool`.'], 'bad-request'],
    ['SystemMessageOrderError', [], 'bad-request'],
    ['GrammarMatcherInitError', ['json_object', new Error('no such type')], 'bad-request'],
    ['InvalidResponseFormatError', [], 'bad-request'],
    ['MinValueError', ['max_tokens', 0], 'bad-request'],
    ['SeedTypeError', [0.5], 'bad-request'],
  ])('of its %s mean what it is', async (name, args, kind) => {
    const inside = (await engineWithInside()) as unknown as Record<string, new (...args: readonly unknown[]) => Error>;
    const said = String(new inside[name](...args));
    expect(said).toContain(name.replace('MissingModelWasmError', 'MissingModelError'));
    expect(`${said} -> ${kindOf(said)}`).toBe(`${said} -> ${kind}`);
  });

  // As browsers and people with the engine reported them (web-llm issues 144, 356, 387, 389), and from its own source.
  test.each<[string, ModelFailureKind]>([
    ["QuotaExceededError: Failed to execute 'add' on 'Cache': Quota exceeded.", 'quota'],
    ["NetworkError: Failed to execute 'add' on 'Cache': Cache.add() encountered a network error", 'unreachable'],
    ['OperationError: Device lost during onSubmittedWorkDone (do not use this error for recovery)', 'device-lost'],
    ['vkAllocateMemory failed with VK_ERROR_OUT_OF_DEVICE_MEMORY', 'out-of-memory'],
    ['Error: Cannot allocate 1048576 bytes in Wasm memory', 'out-of-memory'],
    ['Engine.unload() is called.', 'device-lost'],
    ['TypeError: Failed to fetch', 'unreachable'],
    ['TypeError: Load failed', 'unreachable'],
    ['TypeError: NetworkError when attempting to fetch resource.', 'unreachable'],
    ['Error: Tensor-cache record range [0, 8) exceeds 4 bytes', 'integrity'],
    ['Error: something that nobody foresaw', 'server-error'],
  ])('%s means %s', (said, kind) => {
    expect(kindOf(said)).toBe(kind);
  });
});

describe('a failure', () => {
  test('says what was under way, what was said in one line, and what to do', () => {
    const failure = engineFailure('DeviceLostError: The device was lost\nat line 1\nat line 2', 'Loading the model');
    expect(failure.message).toBe(
      'Loading the model failed: DeviceLostError: The device was lost. Load the model again; if it is lost again, close other tabs or choose a smaller model.',
    );
    expect(MODEL_FAILURES).toContain(failure.kind);
  });

  test('is cut where the words are many', () => {
    const { message, advice } = engineFailure('x'.repeat(10_000), 'The answer');
    expect(message.length).toBeLessThan(400 + advice.length);
  });

  test('stays what it is where it is one already', () => {
    const failure = new ModelFailure('closed', 'The model was closed.', 'Load it again.');
    expect(engineFailure(failure, 'The answer')).toBe(failure);
  });
});

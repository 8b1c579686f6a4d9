import { prebuiltAppConfig } from '@mlc-ai/web-llm';
import { describe, expect, test } from 'vitest';
import { failureOf } from '../contract.fixture.ts';
import { type AdapterFacts, adapterOf, type DeviceFacts, LEAST_LIMITS, LIMIT_NAMES, readDevice } from './device.ts';
import { licenceOf } from './licences.ts';
import { canRun, type ListedModel, listModels, quantisationOf } from './models.ts';

const models = listModels(prebuiltAppConfig.model_list);
const named = (id: string): ListedModel => {
  const found = models.find((model) => model.id === id);
  if (found === undefined) throw new Error(`${id} is not listed`);
  return found;
};

/** A GPU that runs everything, changed as said. */
const device = (adapter: Partial<AdapterFacts> | null = {}, change: Partial<DeviceFacts> = {}): DeviceFacts => ({
  secure: true,
  memory: null,
  adapter: adapter && {
    vendor: 'a vendor',
    architecture: 'an architecture',
    software: false,
    features: new Set(['shader-f16']),
    limits: { ...LEAST_LIMITS, maxBufferSize: 2 ** 31, maxStorageBufferBindingSize: 2 ** 31 },
    ...adapter,
  },
  ...change,
});
const limits = (change: Partial<AdapterFacts['limits']>): Partial<AdapterFacts> => ({
  limits: { ...LEAST_LIMITS, ...change },
});

const F16 = named('Llama-3.2-1B-Instruct-q4f16_1-MLC');
const F32 = named('Llama-3.2-1B-Instruct-q4f32_1-MLC');
const WIDE = named('gemma-2b-it-q4f32_1-MLC');

describe("WebLLM's list", () => {
  test('holds every model of the installed version that answers', () => {
    const embeddings = prebuiltAppConfig.model_list.filter(({ model_id }) => /embed/.test(model_id));
    expect(embeddings.length).toBeGreaterThan(0);
    expect(models.length).toBe(prebuiltAppConfig.model_list.length - embeddings.length);
    expect(models.some(({ id }) => /embed/.test(id))).toBe(false);
    expect(new Set(models.map(({ id }) => id)).size).toBe(models.length);
  });

  test('tells of each its memory, context, quantisation, and where it comes from by absolute addresses', () => {
    for (const model of models) {
      expect(model.memoryMB, model.id).toBeGreaterThan(0);
      expect(model.contextTokens, model.id).toBeGreaterThanOrEqual(1024);
      expect(model.quantisation, model.id).not.toBeNull();
      expect(new URL(model.weights).protocol).toBe('https:');
      expect(new URL(model.library).pathname).toMatch(/\.wasm$/);
    }
  });

  test('asks for shader-f16 where kernels compute in f16, though the list itself often leaves it out', () => {
    const silent = prebuiltAppConfig.model_list.filter(
      ({ model_id, required_features }) => /q\df16/.test(model_id) && !required_features?.includes('shader-f16'),
    );
    expect(silent.length).toBeGreaterThan(10);
    for (const model of models) {
      expect(model.features.includes('shader-f16'), model.id).toBe(model.quantisation?.arithmetic === 'f16');
    }
  });

  test('names the same model in f32 where there is one', () => {
    expect(F16.inF32).toBe(F32.id);
    expect(F32.inF32).toBeNull();
    expect(named('Llama-3.1-70B-Instruct-q3f16_1-MLC').inF32).toBeNull();
    const ids = new Set(models.map(({ id }) => id));
    expect(models.every(({ inF32 }) => inF32 === null || ids.has(inF32))).toBe(true);
  });

  test.each([
    ['SmolLM2-360M-Instruct-q4f16_1-MLC', { name: 'q4f16_1', weightBits: 4, arithmetic: 'f16' }],
    ['Llama-3.1-70B-Instruct-q3f16_1-MLC', { name: 'q3f16_1', weightBits: 3, arithmetic: 'f16' }],
    ['Qwen3-0.6B-q0f32-MLC', { name: 'q0f32', weightBits: 32, arithmetic: 'f32' }],
    ['phi-2-q4f32_1-MLC-1k', { name: 'q4f32_1', weightBits: 4, arithmetic: 'f32' }],
    ['my-model', null],
  ])('reads the quantisation of %s', (id, expected) => {
    expect(quantisationOf(id)).toEqual(expected);
  });
});

describe('licences', () => {
  test.each([
    ['Qwen2.5-0.5B-Instruct-q4f16_1-MLC', 'Apache-2.0', true],
    ['Qwen2.5-3B-Instruct-q4f16_1-MLC', 'Qwen Research License', false],
    ['Qwen2.5-Coder-3B-Instruct-q4f32_1-MLC', 'Qwen Research License', false],
    ['gemma-2-2b-it-q4f16_1-MLC', 'Gemma Terms of Use', false],
    ['gemma3-1b-it-q4f16_1-MLC', 'Gemma Terms of Use', false],
    ['gemma-4-E2B-it-q4f16_1-MLC', 'Apache-2.0', true],
    ['Llama-3-8B-Instruct-q4f32_1-MLC', 'Llama 3 Community License', false],
    ['Llama-3.2-1B-Instruct-q4f32_1-MLC', 'Llama 3.2 Community License', false],
    ['Hermes-2-Pro-Llama-3-8B-q4f16_1-MLC', 'Llama 3 Community License', false],
    ['Hermes-3-Llama-3.1-8B-q4f16_1-MLC', 'Llama 3 Community License', false],
    ['Hermes-3-Llama-3.2-3B-q4f16_1-MLC', 'Llama 3 Community License', false],
    ['Mistral-7B-Instruct-v0.3-q4f16_1-MLC', 'Apache-2.0', true],
    ['Ministral-3-3B-Instruct-2512-BF16-q4f16_1-MLC', 'Apache-2.0', true],
    ['Qwen3.5-0.8B-q4f16_1-MLC', 'Apache-2.0', true],
    ['phi-1_5-q4f16_1-MLC', 'MIT', true],
  ])('of %s is %s', (id, name, open) => {
    const licence = licenceOf(id);
    expect(licence).toMatchObject({ name, open });
    expect(licence?.source).toMatch(/^https:\/\/huggingface\.co\/[\w.-]+\/[\w.-]+$/);
  });

  test('name the card of the model itself where a family has several', () => {
    expect(licenceOf('Qwen2-Math-7B-Instruct-q4f16_1-MLC')?.source).toContain('/Qwen2-Math-');
    expect(licenceOf('Qwen2-7B-Instruct-q4f16_1-MLC')?.source).not.toContain('Math');
  });

  test('are unknown for a model that no line speaks of, rather than guessed', () => {
    expect(licenceOf('a-model-of-mine')).toBeNull();
    const unknown = new Set(
      models.filter(({ licence }) => licence === null).map(({ id }) => id.replace(/-q\df.*/, '')),
    );
    expect(unknown).toEqual(new Set(['Hermes-2-Theta-Llama-3-8B', 'WizardMath-7B-V1.1', 'stablelm-2-zephyr-1_6b']));
  });
});

describe('whether a device runs a model', () => {
  test('is a plain yes where nothing speaks against it', () => {
    for (const model of [F16, F32, WIDE]) expect(canRun(model, device())).toEqual({ runs: 'yes', why: '', advice: '' });
  });

  test.each<[string, ListedModel, DeviceFacts, 'no' | 'perhaps', RegExp, RegExp]>([
    ['no secure page', F32, device(null, { secure: false }), 'no', /not secure/, /https/],
    ['no GPU', F32, device(null), 'no', /found no GPU/, /hardware acceleration/],
    ['no f16', F16, device({ features: new Set() }), 'no', /shader-f16/, /Llama-3\.2-1B-Instruct-q4f32_1-MLC/],
    [
      'no f16, and no twin in f32',
      named('gemma3-1b-it-q4f16_1-MLC'),
      device({ features: new Set() }),
      'no',
      /shader-f16/,
      /whose name has f32/,
    ],
    [
      'a binding that is too small',
      WIDE,
      device(limits({ maxStorageBufferBindingSize: 2 ** 27 })),
      'no',
      /250 MiB in one piece, and this GPU binds 128 MiB/,
      /smaller/,
    ],
    ['software', F32, device({ software: true }), 'perhaps', /computes on the CPU/, /smallest/],
    ['little memory', F32, device({}, { memory: 1 }), 'perhaps', /about 1129 MB.*about 1 GiB/, /smaller/],
  ])('%s: says why and what to do', (_, model, facts, runs, why, advice) => {
    const verdict = canRun(model, facts);
    expect(verdict.runs).toBe(runs);
    expect(verdict.why).toMatch(why);
    expect(verdict.advice).toMatch(advice);
  });

  test.each(LIMIT_NAMES)('is no where %s is below what the engine starts with', (name) => {
    const facts = device(limits({ [name]: LEAST_LIMITS[name] - 1 }));
    expect(canRun(F32, facts)).toMatchObject({ runs: 'no' });
    expect(canRun(F32, facts).why).toContain(name);
    expect(canRun(F32, device(limits({}))).runs).toBe('yes');
  });

  test('minds main memory only where it says something: browsers cap it at 8', () => {
    const large = named('Llama-2-13b-chat-hf-q4f16_1-MLC');
    expect(canRun(large, device({}, { memory: 8 })).runs).toBe('yes');
    expect(canRun(large, device({}, { memory: 4 })).runs).toBe('perhaps');
    expect(canRun(F32, device({}, { memory: 2 })).runs).toBe('yes');
  });
});

describe('the reading of a device', () => {
  const gpu = (requestAdapter: () => Promise<unknown>): GPU => ({ requestAdapter }) as unknown as GPU;
  const info = { vendor: 'google', architecture: 'swiftshader', device: '', description: '', isFallbackAdapter: false };

  test('tells features, limits and whether it is software', async () => {
    const found = { info, features: new Set(['subgroups']), limits: { ...LEAST_LIMITS, maxBindGroups: 4 } };
    const facts = await readDevice({
      isSecureContext: true,
      navigator: { gpu: gpu(() => Promise.resolve(found)), deviceMemory: 4 },
    });
    expect(facts).toEqual({
      secure: true,
      memory: 4,
      adapter: {
        vendor: 'google',
        architecture: 'swiftshader',
        software: true,
        features: new Set(['subgroups']),
        limits: LEAST_LIMITS,
      },
    });
    expect(adapterOf(facts)).toBe(facts.adapter);
  });

  test.each<[string, boolean, GPU | undefined, string]>([
    ['an insecure page', false, undefined, 'insecure-page'],
    ['a browser without WebGPU', true, undefined, 'no-adapter'],
    ['WebGPU without a GPU', true, gpu(() => Promise.resolve(null)), 'no-adapter'],
    ['a GPU process that crashed', true, gpu(() => Promise.reject(new Error('lost'))), 'no-adapter'],
  ])('%s is told as what it is', async (_, isSecureContext, found, kind) => {
    const reading = readDevice({ isSecureContext, navigator: { gpu: found } }).then(adapterOf);
    expect((await failureOf(reading)).kind).toBe(kind);
  });
});

import { beforeAll, describe, expect, test } from 'vitest';
import { EncoderFailed } from './encoderFailed.ts';
import { nodeRuntime } from './nodeRuntime.fixture.ts';
import { type OnnxEncoder, type OnnxFiles, type OnnxRuntime, onnxEncoderId, openOnnxEncoder } from './onnxEncoder.ts';
import {
  hugeModel,
  INT32,
  ids,
  type TinyModel,
  tinyModel,
  tokenizerJson,
  VOCABULARY,
  vectorByHand,
  WIDTH,
} from './onnxModel.fixture.ts';

const hooks = { signal: new AbortController().signal, onProgress: () => {} };
let runtime: OnnxRuntime;
beforeAll(async () => {
  runtime = await nodeRuntime();
});

const files = (model: TinyModel = {}): OnnxFiles => ({ model: tinyModel(model), tokenizer: tokenizerJson() });
const open = (model: TinyModel = {}): Promise<OnnxEncoder> => openOnnxEncoder(files(model), runtime);

/** What opening ends with. */
async function fault(opening: Promise<unknown>): Promise<EncoderFailed> {
  try {
    await opening;
  } catch (error) {
    if (error instanceof EncoderFailed) return error;
    throw error;
  }
  throw new Error('It opened.');
}

/** Numbers of a text's tokens, by hand. */
const numbers = (tokens: string): number[] => tokens.split(' ').map((token) => VOCABULARY.indexOf(token));
const TEXTS = {
  'Put a heated mug on the desk.': numbers('[CLS] put a heat ##ed mug on the desk [UNK] [SEP]'),
  mug: numbers('[CLS] mug [SEP]'),
  'the currency of France': numbers('[CLS] the currency of france [SEP]'),
  zebra: numbers('[CLS] [UNK] [SEP]'),
};

describe('an ONNX sentence encoder', () => {
  test.each([
    ['vectors of tokens', { gives: 'tokens' }],
    ['pooled vectors', { gives: 'texts' }],
    ['vectors of tokens under another name', { gives: 'renamed' }],
    ['vectors of tokens beside those of a pooler', { gives: 'pooler-too' }],
    ['vectors of tokens, without token_type_ids', { inputs: [ids('input_ids'), ids('attention_mask')] }],
    ['vectors of tokens, from numbers of 32 bits', { inputs: [ids('input_ids', INT32), ids('attention_mask', INT32)] }],
  ] as const)('of a model that gives %s is the mean of the tokens, of norm 1, by hand', async (_, model) => {
    const encoder = await open(model);
    expect(encoder.dimensions).toBe(WIDTH);
    await encoder.prepare(Object.keys(TEXTS), hooks);
    for (const [text, tokens] of Object.entries(TEXTS)) {
      const expected = vectorByHand(tokens);
      const vector = encoder.encode(text);
      for (const [d, entry] of expected.entries()) expect(vector[d]).toBeCloseTo(entry, 5);
    }
    await encoder.release();
  });

  test('gives a text the same vector alone and in a batch of mixed lengths, to 1e-6', async () => {
    const texts = Array.from(
      { length: 70 },
      (_, i) => `put ${'the mug on '.repeat(i % 9)}the desk ${i % 2 ? 'heated' : ''}`,
    );
    const distinct = [...new Set(texts)];
    const together = await open();
    await together.prepare(distinct, hooks);
    const alone = await open();
    for (const text of distinct) {
      await alone.prepare([text], hooks);
      const other = together.encode(text);
      for (const [d, entry] of alone.encode(text).entries()) expect(Math.abs(entry - other[d])).toBeLessThan(1e-6);
    }
  });

  test('cuts a text to what the tokenizer says, and leaves the token at its end there', async () => {
    const cut = { model: tinyModel(), tokenizer: tokenizerJson({ truncation: { max_length: 4 } }) };
    const encoder = await openOnnxEncoder(cut, runtime);
    await encoder.prepare(['put the mug on the desk'], hooks);
    const expected = vectorByHand(numbers('[CLS] put the [SEP]'));
    for (const [d, entry] of expected.entries())
      expect(encoder.encode('put the mug on the desk')[d]).toBeCloseTo(entry, 5);
  });

  test('gives zeros for a text without words, as every encoder does', async () => {
    const encoder = await open();
    await encoder.prepare(['', ' ?!'], hooks);
    expect(encoder.encode('')).toEqual(new Float32Array(WIDTH));
    expect(encoder.encode(' ?!')).toEqual(new Float32Array(WIDTH));
  });

  test('makes a vector once, and tells how far it is', async () => {
    const encoder = await open();
    await encoder.prepare(['mug'], hooks);
    const first = encoder.encode('mug');
    const told: [number, number][] = [];
    await encoder.prepare(['mug', 'cup'], { ...hooks, onProgress: (done, of) => told.push([done, of]) });
    expect(encoder.encode('mug')).toBe(first);
    expect(told).toEqual([
      [0, 1],
      [1, 1],
    ]);
  });

  test('ends between two batches once it is given up, and has no vector of what was not made', async () => {
    const encoder = await open();
    const abort = new AbortController();
    const texts = Array.from({ length: 100 }, (_, i) => `mug ${i}`);
    const preparing = encoder.prepare(texts, {
      signal: abort.signal,
      onProgress: (done) => {
        if (done > 0) abort.abort(new Error('enough'));
      },
    });
    await expect(preparing).rejects.toThrow('enough');
    expect(() => texts.map((text) => encoder.encode(text))).toThrow('was not prepared');
  });

  test('makes each batch when it is time for that where it computes on a GPU, and at once where it does not', async () => {
    const { create } = runtime.InferenceSession;
    // The arithmetic is that of this machine's CPU: only what the encoder takes itself for differs.
    const onGpuHere: OnnxRuntime = {
      ...runtime,
      provider: 'webgpu',
      InferenceSession: { ...runtime.InferenceSession, create: (model: Uint8Array) => create(model, {}) } as never,
    };
    const texts = Array.from({ length: 70 }, (_, i) => `mug ${i}`);
    const made: (readonly string[])[] = [];
    for (const where of [onGpuHere, runtime]) {
      const encoder = await openOnnxEncoder(files(), where);
      const order: string[] = [];
      await encoder.prepare(texts, {
        ...hooks,
        onGpu: async (work) => {
          order.push('begun');
          const result = await work();
          order.push('done');
          return result;
        },
      });
      for (const text of texts) expect(encoder.encode(text).length).toBe(WIDTH);
      made.push(order);
    }
    // At most 32 texts a batch: three of 70, one after the other.
    expect(made).toEqual([['begun', 'done', 'begun', 'done', 'begun', 'done'], []]);
  });

  test('has another name with another model, another tokenizer or another provider, and the same with equal files', () => {
    const one = files();
    const names = [
      onnxEncoderId(one, 'wasm'),
      onnxEncoderId(one, 'webgpu'),
      onnxEncoderId({ ...one, model: tinyModel({ gives: 'texts' }) }, 'wasm'),
      onnxEncoderId({ ...one, tokenizer: tokenizerJson({ truncation: { max_length: 4 } }) }, 'wasm'),
    ];
    expect(new Set(names).size).toBe(4);
    expect(onnxEncoderId(files(), 'wasm')).toBe(names[0]);
  });
});

describe('a model that is none', () => {
  const html = new TextEncoder().encode('<!doctype html><title>Not found</title>');
  const lfs = new TextEncoder().encode('version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 90405214\n');

  test.each([
    ['a web page', html, 'it is a web page'],
    ['a pointer of Git LFS', lfs, 'Git LFS'],
    ['nothing', new Uint8Array(), 'it is empty'],
    ['random bytes', Uint8Array.from({ length: 400 }, (_, i) => (i * 7919) % 251), 'protobuf parsing failed'],
  ])('%s is told from others', async (_, model, words) => {
    const { fault: kind, message, hint } = await fault(openOnnxEncoder({ model, tokenizer: tokenizerJson() }, runtime));
    expect(kind).toBe('not-onnx');
    expect(message).toContain(words);
    expect(hint).toContain('model.onnx');
  });

  test('a model cut short is refused with what the runtime says', async () => {
    const whole = tinyModel();
    const cut = { model: whole.slice(0, whole.length - 900), tokenizer: tokenizerJson() };
    expect(['not-onnx', 'model-refused']).toContain((await fault(openOnnxEncoder(cut, runtime))).fault);
  });

  test('of inputs it says which it has and which it may have', async () => {
    const { fault: kind, message } = await fault(open({ inputs: [ids('pixel_values'), ids('attention_mask')] }));
    expect(kind).toBe('wrong-model');
    expect(message).toContain('"pixel_values" (int64 [batch, tokens])');
    expect(message).toContain('input_ids, attention_mask, token_type_ids');
  });

  test('without an attention mask it is refused: padding would change its vectors', async () => {
    const { fault: kind, message } = await fault(open({ inputs: [ids('input_ids')] }));
    expect(kind).toBe('wrong-model');
    expect(message).toContain('attention_mask');
  });

  test('of an output it says its type and shape', async () => {
    const { fault: kind, message } = await fault(open({ gives: 'ids' }));
    expect(kind).toBe('wrong-model');
    expect(message).toContain('"last_hidden_state" is int64 [1, 3]');
  });

  test.each([8, 15])('with %d numbers a vector it is refused: the Supervisor cannot read them', async (width) => {
    const { fault: kind, message } = await fault(open({ width }));
    expect(kind).toBe('wrong-model');
    expect(message).toContain('from 16 to 1024, divisible by 4');
  });

  test('with a vocabulary smaller than the tokenizer it says that they do not belong together', async () => {
    const { fault: kind, message, hint } = await fault(open({ tokens: 40 }));
    expect(kind).toBe('tokenizer-mismatch');
    expect(message).toContain('60 tokens with numbers up to 59');
    expect(hint).toContain('beside the model');
  });

  test.each([
    ['than is left', 900_000_000],
    ['than WebAssembly can address', 2 ** 31],
  ])('that needs more memory %s says so', async (_, floats) => {
    const huge = { model: hugeModel(floats), tokenizer: tokenizerJson() };
    const { fault: kind, message, hint } = await fault(openOnnxEncoder(huge, runtime));
    expect(`${kind} ${message}`).toMatch(/^out-of-memory/);
    expect(hint).toContain('smaller');
  });
});

describe('a tokenizer that is none', () => {
  const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  test.each([
    ['text that is not UTF-8', Uint8Array.of(0xff, 0xfe, 0x7b), 'not text in UTF-8'],
    ['no JSON', new TextEncoder().encode('{"model":'), 'not JSON'],
    ['the config of another file', json({ hidden_size: 384 }), '"model"'],
    ['no tokens', json({ model: { type: 'WordPiece', vocab: {} } }), '0 tokens'],
    ['a model of unknown kind', tokenizerJson({ model: { type: 'Sorcery', vocab: { a: 0 } } }), 'model.type'],
    ['a part that the library does not know', tokenizerJson({ normalizer: { type: 'Sorcery' } }), 'Sorcery'],
    ['a vocabulary of texts', json({ model: { type: 'WordPiece', vocab: { a: 'b' } } }), 'model.vocab'],
  ])('%s is refused with the place', async (_, tokenizer, words) => {
    const failed = await fault(openOnnxEncoder({ model: tinyModel(), tokenizer }, runtime));
    expect(failed.fault).toBe('bad-tokenizer');
    expect(failed.message).toContain(words);
    expect(failed.hint).toContain('tokenizer.json');
  });
});

/**
 * Sentence encoders as ONNX files: a tokenizer, one pass of the model, the mean of the tokens' vectors where the model
 * does not pool itself, and norm 1 (Sentence-BERT, 1908.10084, section 3).
 */
import type { InferenceSession, Tensor, TensorConstructor } from 'onnxruntime-web';
import type { Encoder, PrepareHooks } from './encoder.ts';
import { EncoderFailed } from './encoderFailed.ts';
import { fingerprint } from './hash.ts';
import type { Provider } from './provider.ts';
import { readTokenizer, type SentenceTokenizer } from './tokenizer.ts';
import { words } from './words.ts';

/** Bytes of a model that are read: WebAssembly has 4 GB in all, and a model stands there twice while it is opened. */
export const MOST_MODEL_BYTES = 1024 * 2 ** 20;

/** What is used of `onnxruntime-web`, loaded by whoever opens an encoder. */
export interface OnnxRuntime {
  readonly InferenceSession: {
    create(model: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession>;
  };
  readonly Tensor: TensorConstructor;
  /** What the model runs on: what was asked for, or WASM where there is no WebGPU. */
  readonly provider: Provider;
}

export interface OnnxFiles {
  readonly model: Uint8Array;
  /** a `tokenizer.json` */
  readonly tokenizer: Uint8Array;
}

export interface OnnxEncoder extends Encoder {
  readonly prepare: NonNullable<Encoder['prepare']>;
  readonly release: NonNullable<Encoder['release']>;
}

/** Sizes that the Supervisor's kernels take. */
const DIMENSIONS = { least: 16, most: 1024, multipleOf: 4 };
/** Texts and tokens of a batch at most; the second counts what fills it up. */
const BATCH_TEXTS = 32;
const BATCH_TOKENS = 2048;
/** Vectors that are kept. Beyond, those that no text of the next preparation needs go. */
const KEPT_VECTORS = 50_000;

const INPUTS = ['input_ids', 'attention_mask', 'token_type_ids'];
/** Outputs that are vectors of texts, in the order in which they are preferred; then those of tokens. */
const TEXT_OUTPUTS = ['sentence_embedding', 'text_embeds'];
const TOKEN_OUTPUTS = ['last_hidden_state', 'token_embeddings'];
/** What classifies pairs of sentences in BERT: a worse vector of a text than the mean, but better than none. */
const POOLER_OUTPUTS = ['pooler_output'];

/** Names the contents of both files and what computes: equal ids give equal vectors, with WebGPU on one device. */
export function onnxEncoderId({ model, tokenizer }: OnnxFiles, provider: Provider): string {
  return `onnx-${fingerprint(model)}-${fingerprint(tokenizer)}-${provider}`;
}

/** Vectors by their texts, of one encoder. */
export type Vectors = Map<string, Float32Array>;

/**
 * Opens a sentence encoder and tries it on one text, which gives its dimensions.
 * @param vectorsOf those that were made before by the encoder of this id; they are added to
 * @throws EncoderFailed
 */
export async function openOnnxEncoder(
  files: OnnxFiles,
  runtime: OnnxRuntime,
  vectorsOf: (id: string) => Vectors = () => new Map(),
): Promise<OnnxEncoder> {
  const tokenizer = await readTokenizer(files.tokenizer);
  const session = await openSession(files.model, runtime);
  try {
    const model = new SentenceModel(session, runtime, tokenizer);
    const dimensions = await model.probe();
    const id = onnxEncoderId(files, runtime.provider);
    const usesGpu = runtime.provider === 'webgpu';
    return encoderOf(id, dimensions, { model, tokenizer, session, usesGpu, vectors: vectorsOf(id) });
  } catch (error) {
    await session.release();
    throw error;
  }
}

interface EncoderParts {
  readonly model: SentenceModel;
  readonly tokenizer: SentenceTokenizer;
  readonly session: InferenceSession;
  readonly usesGpu: boolean;
  readonly vectors: Vectors;
}

function encoderOf(
  id: string,
  dimensions: number,
  { model, tokenizer, session, usesGpu, vectors }: EncoderParts,
): OnnxEncoder {
  async function prepare(texts: readonly string[], { signal, onProgress, onGpu }: PrepareHooks): Promise<void> {
    const missing = texts.filter((text) => !vectors.has(text));
    if (vectors.size + missing.length > KEPT_VECTORS) {
      const wanted = new Set(texts);
      for (const text of vectors.keys()) if (!wanted.has(text)) vectors.delete(text);
    }
    const tokenized: Tokenized[] = [];
    for (const text of missing) {
      if (words(text).length === 0) vectors.set(text, new Float32Array(dimensions));
      else tokenized.push({ text, ids: tokenizer.encode(text) });
    }
    let done = 0;
    for (const batch of batches(tokenized)) {
      signal.throwIfAborted();
      onProgress(done, tokenized.length);
      const run = (): Promise<Float32Array[]> => model.run(batch.map(({ ids }) => ids));
      const rows = await (usesGpu && onGpu ? onGpu(run) : run());
      for (const [i, { text }] of batch.entries()) vectors.set(text, rows[i]);
      done += batch.length;
    }
    signal.throwIfAborted();
    onProgress(done, tokenized.length);
  }

  function encode(text: string): Float32Array {
    const vector = vectors.get(text);
    if (vector === undefined) throw new Error(`The encoder has no vector of "${text}": it was not prepared.`);
    return vector;
  }

  return { id, dimensions, prepare, encode, release: () => session.release() };
}

interface Tokenized {
  readonly text: string;
  readonly ids: readonly number[];
}

/** Texts of like length together, so that little is filled up. */
function batches(texts: readonly Tokenized[]): Tokenized[][] {
  const sorted = [...texts].sort((a, b) => a.ids.length - b.ids.length);
  const all: Tokenized[][] = [];
  for (const text of sorted) {
    const last = all.at(-1);
    // The newest is the longest.
    if (last && last.length < BATCH_TEXTS && (last.length + 1) * text.ids.length <= BATCH_TOKENS) last.push(text);
    else all.push([text]);
  }
  return all;
}

/** A model with its inputs and its output found. */
class SentenceModel {
  readonly #session: InferenceSession;
  readonly #runtime: OnnxRuntime;
  readonly #tokenizer: SentenceTokenizer;
  readonly #output: string;

  /** @throws EncoderFailed where inputs or outputs are not those of a sentence encoder */
  constructor(session: InferenceSession, runtime: OnnxRuntime, tokenizer: SentenceTokenizer) {
    this.#session = session;
    this.#runtime = runtime;
    this.#tokenizer = tokenizer;
    const inputs = session.inputMetadata.filter(({ name }) => session.inputNames.includes(name));
    const wrong = inputs.filter(({ name }) => !INPUTS.includes(name));
    const lacks = ['input_ids', 'attention_mask'].filter((name) => !session.inputNames.includes(name));
    if (wrong.length > 0 || lacks.length > 0) {
      throw wrongModel(`it asks for ${listed(inputs)}; a sentence encoder asks for ${INPUTS.join(', ')}`);
    }
    for (const input of inputs) {
      if (!input.isTensor || (input.type !== 'int64' && input.type !== 'int32')) {
        throw wrongModel(`it asks for ${listed([input])}; the numbers of tokens are int64 or int32`);
      }
    }
    const output = [...TEXT_OUTPUTS, ...TOKEN_OUTPUTS, ...POOLER_OUTPUTS].find((name) =>
      session.outputNames.includes(name),
    );
    const only = session.outputNames.length === 1 ? session.outputNames[0] : undefined;
    const found = output ?? only;
    if (found === undefined) {
      const names = [...TEXT_OUTPUTS, ...TOKEN_OUTPUTS, ...POOLER_OUTPUTS].join(', ');
      throw wrongModel(`it gives ${listed(session.outputMetadata)}; a sentence encoder gives one of ${names}`);
    }
    this.#output = found;
  }

  /** Tries a text and the last token of the vocabulary. @returns how many numbers a vector has @throws EncoderFailed */
  async probe(): Promise<number> {
    const [vector] = await this.run([this.#tokenizer.encode('a')], false);
    const { length } = vector;
    const { least, most, multipleOf } = DIMENSIONS;
    if (length < least || length > most || length % multipleOf !== 0) {
      throw wrongModel(
        `its vectors have ${length} numbers; the Supervisor reads from ${least} to ${most}, divisible by ${multipleOf}`,
      );
    }
    await this.run([[this.#tokenizer.largestId]], false);
    return length;
  }

  /**
   * Vectors of norm 1 of one batch.
   * @param ids `[texts]` numbers of each text's tokens
   * @throws EncoderFailed
   */
  async run(ids: readonly (readonly number[])[], whole = true): Promise<Float32Array[]> {
    const length = Math.max(1, ...ids.map((row) => row.length));
    const feeds: Record<string, Tensor> = {};
    for (const input of this.#session.inputMetadata) {
      const at = (row: readonly number[], i: number): number =>
        input.name === 'input_ids'
          ? (row[i] ?? this.#tokenizer.padId)
          : input.name === 'attention_mask' && i < row.length
            ? 1
            : 0;
      const values = ids.flatMap((row) => Array.from({ length }, (_, i) => at(row, i)));
      const wide = !input.isTensor || input.type === 'int64';
      feeds[input.name] = wide
        ? new this.#runtime.Tensor('int64', BigInt64Array.from(values, BigInt), [ids.length, length])
        : new this.#runtime.Tensor('int32', Int32Array.from(values), [ids.length, length]);
    }
    let output: InferenceSession.ReturnType[string];
    try {
      output = (await this.#session.run(feeds, [this.#output]))[this.#output];
    } catch (error) {
      throw this.#runFault(error);
    }
    const { dims, type, data } = output;
    const fits = dims.at(0) === ids.length && (dims.length === 2 || (dims.length === 3 && dims[1] === length));
    if (type !== 'float32' || !(data instanceof Float32Array) || !fits) {
      throw wrongModel(
        `its output "${this.#output}" is ${type} [${dims.join(', ')}] for ${ids.length} texts of ${length} tokens; it may be float32 of [texts, numbers] or [texts, tokens, numbers]`,
      );
    }
    const width = dims[dims.length - 1];
    return ids.map((row, r) => {
      const tokens = dims.length === 2 ? 1 : row.length;
      const first = r * (dims.length === 2 ? 1 : length) * width;
      const vector = unit(mean(data, first, tokens, width));
      if (vector === null && whole) {
        throw wrongModel(`its output "${this.#output}" holds numbers that are not finite`);
      }
      return vector ?? new Float32Array(width);
    });
  }

  #runFault(error: unknown): EncoderFailed {
    const said = saidBy(error);
    if (/out of data bounds|out of bounds|out of range/i.test(said)) {
      const { tokens, largestId } = this.#tokenizer;
      return new EncoderFailed(
        'tokenizer-mismatch',
        `The tokenizer is not that of the model: it has ${tokens} tokens with numbers up to ${largestId}, and the model does not know all of them. The runtime says: ${said}`,
        'Choose the tokenizer.json that lies beside the model.',
      );
    }
    if (isMemory(said)) return outOfMemory(said);
    return new EncoderFailed(
      'model-refused',
      `The model failed while it computed: ${said}`,
      'Take another export of the model; with encoder.provider "wasm" every operator is there.',
    );
  }
}

/** `[width]` the mean of so many rows from `first` on, in float64. */
function mean(data: Float32Array, first: number, rows: number, width: number): Float64Array {
  const sum = new Float64Array(width);
  for (let r = 0; r < rows; r++) for (let d = 0; d < width; d++) sum[d] += data[first + r * width + d];
  return sum.map((value) => value / Math.max(rows, 1));
}

/** Norm 1, or zeros of zeros; null where a number is not finite. */
function unit(vector: Float64Array): Float32Array | null {
  const norm = Math.sqrt(vector.reduce((total, value) => total + value * value, 0));
  if (!Number.isFinite(norm)) return null;
  return Float32Array.from(vector, (value) => (norm === 0 ? 0 : value / norm));
}

async function openSession(model: Uint8Array, runtime: OnnxRuntime): Promise<InferenceSession> {
  const head = new TextDecoder('latin1').decode(model.subarray(0, 64)).trimStart().toLowerCase();
  if (head.startsWith('version https://git-lfs')) {
    throw notOnnx('it is a pointer of Git LFS, a text of a few lines that stands for the file');
  }
  if (head.startsWith('<')) throw notOnnx('it is a web page');
  if (model.length === 0) throw notOnnx('it is empty');
  try {
    return await runtime.InferenceSession.create(model, {
      executionProviders: runtime.provider === 'webgpu' ? ['webgpu', 'wasm'] : ['wasm'],
      logSeverityLevel: 3,
    });
  } catch (error) {
    const said = saidBy(error);
    if (/protobuf parsing failed|no graph was found|invalid protobuf/i.test(said)) throw notOnnx(said);
    if (isMemory(said)) throw outOfMemory(said);
    throw new EncoderFailed(
      'model-refused',
      `The runtime does not open the model: ${said}`,
      'Take an export in one file (weights inside, no .onnx_data beside it) with operators that onnxruntime-web has.',
    );
  }
}

function saidBy(error: unknown): string {
  // What was thrown inside WebAssembly arrives as the number of its place in memory.
  if (typeof error === 'number') return `out of memory (exception ${error})`;
  return (error instanceof Error ? error.message : String(error)).slice(0, 500);
}

function isMemory(said: string): boolean {
  // SafeInt counts bytes: what it cannot count is more than WebAssembly can address.
  return /bad_alloc|out of memory|allocat|memory access|exceeds? .*memory|SafeInt/i.test(said);
}

function outOfMemory(said: string): EncoderFailed {
  return new EncoderFailed(
    'out-of-memory',
    `The model does not fit into memory: ${said}`,
    'Take a smaller or quantised model, or close other tabs.',
  );
}

function notOnnx(why: string): EncoderFailed {
  return new EncoderFailed(
    'not-onnx',
    `The model is not an ONNX file: ${why}.`,
    'Choose the file model.onnx of a sentence encoder; an address must be the one that downloads it.',
  );
}

function wrongModel(why: string): EncoderFailed {
  return new EncoderFailed(
    'wrong-model',
    `The model is not a sentence encoder that the lab can read: ${why}.`,
    'Take the export of a sentence encoder ("feature-extraction" or "sentence-similarity"), in float32 or with quantised weights.',
  );
}

/** Inputs or outputs in words: `"input_ids" (int64 [batch, 8])`. */
function listed(values: readonly InferenceSession.ValueMetadata[]): string {
  if (values.length === 0) return 'nothing';
  return values
    .map((value) => `"${value.name}" (${value.isTensor ? `${value.type} [${value.shape.join(', ')}]` : 'no tensor'})`)
    .join(', ');
}

/**
 * Micro: a language model of about a million numbers that the project trained itself (scripts/micro/, docs/micro.md). It
 * reads notes and skills and copies from them; it knows next to nothing, and most questions are beyond it.
 */
import { z } from 'zod';
import type { OnnxModel, Output, RuntimeWasm } from '../../encoder/onnxRuntime.ts';
import { openOnnxRuntime } from '../../encoder/onnxRuntime.ts';
import { checkRequest } from '../checkRequest.ts';
import type { Completion, CompletionHooks, LanguageModel, ModelRequest } from '../languageModel.ts';
import { ModelFailure } from '../modelFailure.ts';
import { flatPrompt } from './flatPrompt.ts';
import { createTokenizer, tokenizerSchema } from './tokenizer.ts';

/** What lies in `public/micro/`. */
export interface MicroFiles {
  /** `model.onnx` */
  readonly graph: Uint8Array<ArrayBuffer>;
  /** `tokenizer.json` */
  readonly tokenizer: Uint8Array<ArrayBuffer>;
  /** `micro.json` */
  readonly facts: Uint8Array<ArrayBuffer>;
}

export interface MicroOptions {
  readonly files: MicroFiles;
  readonly wasm: RuntimeWasm;
}

const factsSchema = z.strictObject({
  /** Of model.onnx followed by tokenizer.json. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  layers: z.int().min(1),
  heads: z.int().min(1),
  head: z.int().min(1),
  width: z.int().min(1),
  context: z.int().min(2),
  parameters: z.int().min(1),
  steps: z.int().min(1),
  tokens: z.int().min(1),
});

/** Tokens after which the thread is free for a moment, so that an abort can arrive. */
const TURN = 16;
const AGAIN = 'Reload the page; if it stays, the site was not built whole.';

/**
 * Loads the model. Requests that come while one is under way wait for it.
 * @throws ModelFailure `integrity` where the files do not belong together, `unsupported` where they cannot be run here
 */
export async function createMicro({ files, wasm }: MicroOptions): Promise<LanguageModel> {
  const { facts, tokenizer } = await readFiles(files);
  let model: OnnxModel;
  try {
    model = await (await openOnnxRuntime(wasm)).load(files.graph);
  } catch (error) {
    throw new ModelFailure('unsupported', 'The small model of the lab could not be loaded.', AGAIN, { cause: error });
  }
  const { layers, heads, head, width, context } = facts;
  let closed = false;
  let last: Promise<unknown> = Promise.resolve();
  const failIfClosed = (): void => {
    if (closed) throw new ModelFailure('closed', 'The small model of the lab was closed.', 'Open it again.');
  };

  async function answer(request: ModelRequest, { signal, onText }: CompletionHooks): Promise<Completion> {
    const began = performance.now();
    signal?.throwIfAborted();
    failIfClosed();
    checkRequest(request);
    const prompt = tokenizer.encode(flatPrompt(request.messages));
    refuseWhatItCannot(request, prompt.length, context);
    const most = Math.min(request.maxTokens, context - prompt.length);
    const written: number[] = [];
    let fresh: readonly number[] = prompt;
    let seen = 0;
    let past: Memory = { data: new Float32Array(0), dims: [layers, 2, heads, 0, head] };
    let before: Memory = { data: new Float32Array(layers * 2 * width), dims: [layers, 2, width] };
    let finish: Completion['finish'] = 'length';
    let text = '';
    while (written.length < most) {
      const out = await model.run({
        ids: integers(fresh),
        positions: integers(fresh.map((_, i) => seen + i)),
        past: { type: 'float32', ...past },
        before: { type: 'float32', ...before },
      });
      seen += fresh.length;
      signal?.throwIfAborted();
      failIfClosed();
      [past, before] = [memoryOf(out.past_out), memoryOf(out.before_out)];
      const token = largest(memoryOf(out.logits).data);
      if (token === tokenizer.end) {
        finish = 'stop';
        break;
      }
      written.push(token);
      fresh = [token];
      text = tokenizer.decode(written).trim();
      // A character that is not whole yet, and a space that may be the last, are told with what follows them.
      onText?.(text.replace(/[\s\ufffd]+$/, ''));
      if (written.length % TURN === 0) {
        await new Promise((resolve) => setTimeout(resolve));
        signal?.throwIfAborted();
        failIfClosed();
      }
    }
    return {
      text,
      finish,
      promptTokens: prompt.length,
      completionTokens: written.length,
      milliseconds: performance.now() - began,
      cost: 0,
    };
  }

  return {
    id: `micro-${facts.sha256.slice(0, 16)}`,
    concurrency: 1,
    complete(request, hooks = {}) {
      const mine = last.then(() => answer(request, hooks));
      last = mine.catch(() => undefined);
      return mine;
    },
    async close() {
      if (closed) return;
      closed = true;
      await last;
      await model.release();
    },
  };
}

interface Memory {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/** @throws ModelFailure */
async function readFiles(files: MicroFiles) {
  const broken = (what: string, error?: unknown): ModelFailure =>
    new ModelFailure('integrity', `${what} of the small model of the lab is not what was published.`, AGAIN, {
      cause: error,
    });
  const parsed = <T>(name: string, bytes: Uint8Array, schema: z.ZodType<T>): T => {
    try {
      return schema.parse(JSON.parse(new TextDecoder().decode(bytes)));
    } catch (error) {
      throw broken(name, error);
    }
  };
  const facts = parsed('micro.json', files.facts, factsSchema);
  // Absent on pages over http; what comes from there is not known to be whole anyway.
  if (globalThis.crypto?.subtle !== undefined) {
    const both = new Uint8Array(files.graph.length + files.tokenizer.length);
    both.set(files.graph);
    both.set(files.tokenizer, files.graph.length);
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', both));
    const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
    if (sha256 !== facts.sha256) throw broken('model.onnx or tokenizer.json');
  }
  try {
    const tokenizer = createTokenizer(parsed('tokenizer.json', files.tokenizer, tokenizerSchema));
    return { facts, tokenizer };
  } catch (error) {
    if (error instanceof ModelFailure) throw error;
    throw broken('tokenizer.json', error);
  }
}

/** @throws ModelFailure `bad-request` */
function refuseWhatItCannot({ schema }: ModelRequest, length: number, context: number): void {
  if (schema !== null) {
    throw new ModelFailure(
      'bad-request',
      'The small model of the lab cannot keep to a JSON schema.',
      'Ask it for free text, or choose another executor.',
    );
  }
  if (length >= context) {
    throw new ModelFailure(
      'bad-request',
      `The prompt has ${length} tokens, and the small model of the lab reads at most ${context - 1}.`,
      'Give it fewer or shorter notes or a shorter skill, or choose another executor.',
    );
  }
}

function integers(values: readonly number[]) {
  return { type: 'int64', data: BigInt64Array.from(values, BigInt), dims: [values.length] } as const;
}

/** The first of the largest. */
function largest(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}

function memoryOf({ data, dims }: Output): Memory {
  if (!(data instanceof Float32Array)) throw new TypeError('The small model keeps its memory in float32.');
  return { data, dims };
}

/** The files of the small model, checked and loaded: its tokenizer, and a network that reads a text token by token. */
import { z } from 'zod';
import type { OnnxModel, Output, RuntimeWasm } from '../../encoder/onnxRuntime.ts';
import { openOnnxRuntime } from '../../encoder/onnxRuntime.ts';
import { ModelFailure } from '../modelFailure.ts';
import type { Tokenizer } from './tokenizer.ts';
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

export interface MicroNetwork {
  /** With the hash of weights and tokenizer. */
  readonly id: string;
  /** Tokens of prompt and answer together, at most. */
  readonly context: number;
  readonly tokenizer: Tokenizer;
  /** A text of which nothing is read yet. */
  begin(): MicroText;
  /** Frees its memory. */
  release(): Promise<void>;
}

/** A text that is read piece by piece; the next piece once the last is read. */
export interface MicroText {
  /**
   * Reads on.
   * @param tokens at least one
   * @returns logits [vocabulary] of the token that comes next
   */
  read(tokens: readonly number[]): Promise<Float32Array>;
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

const AGAIN = 'Reload the page; if it stays, the site was not built whole.';

/** @throws ModelFailure `integrity` where the files do not belong together, `unsupported` where they cannot be run here */
export async function openMicroNetwork({ files, wasm }: MicroOptions): Promise<MicroNetwork> {
  const { facts, tokenizer } = await readFiles(files);
  let model: OnnxModel;
  try {
    model = await (await openOnnxRuntime(wasm)).load(files.graph);
  } catch (error) {
    throw new ModelFailure('unsupported', 'The small model of the lab could not be loaded.', AGAIN, { cause: error });
  }
  const { layers, heads, head, width, context } = facts;
  return {
    id: `micro-${facts.sha256.slice(0, 16)}`,
    context,
    tokenizer,
    begin() {
      let seen = 0;
      let past: Memory = { data: new Float32Array(0), dims: [layers, 2, heads, 0, head] };
      let before: Memory = { data: new Float32Array(layers * 2 * width), dims: [layers, 2, width] };
      return {
        async read(tokens) {
          const out = await model.run({
            ids: integers(tokens),
            positions: integers(tokens.map((_, i) => seen + i)),
            past: { type: 'float32', ...past },
            before: { type: 'float32', ...before },
          });
          seen += tokens.length;
          [past, before] = [memoryOf(out.past_out), memoryOf(out.before_out)];
          return memoryOf(out.logits).data;
        },
      };
    },
    release: () => model.release(),
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

function integers(values: readonly number[]) {
  return { type: 'int64', data: BigInt64Array.from(values, BigInt), dims: [values.length] } as const;
}

function memoryOf({ data, dims }: Output): Memory {
  if (!(data instanceof Float32Array)) throw new TypeError('The small model keeps its memory in float32.');
  return { data, dims };
}

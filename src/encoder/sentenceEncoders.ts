/** Opens sentence encoders by what a config says of them: files by address or by name, the runtime, the model. */
import { checkSize, fetchBytes, isAddress } from './fetchBytes.ts';
import { MOST_MODEL_BYTES, type OnnxEncoder, type OnnxRuntime, openOnnxEncoder, type Vectors } from './onnxEncoder.ts';
import type { Provider } from './provider.ts';
import { MOST_TOKENIZER_BYTES } from './tokenizer.ts';

/** What differs between a browser and Node. */
export interface EncoderPlace {
  /** A file by the name that a config gives. @param what what it is to be @throws EncoderFailed where there is none */
  readFile(name: string, what: string): Promise<Uint8Array>;
  /** @throws EncoderFailed */
  runtime(provider: Provider): Promise<OnnxRuntime>;
}

export interface SentenceSettings {
  /** an absolute address, or the name of a file */
  readonly model: string;
  readonly tokenizer: string;
  readonly provider: Provider;
}

export interface OpeningHooks {
  readonly signal: AbortSignal;
  readonly onProgress: (text: string, fraction: number | null) => void;
}

/**
 * A way to open encoders. Files are read anew each time, since what lies at an address may have changed; vectors of
 * the encoder that was opened last are kept, by its contents.
 * @returns a function that throws EncoderFailed, and the signal's reason once it is aborted
 */
export function sentenceEncoders(
  place: EncoderPlace,
): (settings: SentenceSettings, hooks: OpeningHooks) => Promise<OnnxEncoder> {
  let kept: { readonly id: string; readonly vectors: Vectors } | null = null;
  return async ({ model, tokenizer, provider }, hooks) => {
    // The small one first: most mistakes show there.
    const read = {
      tokenizer: await bytesOf(place, tokenizer, 'tokenizer', MOST_TOKENIZER_BYTES, hooks),
      model: await bytesOf(place, model, 'model', MOST_MODEL_BYTES, hooks),
    };
    hooks.onProgress('Opening the sentence encoder', null);
    const runtime = await place.runtime(provider);
    hooks.signal.throwIfAborted();
    return await openOnnxEncoder(read, runtime, (id) => {
      if (kept?.id !== id) kept = { id, vectors: new Map() };
      return kept.vectors;
    });
  };
}

async function bytesOf(
  place: EncoderPlace,
  name: string,
  what: string,
  limit: number,
  { signal, onProgress }: OpeningHooks,
): Promise<Uint8Array> {
  const title = `Reading the ${what} of the sentence encoder`;
  onProgress(title, null);
  if (!isAddress(name)) {
    const bytes = await place.readFile(name, what);
    checkSize(what, bytes.length, limit);
    return bytes;
  }
  const megabytes = (count: number): string => (count / 2 ** 20).toFixed(1);
  return await fetchBytes(name, what, limit, {
    signal,
    onProgress: (bytes, of) =>
      onProgress(
        `${title}: ${megabytes(bytes)}${of === null ? '' : ` of ${megabytes(of)}`} MB`,
        of === null ? null : bytes / of,
      ),
  });
}

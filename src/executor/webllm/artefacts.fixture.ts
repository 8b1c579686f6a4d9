/** The files of a model that is none: all that is downloaded, and nothing that could be run. */

/** What a server does with a file, or the status that it answers with. */
export type ArtefactFault = 'page' | 'short' | 'changed' | 'cut' | 'held' | 'no-cors' | number;

export const MODEL_PATH = '/a-model/resolve/main/';
export const LIBRARY_FILE = 'library.wasm';

const SHARD_BYTES = [40_000, 1, 70_001, 20_000, 30_000, 25_000];
export const SHARD_FILES = SHARD_BYTES.map((_, index) => `params_shard_${index}.bin`);

const base64 = (bytes: Iterable<number>): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
const json = (value: unknown): string => base64(new TextEncoder().encode(JSON.stringify(value)));

/** Each file by its name, in base64. */
export const ARTEFACTS: Readonly<Record<string, string>> = {
  'mlc-chat-config.json': json({
    model_type: 'llama',
    tokenizer_files: ['tokenizer.json', 'tokenizer_config.json'],
    context_window_size: 128,
    conv_template: { role_templates: { user: '{user_message}' } },
  }),
  'tensor-cache.json': json({
    metadata: { ParamSize: 0 },
    records: SHARD_BYTES.map((nbytes, index) => ({
      dataPath: SHARD_FILES[index],
      format: 'raw-shard',
      nbytes,
      records: [],
    })),
  }),
  'tokenizer.json': json({ version: '1.0', model: { type: 'BPE', vocab: {}, merges: [] } }),
  // A program that does nothing and lacks everything that a library has.
  [LIBRARY_FILE]: base64([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]),
  ...Object.fromEntries(
    SHARD_BYTES.map((nbytes, index) => [
      SHARD_FILES[index],
      base64({
        *[Symbol.iterator]() {
          for (let byte = 0; byte < nbytes; byte++) yield (byte * 31 + index) & 255;
        },
      }),
    ]),
  ),
};

export const ALL_FILES = Object.keys(ARTEFACTS).sort();

/** Bytes of a file. */
export const sizeOf = (file: string): number => atob(ARTEFACTS[file]).length;

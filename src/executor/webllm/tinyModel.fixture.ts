/** A model that says what a script says, for tests that want to know beforehand, to slow it down or to make it fail. */

import type { download } from './download.ts';
import type { InjectedWorker } from './injectedEngine.fixture.ts';
import { injectedPlatform, injectedWorker } from './injectedEngine.fixture.ts';
import type { EngineConfig, EngineTokenizer, InjectedModel, InjectedText } from './runtime.fixture.ts';
import type { WebLLMPlatform } from './webllm.ts';

// The tokens: 256 bytes, the end, and what opens and closes a thought.
const END = 256;
const SPECIAL = ['<end>', '<think>', '</think>', '\n\n'];
const VOCABULARY = 256 + SPECIAL.length;

const tokenizer: EngineTokenizer = {
  encode(text) {
    const ids: number[] = [];
    for (const part of text.split(/(<think>|<\/think>|\n\n)/)) {
      const special = SPECIAL.indexOf(part);
      if (special > 0) ids.push(END + special);
      else ids.push(...new TextEncoder().encode(part));
    }
    return Int32Array.from(ids);
  },
  decode(ids) {
    const bytes = [...ids].flatMap((id) => (id < END ? [id] : [...new TextEncoder().encode(SPECIAL[id - END])]));
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes));
  },
  getVocabSize: () => VOCABULARY,
  idToToken: (id) => (id < END ? `<0x${id.toString(16).toUpperCase().padStart(2, '0')}>` : SPECIAL[id - END]),
  dispose: () => {},
};

const WORDS = ['Grüße', 'red', 'seven', '東京', 'a lamp', '👩‍🚀', 'north', 'soon'];

/** What the tiny model wants to say to a prompt: a few words that depend on every token of it. */
function scriptOf(tokens: readonly number[]): readonly number[] {
  let hash = 2166136261;
  for (const token of tokens) hash = Math.imul(hash ^ token, 16777619) >>> 0;
  const words = Array.from({ length: 4 }, (_, index) => WORDS[Math.floor(hash / 8 ** index) % WORDS.length]);
  return [...new TextEncoder().encode(words.join(' ')), END];
}

/** Preferences where the script says nothing that the grammar allows: what ends a JSON text first. */
const PREFERRED = '"}]{:,0';

export interface TinyOptions {
  /** Words of a prompt that make its prefill fail, and with what. */
  readonly failing?: Readonly<Record<string, string>>;
  /** Called with the text of each prompt as the model sees it. */
  readonly onPrompt?: (text: string) => void;
  readonly onSeed?: (seed: number) => void;
  /** Called at each token that is computed. */
  readonly onToken?: () => void;
  /** Of its weights, and what is called as each is written. */
  readonly tensors?: number;
  readonly onTensor?: () => void;
}

export const TINY_CONFIG: EngineConfig = {
  tokenizer_files: ['tokenizer.json'],
  tokenizer_info: {
    token_postproc_method: 'byte_fallback',
    prepend_space_in_encode: false,
    strip_space_in_decode: false,
  },
  vocab_size: VOCABULARY,
  context_window_size: 1024,
  sliding_window_size: -1,
  attention_sink_size: -1,
  // Not what the lab asks for: its requests have to say otherwise.
  temperature: 1,
  top_p: 0.9,
  repetition_penalty: 1.2,
  frequency_penalty: 1,
  presence_penalty: 1,
  conv_template: {
    system_template: '<system>{system_message}</system>\n',
    system_message: 'You are a tiny model.',
    roles: { user: '<user>', assistant: '<assistant>', tool: '<tool>' },
    role_templates: { user: '{user_message}', assistant: '{assistant_message}', tool: '{tool_message}' },
    seps: ['\n'],
    role_content_sep: '',
    role_empty_sep: '',
    stop_str: ['<stop>'],
    stop_token_ids: [END],
  },
};

class TinyText implements InjectedText {
  readonly #options: TinyOptions;
  readonly #tokens: number[] = [];
  #script: readonly number[] = [];
  #said = 0;

  constructor(options: TinyOptions) {
    this.#options = options;
  }

  read(tokens: readonly number[]): Float64Array {
    this.#tokens.push(...tokens);
    if (tokens.length > 1) this.#prepare();
    this.#options.onToken?.();
    const logits = new Float64Array(VOCABULARY);
    for (const [index, character] of [...PREFERRED].entries()) logits[character.charCodeAt(0)] = 5 - index / 10;
    logits[this.#script[Math.min(this.#said, this.#script.length - 1)]] = 10;
    this.#said += 1;
    return logits;
  }

  #prepare(): void {
    const text = tokenizer.decode(Int32Array.from(this.#tokens));
    for (const [word, error] of Object.entries(this.#options.failing ?? {})) {
      if (text.includes(word)) throw new Error(error);
    }
    this.#script = scriptOf(this.#tokens);
    this.#said = 0;
    this.#options.onPrompt?.(text);
  }
}

function tinyModel(options: TinyOptions): InjectedModel {
  return {
    tokenizer,
    config: TINY_CONFIG,
    begin: () => new TinyText(options),
    onSeed: options.onSeed,
    tensors: options.tensors,
    onTensor: options.onTensor,
  };
}

/** A worker whose engine loads the tiny model. */
export function tinyWorker(options: TinyOptions = {}, getFiles?: typeof download): InjectedWorker {
  return injectedWorker(() => Promise.resolve(tinyModel(options)), getFiles);
}

/** A platform with the tiny model in the place of the GPU, the network and the worker. */
export function tinyPlatform(worker: InjectedWorker = tinyWorker()): Partial<WebLLMPlatform> {
  return injectedPlatform(worker);
}

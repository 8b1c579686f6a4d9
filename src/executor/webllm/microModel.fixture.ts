/** The lab's own small model as one that WebLLM's engine runs: its tokens, its prompt and its context in the engine's form. */
import { microFilesInNode, microNetworkInNode } from '../micro/inNode.ts';
import type { MicroNetwork } from '../micro/network.ts';
import { tokenizerSchema } from '../micro/tokenizer.ts';
import { injectedPlatform, injectedWorker } from './injectedEngine.fixture.ts';
import type { InjectedModel } from './runtime.fixture.ts';
import type { WebLLMPlatform } from './webllm.ts';

let opened: Promise<MicroNetwork> | null = null;

/** Loaded once for a file of tests: each text that it reads is its own. */
export function sharedMicro(): Promise<MicroNetwork> {
  opened ??= microNetworkInNode();
  return opened;
}

function microModel({ tokenizer, context, begin }: MicroNetwork): InjectedModel {
  const file = tokenizerSchema.parse(JSON.parse(new TextDecoder().decode(microFilesInNode().tokenizer)));
  return {
    tokenizer: {
      encode: (text) => Int32Array.from(tokenizer.encode(text)),
      decode: (ids) => tokenizer.decode([...ids]),
      getVocabSize: () => tokenizer.size,
      idToToken: (id) => file.vocabulary[id],
      dispose: () => {},
    },
    config: {
      tokenizer_files: ['tokenizer.json'],
      tokenizer_info: {
        token_postproc_method: 'byte_level',
        prepend_space_in_encode: false,
        strip_space_in_decode: false,
      },
      vocab_size: tokenizer.size,
      // The engine counts what is read, and the last token of an answer is not.
      context_window_size: context - 1,
      sliding_window_size: -1,
      attention_sink_size: -1,
      // As `flatPrompt` puts messages together: one a line, then where the answer begins.
      conv_template: {
        system_template: '{system_message}\n',
        system_message: '',
        render_empty_system_message: false,
        roles: { user: '', assistant: '', tool: '' },
        seps: ['\n'],
        role_content_sep: '',
        role_empty_sep: 'Answer:',
        stop_str: [],
        stop_token_ids: [tokenizer.end],
      },
    },
    begin,
  };
}

/** A platform with a worker whose engine runs the small model. @param network that its logits come from */
export function microPlatform(network: Promise<MicroNetwork> = sharedMicro()): Partial<WebLLMPlatform> {
  return injectedPlatform(injectedWorker(async () => microModel(await network)));
}

/**
 * Licences of the models that WebLLM lists, by family. The MLC builds are conversions and stay under the licence of the
 * original, so each line names the original's card, which has the last word. Where the card says `other` or nothing clear,
 * there is no line, and the licence is shown as unknown.
 */

export interface Licence {
  /** As on the card: an SPDX identifier, or the name of an own licence. */
  readonly name: string;
  /** Whether it is open as the Open Source Initiative means it. Own licences set conditions on use. */
  readonly open: boolean;
  /** Where that is said. */
  readonly source: string;
}

const card = (repository: string): string => `https://huggingface.co/${repository}`;

/**
 * The first line whose pattern the name begins with counts. No line for Hermes 2 Theta on Llama 3: its card names no
 * licence, and copies of it name different ones.
 */
const FAMILIES: readonly (readonly [pattern: RegExp, name: string, open: boolean, repository: string])[] = [
  [/^DeepSeek-R1-Distill-Qwen/, 'MIT', true, 'deepseek-ai/DeepSeek-R1-Distill-Qwen-7B'],
  [
    /^DeepSeek-R1-Distill-Llama/,
    'MIT, and the Llama 3.1 Community License of its base',
    false,
    'deepseek-ai/DeepSeek-R1-Distill-Llama-8B',
  ],
  [/^Hermes-2-Pro-Llama-3/, 'Llama 3 Community License', false, 'NousResearch/Hermes-2-Pro-Llama-3-8B'],
  [/^Hermes-2-Pro-Mistral/, 'Apache-2.0', true, 'NousResearch/Hermes-2-Pro-Mistral-7B'],
  // Both cards say `llama3`, though these are built on Llama 3.2 and 3.1.
  [/^Hermes-3-Llama-3\.2/, 'Llama 3 Community License', false, 'NousResearch/Hermes-3-Llama-3.2-3B'],
  [/^Hermes-3-Llama-3\.1/, 'Llama 3 Community License', false, 'NousResearch/Hermes-3-Llama-3.1-8B'],
  [/^Llama-3\.2/, 'Llama 3.2 Community License', false, 'meta-llama/Llama-3.2-1B-Instruct'],
  [/^Llama-3\.1/, 'Llama 3.1 Community License', false, 'meta-llama/Llama-3.1-8B-Instruct'],
  [/^Llama-3-/, 'Llama 3 Community License', false, 'meta-llama/Meta-Llama-3-8B-Instruct'],
  [/^Llama-2/, 'Llama 2 Community License', false, 'meta-llama/Llama-2-7b-chat-hf'],
  [/^Phi-3\.5-vision/, 'MIT', true, 'microsoft/Phi-3.5-vision-instruct'],
  [/^Phi-3\.5-mini/, 'MIT', true, 'microsoft/Phi-3.5-mini-instruct'],
  [/^Phi-3-mini/, 'MIT', true, 'microsoft/Phi-3-mini-4k-instruct'],
  [/^Phi-4-mini/, 'MIT', true, 'microsoft/Phi-4-mini-instruct'],
  [/^phi-2/, 'MIT', true, 'microsoft/phi-2'],
  [/^phi-1_5/, 'MIT', true, 'microsoft/phi-1_5'],
  [/^Mistral-7B-Instruct/, 'Apache-2.0', true, 'mistralai/Mistral-7B-Instruct-v0.3'],
  [/^Ministral-3/, 'Apache-2.0', true, 'mistralai/Ministral-3-3B-Instruct-2512'],
  [/^OpenHermes-2\.5/, 'Apache-2.0', true, 'teknium/OpenHermes-2.5-Mistral-7B'],
  [/^NeuralHermes-2\.5/, 'Apache-2.0', true, 'mlabonne/NeuralHermes-2.5-Mistral-7B'],
  [/^SmolLM2/, 'Apache-2.0', true, 'HuggingFaceTB/SmolLM2-1.7B-Instruct'],
  [/^gemma-4/, 'Apache-2.0', true, 'google/gemma-4-E2B-it'],
  [/^gemma-?3/, 'Gemma Terms of Use', false, 'google/gemma-3-1b-it'],
  [/^gemma-2-2b-jpn/, 'Gemma Terms of Use', false, 'google/gemma-2-2b-jpn-it'],
  [/^gemma-2-/, 'Gemma Terms of Use', false, 'google/gemma-2-2b-it'],
  [/^gemma-2b/, 'Gemma Terms of Use', false, 'google/gemma-2b-it'],
  [/^OLMo-2/, 'Apache-2.0', true, 'allenai/OLMo-2-0425-1B-Instruct'],
  [/^Qwen3\.5/, 'Apache-2.0', true, 'Qwen/Qwen3.5-0.8B'],
  [/^Qwen3-/, 'Apache-2.0', true, 'Qwen/Qwen3-0.6B'],
  [/^Qwen2\.5-3B/, 'Qwen Research License', false, 'Qwen/Qwen2.5-3B-Instruct'],
  [/^Qwen2\.5-Coder-3B/, 'Qwen Research License', false, 'Qwen/Qwen2.5-Coder-3B-Instruct'],
  [/^Qwen2\.5-Coder/, 'Apache-2.0', true, 'Qwen/Qwen2.5-Coder-1.5B-Instruct'],
  [/^Qwen2\.5-Math/, 'Apache-2.0', true, 'Qwen/Qwen2.5-Math-1.5B-Instruct'],
  [/^Qwen2\.5-/, 'Apache-2.0', true, 'Qwen/Qwen2.5-0.5B-Instruct'],
  [/^Qwen2-Math/, 'Apache-2.0', true, 'Qwen/Qwen2-Math-7B-Instruct'],
  [/^Qwen2-/, 'Apache-2.0', true, 'Qwen/Qwen2-0.5B-Instruct'],
  [/^RedPajama-INCITE/, 'Apache-2.0', true, 'togethercomputer/RedPajama-INCITE-Chat-3B-v1'],
  [/^TinyLlama/, 'Apache-2.0', true, 'TinyLlama/TinyLlama-1.1B-Chat-v1.0'],
];

/** The licence of a model by its id in WebLLM's list; null where it is not known. */
export function licenceOf(modelId: string): Licence | null {
  const family = FAMILIES.find(([pattern]) => pattern.test(modelId));
  if (family === undefined) return null;
  const [, name, open, repository] = family;
  return { name, open, source: card(repository) };
}

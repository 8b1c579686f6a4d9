import { describeModel } from '../contract.fixture.ts';
import { TINY_CONFIG, tinyPlatform } from './tinyEngine.fixture.ts';
import { createWebLLM } from './webllm.ts';

const MODEL = 'SmolLM2-360M-Instruct-q4f32_1-MLC';

describeModel(
  'WebLLM, its engine and the pair of its worker over a tiny model',
  () => createWebLLM({ model: MODEL }, { platform: tinyPlatform() }),
  { contextTokens: TINY_CONFIG.context_window_size, schema: 'kept', streams: true },
);

describeModel(
  'WebLLM without thinking',
  () => createWebLLM({ model: 'Qwen3-0.6B-q4f32_1-MLC' }, { platform: tinyPlatform() }),
  { contextTokens: TINY_CONFIG.context_window_size, schema: 'kept', streams: true },
);

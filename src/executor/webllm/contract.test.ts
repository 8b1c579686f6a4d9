import { describeModel } from '../contract.fixture.ts';
import { MICRO_CONTRACT } from '../micro/contractQuestions.fixture.ts';
import { microPlatform } from './microModel.fixture.ts';
import { TINY_CONFIG, tinyPlatform } from './tinyModel.fixture.ts';
import { createWebLLM } from './webllm.ts';

const MODEL = 'SmolLM2-360M-Instruct-q4f32_1-MLC';

describeModel(
  'WebLLM, its engine and the pair of its worker over the small model of the lab',
  () => createWebLLM({ model: MODEL }, { platform: microPlatform() }),
  // What the small model cannot do by itself, keep to a schema, the engine's grammar makes it do.
  { ...MICRO_CONTRACT, schema: 'kept', schemaQuestion: MICRO_CONTRACT.longQuestion },
);

// What the small model does not say: characters of many bytes, answers of which each prompt has its own.
describeModel(
  'WebLLM, its engine and the pair of its worker over a script',
  () => createWebLLM({ model: MODEL }, { platform: tinyPlatform() }),
  { contextTokens: TINY_CONFIG.context_window_size, schema: 'kept', streams: true },
);

describeModel(
  'WebLLM without thinking',
  () => createWebLLM({ model: 'Qwen3-0.6B-q4f32_1-MLC' }, { platform: tinyPlatform() }),
  { contextTokens: TINY_CONFIG.context_window_size, schema: 'kept', streams: true },
);

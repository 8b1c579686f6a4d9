/** A run with a sentence encoder in the page's worker: the runtime comes from this site, the files from the browser. */
import { afterEach, describe, expect, test } from 'vitest';
import { tinyModel, tokenizerJson, VOCABULARY, vectorByHand } from '../encoder/onnxModel.fixture.ts';
import type { ConfigInput } from '../training/config.ts';
import { SessionClient } from './client.ts';
import { encoderFiles } from './encoderFiles.ts';
import { browserEncoders } from './encoders.ts';

const signal = new AbortController().signal;
const hooks = { signal, onProgress: () => {} };
const files = encoderFiles();
const NAMES = ['tiny-of-tests.onnx', 'tokenizer-of-tests.json'] as const;

afterEach(async () => {
  for (const name of NAMES) await files.remove(name);
});

async function keep(model: Uint8Array = tinyModel()): Promise<void> {
  await files.keep(new File([Uint8Array.from(model)], NAMES[0]));
  await files.keep(new File([Uint8Array.from(tokenizerJson())], NAMES[1]));
}

const encoder = { kind: 'onnx', model: NAMES[0], tokenizer: NAMES[1] } as const;
const config: ConfigInput = {
  version: 1,
  device: 'cpu',
  steps: 3,
  suites: [{ name: 'tree', settings: { depth: 2, branching: 2 }, train: 2 }],
  encoder,
  supervisor: { width: 16 },
  rollout: { tasksPerStep: 2, trajectoriesPerTask: 4 },
};

describe('a sentence encoder in the browser', () => {
  test.each(['wasm', 'webgpu'] as const)('asked for on %s gives the vectors by hand', async (provider) => {
    await keep();
    const opened = await browserEncoders()({ ...encoder, provider }, hooks);
    const text = 'put the mug on the desk';
    await opened.prepare?.([text], hooks);
    const expected = vectorByHand(`[CLS] ${text} [SEP]`.split(' ').map((token) => VOCABULARY.indexOf(token)));
    const vector = opened.encode(text);
    for (const [d, entry] of expected.entries()) expect(vector[d]).toBeCloseTo(entry, 4);
    expect(opened.id).toMatch(new RegExp(`-${provider}$`));
    await opened.release?.();
  });

  test('trains a run in the worker, whose record names the encoder', async () => {
    await keep();
    const client = new SessionClient();
    try {
      await client.request({ type: 'open', config, resume: false });
      await client.request({ type: 'step', count: 3 });
      const record = await client.request({ type: 'record' });
      expect(record.steps).toHaveLength(3);
      expect(record.encoder?.id).toMatch(/^onnx-/);
      await client.request({ type: 'reset' });
    } finally {
      client.terminate();
    }
  });

  test('that is not kept is told by its name, with what to do', async () => {
    const client = new SessionClient();
    try {
      const opening = client.request({ type: 'open', config, resume: false });
      await expect(opening).rejects.toMatchObject({
        name: 'EncoderFailed',
        hint: expect.stringContaining('Choose the file'),
      });
      await expect(opening).rejects.toThrow('tokenizer-of-tests.json');
    } finally {
      client.terminate();
    }
  });
});

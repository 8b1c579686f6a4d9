import { expect, test } from 'vitest';
import { ModelFailure } from '../modelFailure.ts';
import { messagesOf, PROMPTS } from '../prompt.ts';
import { microInBrowser } from './inBrowser.ts';
import { KNOWN } from './knownAnswers.fixture.ts';

const site = `${location.origin}/`;

test('the small model answers in the page as it does in Node, with nothing fetched from elsewhere', async () => {
  const model = await microInBrowser(site);
  try {
    for (const { call, answer } of KNOWN.slice(0, 4)) {
      const messages = messagesOf(call, PROMPTS);
      const { text } = await model.complete({ messages, maxTokens: 64, seed: 0, schema: null });
      expect(text).toBe(answer);
    }
  } finally {
    await model.close();
  }
  const fetched = performance.getEntriesByType('resource').map(({ name }) => new URL(name));
  expect(fetched.some(({ pathname }) => pathname.endsWith('micro/model.onnx'))).toBe(true);
  expect(fetched.filter(({ origin, protocol }) => origin !== location.origin && protocol.startsWith('http'))).toEqual(
    [],
  );
});

test('the small model says so where its files are missing', async () => {
  const error: unknown = await microInBrowser(`${site}no/such/place/`).catch((reason: unknown) => reason);
  if (!(error instanceof ModelFailure)) throw new Error(`Not a ModelFailure: ${String(error)}`);
  expect(['not-found', 'integrity']).toContain(error.kind);
});

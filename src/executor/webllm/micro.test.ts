/**
 * The small model of the lab, asked through WebLLM's engine and pipeline, says what it says by itself: the same tokens are
 * read, the same are written, and the logits in between agree.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, failureOf } from '../contract.fixture.ts';
import type { Completion, LanguageModel, Message, ModelRequest } from '../languageModel.ts';
import { MICRO_CONTRACT } from '../micro/contractQuestions.fixture.ts';
import { microOf } from '../micro/createMicro.ts';
import { flatPrompt } from '../micro/flatPrompt.ts';
import { KNOWN } from '../micro/knownAnswers.fixture.ts';
import type { MicroNetwork } from '../micro/network.ts';
import { messagesOf, PROMPTS } from '../prompt.ts';
import { microPlatform, sharedMicro } from './microModel.fixture.ts';
import { PREFILL_CHUNK } from './runtime.fixture.ts';
import { createWebLLM } from './webllm.ts';

/** A text as the network read it. */
interface Reading {
  /** Prompt and answer, but for what ended it. */
  readonly tokens: number[];
  /** How many tokens each piece had. */
  readonly pieces: number[];
  /** By the number of tokens read, of the one that comes next. */
  readonly logits: Map<number, Float32Array>;
}

/** The network, and what it read since. */
function watched(network: MicroNetwork): { readonly network: MicroNetwork; last(): Reading } {
  let readings: Reading[] = [];
  return {
    network: {
      ...network,
      begin() {
        const text = network.begin();
        const reading: Reading = { tokens: [], pieces: [], logits: new Map() };
        return {
          async read(tokens) {
            if (reading.tokens.length === 0) readings.push(reading);
            const logits = await text.read(tokens);
            // As a GPU's, what it gives comes later than all that is ready now.
            await new Promise((resolve) => setTimeout(resolve));
            reading.tokens.push(...tokens);
            reading.pieces.push(tokens.length);
            reading.logits.set(reading.tokens.length, logits);
            return logits;
          },
        };
      },
      // Of both models, and released by this file.
      release: () => Promise.resolve(),
    },
    last() {
      const [reading, ...others] = readings;
      readings = [];
      if (reading === undefined || others.length > 0) throw new Error(`${others.length} readings more than one.`);
      return reading;
    },
  };
}

interface Asked {
  readonly model: LanguageModel;
  readonly last: () => Reading;
}

let network: MicroNetwork;
let byItself: Asked;
let byEngine: Asked;

beforeAll(async () => {
  network = await sharedMicro();
  const [alone, inside] = [watched(network), watched(network)];
  byItself = { model: microOf(alone.network), last: alone.last };
  const platform = microPlatform(Promise.resolve(inside.network));
  const model = await createWebLLM({ model: 'SmolLM2-360M-Instruct-q4f32_1-MLC' }, { platform });
  byEngine = { model, last: inside.last };
}, 60_000);

afterAll(async () => {
  await byItself.model.close();
  await byEngine.model.close();
  await network.release();
});

async function answerOf({ model, last }: Asked, request: ModelRequest): Promise<Completion & Reading> {
  return { ...(await model.complete(request)), ...last() };
}

/** The length of the difference of two vectors, relative to that of the first. */
function difference(a: Float32Array, b: Float32Array): number {
  const squares = (values: Float32Array): number => values.reduce((sum, value) => sum + value * value, 0);
  return Math.sqrt(squares(a.map((value, i) => value - b[i])) / squares(a));
}

function likeliest(logits: Float32Array | undefined): number {
  if (logits === undefined) throw new Error('No logits there.');
  return logits.indexOf(Math.max(...logits));
}

/** Asks both, and compares all that both tell. */
async function expectOneAnswer(request: ModelRequest): Promise<Completion & Reading> {
  const alone = await answerOf(byItself, request);
  const inside = await answerOf(byEngine, request);
  expect(inside.tokens).toEqual(alone.tokens);
  expect(inside.tokens.slice(0, inside.promptTokens)).toEqual(network.tokenizer.encode(flatPrompt(request.messages)));
  for (const [read, logits] of alone.logits) {
    expect(difference(logits, inside.logits.get(read) ?? new Float32Array(0)), `after ${read} tokens`).toBeLessThan(
      1e-4,
    );
  }
  expect(inside.promptTokens).toBe(alone.promptTokens);
  expect(inside.finish).toBe(alone.finish);
  // The engine counts what ends an answer as a token of it, the small model does not.
  expect(inside.completionTokens).toBe(alone.completionTokens + (alone.finish === 'stop' ? 1 : 0));
  // What the engine says begins with the space that parts the answer from "Answer:".
  expect(inside.text.trim()).toBe(alone.text);
  return inside;
}

describe('the small model through the engine of WebLLM', () => {
  test.each(KNOWN.map(({ call, answer }) => ({ ...call, call, answer })))(
    'answers as by itself, token for token, to $act: $task',
    async ({ call, answer }) => {
      const request = { ...ask(''), messages: messagesOf(call, PROMPTS), maxTokens: 96 };
      const { text, tokens, promptTokens, logits, finish } = await expectOneAnswer(request);
      expect(text.trim()).toBe(answer);
      // Each token of the answer was the likeliest after those before it, and so was the end.
      expect(finish).toBe('stop');
      const written = [...tokens.slice(promptTokens), network.tokenizer.end];
      expect(written.map((_, i) => likeliest(logits.get(promptTokens + i)))).toEqual(written);
    },
  );

  test('reads a prompt in the engine’s pieces', async () => {
    const [messages] = KNOWN.map(({ call }) => messagesOf(call, PROMPTS)).toSorted(
      (a, b) => flatPrompt(b).length - flatPrompt(a).length,
    );
    const { pieces, promptTokens } = await expectOneAnswer({ ...ask(''), messages, maxTokens: 2 });
    expect(promptTokens).toBeGreaterThan(PREFILL_CHUNK);
    const full = Array.from({ length: Math.floor(promptTokens / PREFILL_CHUNK) }, () => PREFILL_CHUNK);
    const rest = promptTokens % PREFILL_CHUNK;
    expect(pieces).toEqual([...full, ...(rest > 0 ? [rest] : []), 1]);
  });

  test.each<[string, readonly Message[]]>([
    ['one message', [{ role: 'user', content: MICRO_CONTRACT.longQuestion }]],
    ['an empty message', [{ role: 'user', content: '' }]],
    [
      'a dialogue',
      [
        { role: 'system', content: PROMPTS.search },
        { role: 'user', content: 'Task: a\nNotes: none' },
        { role: 'assistant', content: ' capital Lima' },
        { role: 'user', content: 'Task: b\nNotes: none' },
      ],
    ],
    [
      'what String.replace takes for its own, which the lab doubles in instructions and nowhere else',
      [
        { role: 'system', content: "$$ $& $' $1" },
        { role: 'user', content: "$$x$$ $& $' {user_message}" },
        { role: 'assistant', content: '$$' },
        { role: 'user', content: '$`' },
      ],
    ],
    ['no plain characters', [{ role: 'user', content: 'Grüße aus 東京 👩‍🚀\r\n\t \u0000 <|end|> \n\n Answer:' }]],
  ])('reads the same prompt where it is %s', async (_, messages) => {
    await expectOneAnswer({ ...ask(''), messages, maxTokens: 3 });
  });

  test('reads the same prompt whatever its messages are: to be cut into tokens apart changes nothing', () => {
    const content = fc.array(
      fc.oneof(fc.constantFrom(...Object.values(PROMPTS), '\n', ' ', '  ', 'Lima', ' 24', 'Answer:'), fc.string()),
    );
    const { tokenizer } = network;
    fc.assert(
      fc.property(fc.array(content, { minLength: 1 }), (contents) => {
        const texts = contents.map((parts) => parts.join(''));
        const apart = [...texts.map((text) => `${text}\n`), 'Answer:'].flatMap((text) => tokenizer.encode(text));
        expect(apart).toEqual(
          tokenizer.encode(flatPrompt(texts.map((text): Message => ({ role: 'user', content: text })))),
        );
      }),
    );
  });

  test.each([1, 2, 5])('is cut after the same %d tokens', async (maxTokens) => {
    const { completionTokens, finish } = await expectOneAnswer(ask(MICRO_CONTRACT.longQuestion, { maxTokens }));
    expect([completionTokens, finish]).toEqual([maxTokens, 'length']);
  });

  test.each([0, 1, 7])('says the same where its context ends %d tokens after the first of the answer', async (left) => {
    // Names are copied on and on, so that no answer ends by itself.
    const names = 'Lima Quito '.repeat(network.context);
    const longest = network.tokenizer.encode(names).slice(0, network.context - 1 - left);
    const fixed = network.tokenizer.encode(flatPrompt([{ role: 'user', content: '' }])).length;
    const content = network.tokenizer.decode(longest.slice(0, longest.length - fixed));
    const { promptTokens, completionTokens, finish } = await expectOneAnswer(ask(content, { maxTokens: 64 }));
    expect(promptTokens).toBe(network.context - 1 - left);
    expect([completionTokens, finish]).toEqual([1 + left, 'length']);
  });

  test('is refused a prompt that leaves no room for an answer, by both', async () => {
    const fixed = network.tokenizer.encode(flatPrompt([{ role: 'user', content: '' }])).length;
    const content = '\n'.repeat(network.context - fixed);
    expect(network.tokenizer.encode(flatPrompt([{ role: 'user', content }])).length).toBe(network.context);
    for (const { model } of [byItself, byEngine]) {
      expect((await failureOf(model.complete(ask(content)))).kind).toBe('bad-request');
    }
    await expectOneAnswer(ask(MICRO_CONTRACT.longQuestion, { maxTokens: 2 }));
  });

  test('writes what a schema allows, of which white space without end is a part', async () => {
    const schema = { type: 'object', properties: { answer: { type: 'string' } }, required: ['answer'] };
    const request = ask(MICRO_CONTRACT.questions[0], { schema, maxTokens: 24 });
    const { text, finish, tokens, promptTokens, logits } = await answerOf(byEngine, request);
    expect(text).toMatch(/^\{\s+$/);
    expect(finish).toBe('length');
    // It would have said something else.
    expect(likeliest(logits.get(promptTokens))).not.toBe(tokens[promptTokens]);
  });
});

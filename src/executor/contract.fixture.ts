/** What every language model promises the lab, as tests. Only test files import this. */
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Completion, CompletionHooks, LanguageModel, Message, ModelRequest } from './languageModel.ts';
import { MODEL_FAILURES, ModelFailure, type ModelFailureKind } from './modelFailure.ts';

export interface ModelContract {
  /** Tokens that a prompt and its answer may have together. */
  readonly contextTokens: number;
  /** What becomes of a schema: the answer keeps to it, or the request is refused. */
  readonly schema: 'kept' | 'refused';
  /** Whether an answer comes in pieces or in one. */
  readonly streams: boolean;
  /** Questions to which the model has at least two different answers. */
  readonly questions?: readonly string[];
  /** A question to which the model's answer has at least three tokens. */
  readonly longQuestion?: string;
  /** Where a schema is kept: a question that is answered in 64 tokens, held to a short text in an object. */
  readonly schemaQuestion?: string;
  /** For each test, in milliseconds. */
  readonly timeout?: number;
}

const QUESTIONS = ['mercury', 'venus', 'earth', 'mars', 'jupiter', 'saturn', 'uranus', 'neptune'].map(
  (planet) => `Which planet comes after ${planet}?`,
);
const LONG_QUESTION = 'Write the numbers from one to twenty in words.';

/** A question, with defaults for all that a test does not speak of. */
export function ask(content: string, change: Partial<ModelRequest> = {}): ModelRequest {
  return { messages: [{ role: 'user', content }], maxTokens: 24, seed: 0, schema: null, ...change };
}

/**
 * The failure that a request ends with.
 * @throws where it was answered, or ended with anything but a ModelFailure that says what can be done
 */
export async function failureOf(answer: Promise<unknown>): Promise<ModelFailure> {
  const failure: unknown = await answer.then(
    (value) => {
      throw new Error(`The request was answered: ${JSON.stringify(value)}`);
    },
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(ModelFailure);
  const modelFailure = failure as ModelFailure;
  expect(MODEL_FAILURES).toContain(modelFailure.kind);
  expect(modelFailure.advice.trim()).not.toBe('');
  expect(modelFailure.message).toContain(modelFailure.advice);
  return modelFailure;
}

/** What of an answer may not differ between equal requests. */
const lasting = ({ text, finish, promptTokens, completionTokens }: Completion): unknown => ({
  text,
  finish,
  promptTokens,
  completionTokens,
});

/** Surrogates without their other half. */
const HALF_CHARACTERS = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

const answerSchema = {
  type: 'object',
  properties: { answer: { type: 'string', maxLength: 12 } },
  required: ['answer'],
  additionalProperties: false,
};

/**
 * @param make a new instance of the same model
 */
export function describeModel(name: string, make: () => Promise<LanguageModel>, contract: ModelContract): void {
  const questions = contract.questions ?? QUESTIONS;
  const longQuestion = contract.longQuestion ?? LONG_QUESTION;

  describe(`the contract of a language model, by ${name}`, { timeout: contract.timeout ?? 20_000 }, () => {
    const made: LanguageModel[] = [];
    const makeModel = async (): Promise<LanguageModel> => {
      const model = await make();
      made.push(model);
      return model;
    };
    /** Answers, or says that the request is refused; anything else is an error. */
    const answerOrRefusal = async (model: LanguageModel, request: ModelRequest): Promise<void> => {
      const answer = model.complete(request);
      const answered = await answer.then(
        () => true,
        () => false,
      );
      if (!answered) expect((await failureOf(answer)).kind).toBe('bad-request');
      expect((await model.complete(ask(longQuestion))).text).not.toBe('');
    };

    afterEach(async () => {
      await Promise.all(made.splice(0).map((model) => model.close()));
    });

    test('has a name that two instances share, and takes a request at least', async () => {
      const [first, second] = [await makeModel(), await makeModel()];
      expect(first.id.trim()).not.toBe('');
      expect(second.id).toBe(first.id);
      expect(Number.isSafeInteger(first.concurrency)).toBe(true);
      expect(first.concurrency).toBeGreaterThanOrEqual(1);
    });

    test('answers with a text, its tokens, its time and its cost', async () => {
      const answer = await (await makeModel()).complete(ask(longQuestion));
      expect(answer.text).not.toBe('');
      expect(['stop', 'length']).toContain(answer.finish);
      expect(Number.isSafeInteger(answer.promptTokens)).toBe(true);
      expect(answer.promptTokens).toBeGreaterThan(0);
      expect(Number.isSafeInteger(answer.completionTokens)).toBe(true);
      expect(answer.completionTokens).toBeGreaterThan(0);
      expect(answer.milliseconds).toBeGreaterThanOrEqual(0);
      expect(Number.isFinite(answer.milliseconds)).toBe(true);
      expect(answer.cost).toBeGreaterThanOrEqual(0);
      expect(Number.isFinite(answer.cost)).toBe(true);
    });

    test('gives equal requests equal answers, whatever was asked in between', async () => {
      const model = await makeModel();
      const first = await model.complete(ask(longQuestion));
      await model.complete(ask(questions[0]));
      expect(lasting(await model.complete(ask(longQuestion)))).toEqual(lasting(first));
    });

    test('gives the same answers in another instance', async () => {
      const answersOf = async (model: LanguageModel): Promise<unknown[]> => {
        const answers: unknown[] = [];
        for (const question of questions) answers.push(lasting(await model.complete(ask(question))));
        return answers;
      };
      expect(await answersOf(await makeModel())).toEqual(await answersOf(await makeModel()));
    });

    test('cuts an answer at the number of tokens asked for, and says so', async () => {
      const model = await makeModel();
      const [one, two] = [
        await model.complete(ask(longQuestion, { maxTokens: 1 })),
        await model.complete(ask(longQuestion, { maxTokens: 2 })),
      ];
      expect([one.finish, one.completionTokens]).toEqual(['length', 1]);
      expect([two.finish, two.completionTokens]).toEqual(['length', 2]);
      expect(two.text.startsWith(one.text)).toBe(true);
    });

    test('counts more tokens in a longer prompt, and the same whatever the answer', async () => {
      const model = await makeModel();
      const short = await model.complete(ask(longQuestion, { maxTokens: 1 }));
      const same = await model.complete(ask(longQuestion, { maxTokens: 3 }));
      const long = await model.complete(ask(`${longQuestion} ${longQuestion}`, { maxTokens: 1 }));
      expect(same.promptTokens).toBe(short.promptTokens);
      expect(long.promptTokens).toBeGreaterThan(short.promptTokens);
    });

    test('tells the answer as it grows', async () => {
      const model = await makeModel();
      const told: string[] = [];
      const { text } = await model.complete(ask(longQuestion), { onText: (soFar) => told.push(soFar) });
      expect(told.at(-1)).toBe(text);
      expect(told.every((soFar, index) => index === 0 || soFar.startsWith(told[index - 1]))).toBe(true);
      if (contract.streams) expect(told.length).toBeGreaterThan(1);
      expect((await model.complete(ask(longQuestion))).text).toBe(text);
    });

    test.each(['Grüße aus 東京 👩‍🚀🇩🇪', '\u202eright to left \u0000 and \ufeff', '"quoted" \\ {"json": [1]}\r\n\t'])(
      'reads and writes whole characters: %j',
      async (question) => {
        const model = await makeModel();
        const told: string[] = [];
        const { text } = await model.complete(ask(question), { onText: (soFar) => told.push(soFar) });
        expect([...told, text].filter((soFar) => HALF_CHARACTERS.test(soFar))).toEqual([]);
        expect(told.every((soFar, index) => index === 0 || soFar.startsWith(told[index - 1]))).toBe(true);
        expect((await model.complete(ask(question))).text).toBe(text);
      },
    );

    test('answers a dialogue', async () => {
      const messages: Message[] = [
        { role: 'system', content: 'Answer in a word.' },
        { role: 'user', content: questions[0] },
        { role: 'assistant', content: 'Which one?' },
        { role: 'user', content: questions[1] },
      ];
      const model = await makeModel();
      const answer = await model.complete({ ...ask(''), messages });
      expect(lasting(await model.complete({ ...ask(''), messages }))).toEqual(lasting(answer));
    });

    test('answers an empty prompt or refuses it, and then the next', async () => {
      await answerOrRefusal(await makeModel(), ask(''));
    });

    test('refuses a prompt that is longer than its context, and answers the next', async () => {
      const model = await makeModel();
      const request = ask('word '.repeat(contract.contextTokens + 1));
      expect((await failureOf(model.complete(request))).kind).toBe('bad-request');
      expect((await model.complete(ask(longQuestion))).text).not.toBe('');
    });

    test.each<[string, Partial<ModelRequest>]>([
      ['no message', { messages: [] }],
      ['an answer of no tokens', { maxTokens: 0 }],
      ['half a token', { maxTokens: 1.5 }],
      ['a number of tokens that is none', { maxTokens: Number.NaN }],
      ['a seed that is no number', { seed: Number.NaN }],
    ])('refuses %s', async (_, change) => {
      const model = await makeModel();
      expect((await failureOf(model.complete(ask(longQuestion, change)))).kind).toBe('bad-request');
      expect((await model.complete(ask(longQuestion))).text).not.toBe('');
    });

    test(contract.schema === 'kept' ? 'keeps to a schema' : 'refuses a schema', async () => {
      const model = await makeModel();
      const request = ask(contract.schemaQuestion ?? questions[0], { schema: answerSchema, maxTokens: 64 });
      if (contract.schema === 'kept') {
        const { text, finish } = await model.complete(request);
        expect(finish).toBe('stop');
        expect(z.strictObject({ answer: z.string().max(12) }).safeParse(JSON.parse(text)).success).toBe(true);
      } else {
        expect((await failureOf(model.complete(request))).kind).toBe('bad-request');
      }
      expect((await model.complete(ask(longQuestion))).text).not.toBe('');
    });

    test('gives many requests at once each its own answer', async () => {
      const one = await makeModel();
      const alone: unknown[] = [];
      for (const question of questions) alone.push(lasting(await one.complete(ask(question))));
      expect(new Set(alone.map((answer) => JSON.stringify(answer))).size).toBeGreaterThan(1);

      const model = await makeModel();
      const twice = [...questions, ...questions.toReversed()];
      const together = await Promise.all(twice.map((question) => model.complete(ask(question))));
      expect(together.map(lasting)).toEqual([...alone, ...alone.toReversed()]);
    });

    test('ends an aborted request with the reason, and answers the next', async () => {
      const model = await makeModel();
      const expected = (await model.complete(ask(longQuestion))).text;
      const reason = new Error('no longer wanted');

      const before = model.complete(ask(longQuestion), { signal: AbortSignal.abort(reason) });
      await expect(before).rejects.toBe(reason);
      expect((await model.complete(ask(longQuestion))).text).toBe(expected);

      const atOnce = new AbortController();
      const started = model.complete(ask(longQuestion), { signal: atOnce.signal });
      atOnce.abort(reason);
      await expect(started).rejects.toBe(reason);
      expect((await model.complete(ask(longQuestion))).text).toBe(expected);

      const inside = new AbortController();
      const growing = model.complete(ask(longQuestion), {
        signal: inside.signal,
        onText: () => inside.abort(reason),
      });
      await expect(growing).rejects.toBe(reason);
      expect((await model.complete(ask(longQuestion))).text).toBe(expected);
    });

    test('aborts one of many requests and answers the others', async () => {
      const model = await makeModel();
      const reason = new Error('no longer wanted');
      const controllers = questions.map(() => new AbortController());
      const answers = questions.map((question, index) => {
        const hooks: CompletionHooks = { signal: controllers[index].signal };
        return model.complete(ask(question), hooks).then(lasting, (error: unknown) => error);
      });
      const dropped = [0, questions.length - 1];
      for (const index of dropped) controllers[index].abort(reason);
      const ended = await Promise.all(answers);
      for (const [index, question] of questions.entries()) {
        expect(ended[index]).toEqual(dropped.includes(index) ? reason : lasting(await model.complete(ask(question))));
      }
    });

    test('minds no signal that is aborted when the answer is there', async () => {
      const controller = new AbortController();
      const model = await makeModel();
      const answer = await model.complete(ask(longQuestion), { signal: controller.signal });
      controller.abort();
      expect(lasting(await model.complete(ask(longQuestion)))).toEqual(lasting(answer));
    });

    test('ends what is under way when it is closed, and answers nothing more', async () => {
      const model = await makeModel();
      const underWay = [...questions, longQuestion].map((question) => failureOf(model.complete(ask(question))));
      await model.close();
      const kinds: ModelFailureKind[] = (await Promise.all(underWay)).map(({ kind }) => kind);
      expect(new Set(kinds)).toEqual(new Set(['closed']));
      expect((await failureOf(model.complete(ask(longQuestion)))).kind).toBe('closed');
      await model.close();
    });

    test('ends an answer that grows when it is closed', async () => {
      const model = await makeModel();
      const closings: Promise<void>[] = [];
      const growing = model.complete(ask(longQuestion), { onText: () => closings.push(model.close()) });
      expect((await failureOf(growing)).kind).toBe('closed');
      expect(closings.length).toBeGreaterThan(0);
      await Promise.all(closings);
    });
  });
}

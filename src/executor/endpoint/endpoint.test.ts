import { inspect } from 'node:util';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ask, failureOf } from '../contract.fixture.ts';
import type { ModelFailureKind } from '../modelFailure.ts';
import { type Clock, createEndpoint, type Endpoint, type EndpointOptions } from './endpoint.ts';
import type { EndpointSettingsInput } from './settings.ts';
import {
  answerTo,
  type Fault,
  promptTokensOf,
  startTestServer,
  type TestServer,
  tokensOf,
} from './testServer.fixture.ts';

const KEY = 'sk-Very+Secret/0123456789';
const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);

const servers: TestServer[] = [];
const endpoints: Endpoint[] = [];
afterEach(async () => {
  await Promise.all(endpoints.splice(0).map((endpoint) => endpoint.close()));
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(...args: Parameters<typeof startTestServer>): Promise<TestServer> {
  const server = await startTestServer(...args);
  servers.push(server);
  return server;
}

/** The faults in this order, and none afterwards. */
const inOrder =
  (...faults: readonly Fault[]) =>
  (call: number): Fault =>
    faults[call] ?? { kind: 'none' };

/** A clock that stands still, and remembers for how long it was to sleep. */
function stillClock(): Clock & { readonly slept: number[] } {
  const slept: number[] = [];
  return {
    slept,
    now: () => NOW,
    sleep: async (milliseconds, signal) => {
      signal.throwIfAborted();
      slept.push(milliseconds);
    },
  };
}

function open(
  server: { readonly baseURL: string },
  settings: Partial<EndpointSettingsInput> = {},
  options: Partial<EndpointOptions> = {},
): Endpoint {
  const endpoint = createEndpoint(
    { baseURL: server.baseURL, model: 'test-model', ...settings },
    { key: null, clock: stillClock(), ...options },
  );
  endpoints.push(endpoint);
  return endpoint;
}

const QUESTION = ask('Which river is it?', { maxTokens: 64 });
const ANSWER = answerTo(QUESTION.messages, QUESTION.seed);
const PROMPT_TOKENS = promptTokensOf(QUESTION.messages);
const ANSWER_TOKENS = tokensOf(ANSWER).length;

describe.each([
  ['streams', true],
  ['answers in one piece', false],
] as const)('an endpoint that %s', (_, streamed) => {
  test.each<[string, Fault]>([
    ['too many requests', { kind: 'status', status: 429, headers: { 'retry-after': '1' } }],
    ['a fault of the server', { kind: 'status', status: 500 }],
    ['a server that starts', { kind: 'status', status: 503, body: 'loading the model' }],
    [
      'a gateway without a server',
      { kind: 'status', status: 502, headers: { 'content-type': 'text/html' }, body: '<p>' },
    ],
    ['a time-out of the server', { kind: 'status', status: 408 }],
    ['a conflict', { kind: 'status', status: 409 }],
    ['no answer within the time-out', { kind: 'hang' }],
    ['a connection cut before the answer', { kind: 'cut', at: 'start' }],
    ['a connection cut in the headers', { kind: 'cut', at: 'headers' }],
    ['a connection cut in the body', { kind: 'cut', at: 'body' }],
    ['malformed JSON', { kind: 'malformed', how: 'not-json' }],
    ['JSON that is no answer', { kind: 'malformed', how: 'not-an-answer' }],
    ['an error in the middle of an answer', { kind: 'error-inside' }],
  ])('survives %s, and pays for one answer', async (_, fault) => {
    const server = await serve(inOrder(fault));
    const endpoint = open(server, { streamed, timeoutMs: fault.kind === 'hang' ? 200 : 20_000 });
    const told: string[] = [];
    const answer = await endpoint.complete(QUESTION, { onText: (soFar) => told.push(soFar) });
    expect(answer).toMatchObject({
      text: ANSWER,
      finish: 'stop',
      promptTokens: PROMPT_TOKENS,
      completionTokens: ANSWER_TOKENS,
    });
    expect(told.at(-1)).toBe(ANSWER);
    expect(told.every((soFar, index) => index === 0 || soFar.startsWith(told[index - 1]))).toBe(true);
    expect(server.calls).toBe(2);
    expect(endpoint.spent()).toMatchObject({
      calls: 2,
      retries: 1,
      promptTokens: PROMPT_TOKENS,
      completionTokens: ANSWER_TOKENS,
    });
  });

  test.each<[string, Fault, ModelFailureKind]>([
    ['a request that is wrong', { kind: 'status', status: 400 }, 'bad-request'],
    ['a request that cannot be processed', { kind: 'status', status: 422 }, 'bad-request'],
    ['a missing key', { kind: 'status', status: 401 }, 'unauthorised'],
    ['a forbidden request', { kind: 'status', status: 403 }, 'unauthorised'],
    ['no credit', { kind: 'status', status: 402 }, 'rate-limited'],
    [
      'a quota that is used up',
      {
        kind: 'status',
        status: 429,
        body: JSON.stringify({ error: { message: 'quota', code: 'insufficient_quota' } }),
      },
      'rate-limited',
    ],
    ['an unknown model', { kind: 'status', status: 404 }, 'not-found'],
    ['a redirect', { kind: 'redirect', to: '/v2/chat/completions' }, 'not-found'],
    ['a page instead of an answer', { kind: 'other-type' }, 'malformed'],
    ['an answer without end', { kind: 'huge' }, 'malformed'],
    ['an answer that a filter held back', { kind: 'finish', reason: 'content_filter' }, 'malformed'],
  ])('gives up at once at %s', async (_, fault, kind) => {
    const server = await serve(() => fault);
    const endpoint = open(server, { streamed });
    const failure = await failureOf(endpoint.complete(QUESTION));
    expect(failure.kind).toBe(kind);
    expect(failure.message).toContain('127.0.0.1');
    expect(server.calls).toBe(1);
    expect(endpoint.spent()).toMatchObject({ calls: 1, retries: 0 });
  });

  test.each<[Fault, ModelFailureKind]>([
    [{ kind: 'status', status: 429 }, 'rate-limited'],
    [{ kind: 'status', status: 500 }, 'server-error'],
    [{ kind: 'hang' }, 'timeout'],
    [{ kind: 'cut', at: 'start' }, 'unreachable'],
    [{ kind: 'cut', at: 'body' }, 'server-error'],
    [{ kind: 'malformed', how: 'not-json' }, 'malformed'],
  ])('sends again as often as it may and names what was last: %j', async (fault, kind) => {
    const server = await serve(() => fault);
    const clock = stillClock();
    const endpoint = open(
      server,
      { streamed, maxRetries: 2, timeoutMs: fault.kind === 'hang' ? 100 : 20_000 },
      { clock },
    );
    expect((await failureOf(endpoint.complete(QUESTION))).kind).toBe(kind);
    expect(server.calls).toBe(3);
    expect(clock.slept).toHaveLength(2);
    expect(endpoint.spent()).toMatchObject({ calls: 3, retries: 2, promptTokens: 0, completionTokens: 0 });
  });

  test('reads an answer that comes a byte at a time', async () => {
    const question = ask('Grüße aus 東京 👩‍🚀🇩🇪', { maxTokens: 64 });
    const server = await serve(() => ({ kind: 'drip' }));
    const told: string[] = [];
    const answer = await open(server, { streamed }).complete(question, { onText: (soFar) => told.push(soFar) });
    expect(answer.text).toBe(answerTo(question.messages, question.seed));
    expect(told.some((soFar) => soFar.includes('\ufffd'))).toBe(false);
    expect(server.calls).toBe(1);
  });

  test('counts by itself where the server does not, and keeps the most that it can have been for the caps', async () => {
    const server = await serve(() => ({ kind: 'no-usage' }));
    const endpoint = open(server, { streamed, promptPrice: 1e6, completionPrice: 2e6 });
    const answer = await endpoint.complete(QUESTION);
    const bytes = (text: string): number => new TextEncoder().encode(text).length;
    const promptTokens = Math.ceil(bytes('Which river is it?') / 4);
    const completionTokens = Math.ceil(bytes(ANSWER) / 4);
    expect(answer).toMatchObject({
      text: ANSWER,
      promptTokens,
      completionTokens,
      cost: promptTokens + 2 * completionTokens,
    });
    // 18 bytes of the question, 16 tokens around a message and 128 around a dialogue; 64 tokens of an answer.
    const most = { promptTokens: 18 + 16 + 128, completionTokens: 64 };
    expect(endpoint.spent()).toMatchObject({
      calls: 1,
      promptTokens: 0,
      completionTokens: 0,
      cost: 0,
      unreported: {
        calls: 1,
        tokens: most.promptTokens + most.completionTokens,
        cost: most.promptTokens + 2 * most.completionTokens,
      },
    });
  });

  test('asks at temperature 0 with the seed, the limit and the schema, and sends no header that it need not', async () => {
    const server = await serve();
    const schema = { type: 'object', properties: { answer: { type: 'string' } }, required: ['answer'] };
    await open(server, { streamed }, { key: KEY }).complete({ ...QUESTION, seed: 7, schema });
    await open(server, { streamed, tokenLimit: 'max_completion_tokens' }).complete(QUESTION);
    expect(server.seen.map(({ body }) => body)).toEqual([
      {
        model: 'test-model',
        messages: QUESTION.messages,
        temperature: 0,
        seed: 7,
        max_tokens: 64,
        response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema } },
        ...(streamed ? { stream: true, stream_options: { include_usage: true } } : {}),
      },
      {
        model: 'test-model',
        messages: QUESTION.messages,
        temperature: 0,
        seed: 0,
        max_completion_tokens: 64,
        ...(streamed ? { stream: true, stream_options: { include_usage: true } } : {}),
      },
    ]);
    const [withKey, without] = server.seen.map(({ headers }) => headers);
    expect(withKey.authorization).toBe(`Bearer ${KEY}`);
    expect(without).not.toHaveProperty('authorization');
    expect(Object.keys(withKey).filter((name) => name.startsWith('x-'))).toEqual([]);
  });

  test('asks once for equal requests at once, and lets one of the askers pay', async () => {
    const server = await serve();
    const endpoint = open(server, { streamed, completionPrice: 1e6 });
    const told: string[] = [];
    const answers = await Promise.all([
      endpoint.complete(QUESTION),
      endpoint.complete({ ...QUESTION }, { onText: (soFar) => told.push(soFar) }),
      endpoint.complete({ ...QUESTION, seed: 1 }),
    ]);
    expect(server.calls).toBe(2);
    expect(answers[1].text).toBe(answers[0].text);
    expect(answers[2].text).not.toBe(answers[0].text);
    expect(told.at(-1)).toBe(ANSWER);
    expect(answers.reduce((sum, { cost }) => sum + cost, 0)).toBe(endpoint.spent().cost);
    expect(answers[1].cost).toBe(0);
  });

  test('goes on for the others where one of the askers has had enough', async () => {
    const server = await serve();
    const endpoint = open(server, { streamed });
    const controller = new AbortController();
    const first = endpoint.complete(QUESTION, { signal: controller.signal });
    const second = endpoint.complete(QUESTION);
    controller.abort('enough');
    await expect(first).rejects.toBe('enough');
    expect((await second).text).toBe(ANSWER);
    expect(server.calls).toBe(1);
  });
});

test('an answer that is cut off after its last word is whole, and is not asked for again', async () => {
  const server = await serve(() => ({ kind: 'cut', at: 'end' }));
  const endpoint = open(server, { streamed: true });
  expect(await endpoint.complete(QUESTION)).toMatchObject({ text: ANSWER, finish: 'stop' });
  expect(server.calls).toBe(1);
  expect(endpoint.spent().unreported.calls).toBe(1);
});

test('a server that is not there is named, with the code of the system, and took nothing', async () => {
  const server = await serve();
  const { baseURL } = server;
  await server.close();
  const endpoint = open({ baseURL }, { maxRetries: 1 });
  const failure = await failureOf(endpoint.complete(QUESTION));
  expect(failure.kind).toBe('unreachable');
  expect(failure.message).toContain('ECONNREFUSED');
  expect(failure.message).toContain(new URL(baseURL).host);
  expect(endpoint.spent()).toMatchObject({ calls: 2, unreported: { calls: 0, tokens: 0 } });
});

test('an answer that does not keep to the schema is refused, and was paid', async () => {
  const server = await serve();
  const endpoint = open(server);
  const schema = { type: 'object', properties: { answer: { type: 'integer' } }, required: ['answer'] };
  const failure = await failureOf(endpoint.complete({ ...QUESTION, schema }));
  expect(failure.kind).toBe('malformed');
  expect(failure.message).toContain('schema');
  expect(server.calls).toBe(1);
  expect(endpoint.spent().promptTokens).toBe(PROMPT_TOKENS);
});

describe('waiting', () => {
  test.each<[string, string, number]>([
    ['seconds', '7', 7000],
    ['a date', new Date(NOW + 12_000).toUTCString(), 12_000],
    ['a date that is past', new Date(NOW - 12_000).toUTCString(), 0],
  ])('is as long as Retry-After says, in %s', async (_, header, expected) => {
    const clock = stillClock();
    const server = await serve(inOrder({ kind: 'status', status: 429, headers: { 'retry-after': header } }));
    await open(server, { firstDelayMs: 100 }, { clock }).complete(QUESTION);
    expect(clock.slept).toHaveLength(1);
    expect(clock.slept[0]).toBeGreaterThanOrEqual(expected + 50);
    expect(clock.slept[0]).toBeLessThanOrEqual(expected + 100);
  });

  test('is no longer than the setting allows', async () => {
    const clock = stillClock();
    const server = await serve(inOrder({ kind: 'status', status: 503, headers: { 'retry-after': '3600' } }));
    await open(server, { maxDelayMs: 9000 }, { clock }).complete(QUESTION);
    expect(clock.slept).toEqual([9000]);
  });

  test('doubles without a word of the server, and is the same in every run', async () => {
    const slept: number[][] = [];
    for (let run = 0; run < 2; run++) {
      const clock = stillClock();
      const server = await serve(() => ({ kind: 'status', status: 500 }));
      const endpoint = open(server, { maxRetries: 5, firstDelayMs: 100, maxDelayMs: 400 }, { clock });
      await failureOf(endpoint.complete(QUESTION));
      slept.push(clock.slept);
    }
    expect(slept[1]).toEqual(slept[0]);
    for (const [index, most] of [100, 200, 400, 400, 400].entries()) {
      expect(slept[0][index]).toBeGreaterThanOrEqual(most / 2);
      expect(slept[0][index]).toBeLessThan(most);
    }
  });

  test('ends with the reason when it is aborted, and with the closing', async () => {
    const server = await serve(() => ({ kind: 'status', status: 500 }));
    const forever: Clock = {
      now: () => NOW,
      sleep: (_, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        }),
    };
    const endpoint = open(server, {}, { clock: forever });
    const controller = new AbortController();
    const aborted = endpoint.complete(QUESTION, { signal: controller.signal });
    const left = failureOf(endpoint.complete(ask('Another one')));
    await vi.waitFor(() => expect(server.calls).toBe(2));
    controller.abort('enough');
    await expect(aborted).rejects.toBe('enough');
    await endpoint.close();
    expect((await left).kind).toBe('closed');
    expect(server.calls).toBe(2);
  });

  test('by the clock of the system takes its time', async () => {
    const server = await serve(inOrder({ kind: 'status', status: 500 }));
    const endpoint = createEndpoint({ baseURL: server.baseURL, model: 'test-model', firstDelayMs: 60 }, { key: null });
    endpoints.push(endpoint);
    expect((await endpoint.complete(QUESTION)).milliseconds).toBeGreaterThanOrEqual(29);
  });
});

describe('caps', () => {
  const questions = Array.from({ length: 12 }, (_, index) => ask(`Question ${index}`, { maxTokens: 40 }));
  const ends = async (endpoint: Endpoint): Promise<(ModelFailureKind | 'answered')[]> =>
    Promise.all(
      questions.map((question) => {
        const answer = endpoint.complete(question);
        return answer.then(
          () => 'answered' as const,
          async () => (await failureOf(answer)).kind,
        );
      }),
    );

  test('in calls stop a run cleanly, and say what was spent', async () => {
    const server = await serve(inOrder({ kind: 'status', status: 500 }));
    const endpoint = open(server, { caps: { calls: 5 }, concurrency: 3 });
    const kinds = await ends(endpoint);
    // One of the five requests found a fault and was sent again.
    expect(kinds.filter((kind) => kind === 'answered')).toHaveLength(4);
    expect(kinds.filter((kind) => kind === 'cap-reached')).toHaveLength(8);
    expect(server.calls).toBe(5);
    const { promptTokens, completionTokens } = endpoint.spent();
    const { message } = await failureOf(endpoint.complete(questions[11]));
    expect(message).toContain('cap of 5 requests');
    expect(message).toContain(`5 requests took ${promptTokens + completionTokens} tokens`);
  });

  test('go on in the endpoint that takes the place of another, e.g. with another key', async () => {
    const server = await serve();
    const caps = { calls: 3 };
    const first = open(server, { caps });
    await first.complete(questions[0]);
    await first.complete(questions[1]);
    await first.close();
    const second = open(server, { caps }, { before: first, key: KEY });
    await second.complete(questions[2]);
    expect((await failureOf(second.complete(questions[3]))).kind).toBe('cap-reached');
    expect(second.spent().calls).toBe(3);
    const third = open(server, { caps }, { before: second });
    expect((await failureOf(third.complete(questions[3]))).kind).toBe('cap-reached');
    expect(server.calls).toBe(3);
  });

  test('in tokens wait for what is under way, so that as much is asked as fits', async () => {
    // At most 10 or 11 bytes, 16 + 128 around them and 40 tokens of an answer: 195; in truth some 35.
    const server = await serve();
    const endpoint = open(server, { caps: { tokens: 400 }, concurrency: 8 });
    const kinds = await ends(endpoint);
    const answered = kinds.filter((kind) => kind === 'answered').length;
    // The next no longer fits: what is left is less than the most that it could take.
    expect(server.billed).toBeLessThanOrEqual(400);
    expect(400 - server.billed).toBeLessThan(195);
    expect(answered).toBe(server.calls);
    expect(answered).toBeGreaterThan(400 / 195);
    expect(kinds.filter((kind) => kind === 'cap-reached')).toHaveLength(12 - answered);
    expect((await failureOf(endpoint.complete(questions[11]))).message).toContain('cap of 400 tokens');
  });

  test('in money count what cannot be known as the most that it can have been', async () => {
    const server = await serve(() => ({ kind: 'cut', at: 'body' }));
    // 10 bytes, 16 + 128 around them, 40 of an answer: 194 at a price of 1 each; three fit, a fourth does not.
    const endpoint = open(server, {
      caps: { money: 600 },
      promptPrice: 1e6,
      completionPrice: 1e6,
      maxRetries: 10,
    });
    const failure = await failureOf(endpoint.complete(questions[0]));
    expect(failure.kind).toBe('cap-reached');
    expect(server.calls).toBe(3);
    expect(endpoint.spent()).toMatchObject({ cost: 0, unreported: { calls: 3, cost: 3 * 194 } });
    expect(failure.message).toContain('582');
  });

  test('of nothing ask nothing', async () => {
    const server = await serve();
    expect((await failureOf(open(server, { caps: { calls: 0 } }).complete(QUESTION))).kind).toBe('cap-reached');
    expect((await failureOf(open(server, { caps: { tokens: 0 } }).complete(QUESTION))).kind).toBe('cap-reached');
    expect(server.calls).toBe(0);
  });

  test('count what the server counts, at its price', async () => {
    const server = await serve();
    const endpoint = open(server, { promptPrice: 3, completionPrice: 15 });
    const { cost } = await endpoint.complete(QUESTION);
    expect(cost).toBeCloseTo((3 * PROMPT_TOKENS + 15 * ANSWER_TOKENS) / 1e6, 15);
    expect(endpoint.spent().cost).toBe(cost);
    expect(server.billed).toBe(PROMPT_TOKENS + ANSWER_TOKENS);
  });
});

describe('concurrency', () => {
  test('is used and not passed, first come first served', async () => {
    const server = await serve(() => ({ kind: 'drip' }));
    const endpoint = open(server, { concurrency: 3, streamed: false });
    const questions = Array.from({ length: 9 }, (_, index) => ask(`Question ${index}`));
    await Promise.all(questions.map((question) => endpoint.complete(question)));
    expect(server.mostOpen).toBe(3);
    const asked = server.seen.map(({ body }) => JSON.stringify(body).match(/Question (\d)/)?.[1]);
    // Three at once may overtake each other on the way, by two places at most.
    expect(asked.every((question, place) => Math.abs(Number(question) - place) <= 2)).toBe(true);
    expect(endpoint.concurrency).toBe(3);
  });

  test('gives the place of an aborted request to the next', async () => {
    const server = await serve(inOrder({ kind: 'hang' }));
    const endpoint = open(server, { concurrency: 1 });
    const controller = new AbortController();
    const hanging = endpoint.complete(ask('The first'), { signal: controller.signal });
    const waiting = endpoint.complete(ask('The second'), { signal: controller.signal });
    const third = endpoint.complete(QUESTION);
    await vi.waitFor(() => expect(server.calls).toBe(1));
    controller.abort('enough');
    await expect(hanging).rejects.toBe('enough');
    await expect(waiting).rejects.toBe('enough');
    expect((await third).text).toBe(ANSWER);
    expect(server.calls).toBe(2);
    expect(endpoint.spent().unreported.calls).toBe(1);
  });
});

describe('the key', () => {
  test('goes to the named host alone, whatever that answers', async () => {
    const elsewhere = await serve();
    const server = await serve((call) => ({
      kind: 'redirect',
      to: [`${elsewhere.baseURL}/chat/completions`, `//127.0.0.1:${new URL(elsewhere.baseURL).port}/`][call % 2],
    }));
    const endpoint = open(server, {}, { key: KEY });
    for (let time = 0; time < 2; time++) {
      const failure = await failureOf(endpoint.complete(QUESTION));
      expect(failure.kind).toBe('not-found');
      expect(failure.message).toContain(new URL(elsewhere.baseURL).origin);
    }
    expect(elsewhere.seen).toEqual([]);
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${KEY}`, `Bearer ${KEY}`]);
  });

  test('is in no failure, though the server says it aloud', async () => {
    for (const streamed of [true, false]) {
      const server = await serve(
        inOrder(
          { kind: 'echo-key', where: 'error' },
          { kind: 'echo-key', where: 'answer' },
          { kind: 'status', status: 400, body: JSON.stringify({ error: { message: `You sent ${KEY}`, code: KEY } }) },
          { kind: 'status', status: 400, body: `not JSON: ${KEY.toUpperCase()}` },
          { kind: 'redirect', to: `http://localhost:1/${KEY}` },
          { kind: 'finish', reason: KEY },
        ),
      );
      const endpoint = open(server, { streamed }, { key: KEY });
      const told: string[] = [];
      for (let time = 0; time < 6; time++) {
        const failure = await failureOf(endpoint.complete(QUESTION, { onText: (soFar) => told.push(soFar) }));
        const all = inspect(failure, { depth: 20, showHidden: true, getters: true });
        expect(all.toLowerCase()).not.toContain(KEY.toLowerCase());
      }
      expect(server.calls).toBe(6);
      expect(told.join()).not.toContain(KEY);
    }
  });

  test('that is but a word for a server that wants none may stand in an answer', async () => {
    for (const streamed of [true, false]) {
      const server = await serve(inOrder({ kind: 'echo-key', where: 'answer' }));
      const { text } = await open(server, { streamed }, { key: 'none' }).complete(QUESTION);
      expect(text).toContain('none');
    }
  });

  test('is nowhere in the endpoint, in what it says of itself, or in the log', async () => {
    const log = (['log', 'info', 'warn', 'error', 'debug'] as const).map((level) =>
      vi.spyOn(console, level).mockImplementation(() => {}),
    );
    vi.stubEnv('OPENAI_LOG', 'debug');
    try {
      const server = await serve(inOrder({ kind: 'malformed', how: 'not-json' }, { kind: 'cut', at: 'body' }));
      const endpoint = open(server, {}, { key: KEY });
      await endpoint.complete(QUESTION);
      await endpoint.listModels();
      const all = [JSON.stringify(endpoint), endpoint.id, inspect(endpoint, { depth: 20, showHidden: true })].join();
      expect(all).not.toContain(KEY);
      expect(log.flatMap(({ mock }) => mock.calls)).toEqual([]);
    } finally {
      vi.unstubAllEnvs();
      for (const spy of log) spy.mockRestore();
    }
  });

  test('is not looked for in the environment, where it would belong to another host', async () => {
    for (const name of ['OPENAI_API_KEY', 'OPENAI_ADMIN_KEY', 'OPENAI_ORG_ID', 'OPENAI_PROJECT_ID']) {
      vi.stubEnv(name, KEY);
    }
    vi.stubEnv('OPENAI_CUSTOM_HEADERS', `x-secret: ${KEY}`);
    vi.stubEnv('OPENAI_BASE_URL', 'http://127.0.0.1:1/v1');
    try {
      const server = await serve();
      await open(server).complete(QUESTION);
      expect(JSON.stringify(server.seen)).not.toContain(KEY);
      expect(server.seen[0].headers).not.toHaveProperty('authorization');
    } finally {
      vi.unstubAllEnvs();
    }
  });

  test.each(['two words', 'ключ', 'line\nbreak'])(
    'is refused without being shown where no header can hold it',
    (key) => {
      const make = (): unknown => createEndpoint({ baseURL: 'http://localhost:1/v1', model: 'm' }, { key });
      expect(make).toThrow(expect.objectContaining({ kind: 'unauthorised' }));
      expect(make).not.toThrow(key);
    },
  );
});

describe('settings', () => {
  const make = (settings: Partial<EndpointSettingsInput>): Endpoint =>
    createEndpoint({ baseURL: 'http://localhost:8000/v1/', model: 'm', ...settings }, { key: null });

  test.each<[string, Partial<EndpointSettingsInput>, string]>([
    ['an address that is none', { baseURL: 'localhost:8000' }, 'http or https'],
    ['half an address', { baseURL: '/v1' }, 'http://localhost:8000/v1'],
    ['another protocol', { baseURL: 'file:///etc/passwd' }, 'http or https'],
    ['a password in the address', { baseURL: 'https://me:secret@host/v1' }, 'Give the key as the key'],
    ['a key in the address', { baseURL: 'https://host/v1?key=secret' }, 'Give the key as the key'],
    ['no model', { model: ' ' }, 'model'],
    ['no concurrency', { concurrency: 0 }, 'concurrency'],
    ['a cap in money without a price', { caps: { money: 3 } }, 'promptPrice'],
    ['a cap below nothing', { caps: { calls: -1 } }, 'caps.calls'],
  ])('refuse %s, and say what to do', (_, settings, advice) => {
    expect(() => make(settings)).toThrow(expect.objectContaining({ kind: 'bad-request' }));
    expect(() => make(settings)).toThrow(advice);
    expect(() => make(settings)).not.toThrow('secret');
  });

  test('name the weights by the address, or by what they are called at several', () => {
    expect(make({}).id).toBe('m at http://localhost:8000/v1');
    expect(make({ weights: 'sha256:12ab' }).id).toBe('m at sha256:12ab');
    // What a server refuses with one field it may answer with the other; a refusal is kept as any result is.
    expect(make({ tokenLimit: 'max_completion_tokens' }).id).toBe(
      'm at http://localhost:8000/v1, max_completion_tokens',
    );
  });
});

test('the models of a server are listed without a cost', async () => {
  const server = await serve();
  const endpoint = open(server, { caps: { calls: 0 } }, { key: KEY });
  expect(await endpoint.listModels()).toEqual(['test-model', 'other-model']);
  expect(endpoint.spent().calls).toBe(0);
  expect(server.seen).toMatchObject([{ path: '/v1/models', headers: { authorization: `Bearer ${KEY}` } }]);
  await expect(endpoint.listModels(AbortSignal.abort('enough'))).rejects.toBe('enough');
  expect((await failureOf(open({ baseURL: `${server.baseURL}/nothing` }).listModels())).kind).toBe('not-found');
  await endpoint.close();
  expect((await failureOf(endpoint.listModels())).kind).toBe('closed');
});

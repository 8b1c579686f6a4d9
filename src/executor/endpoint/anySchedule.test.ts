/** Whatever goes wrong, in whatever order: every request ends, answers are right, nothing is paid twice, no cap is passed. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ask } from '../contract.fixture.ts';
import { ModelFailure } from '../modelFailure.ts';
import { createEndpoint } from './endpoint.ts';
import { answerTo, type Fault, promptTokensOf, startTestServer, tokensOf } from './testServer.fixture.ts';

const QUESTIONS = Array.from({ length: 6 }, (_, index) => ask(`Question ${index}`, { maxTokens: 24, seed: index }));
const usageOf = (index: number): number => {
  const { messages, seed } = QUESTIONS[index];
  return promptTokensOf(messages) + Math.min(24, tokensOf(answerTo(messages, seed)).length);
};

const passingFault: fc.Arbitrary<Fault> = fc.oneof(
  fc.constantFrom<Fault>(
    { kind: 'status', status: 429, headers: { 'retry-after': '2' } },
    { kind: 'status', status: 500 },
    { kind: 'status', status: 504 },
    { kind: 'cut', at: 'start' },
    { kind: 'cut', at: 'headers' },
    { kind: 'cut', at: 'body' },
    { kind: 'malformed', how: 'not-json' },
    { kind: 'malformed', how: 'not-an-answer' },
    { kind: 'error-inside' },
  ),
);
/** Ways of an answer that is whole. */
const wholeAnswer = fc.constantFrom<Fault>({ kind: 'none' }, { kind: 'drip' }, { kind: 'no-usage' });
const lastingFault = fc.constantFrom<Fault>(
  { kind: 'status', status: 400 },
  { kind: 'status', status: 401 },
  { kind: 'other-type' },
  { kind: 'finish', reason: 'content_filter' },
  { kind: 'redirect', to: 'http://127.0.0.1:1/' },
);
const schedule = (more: fc.Arbitrary<Fault>[]): fc.Arbitrary<Fault[]> =>
  fc.array(fc.oneof(passingFault, passingFault, wholeAnswer, wholeAnswer, lastingFault, ...more), { maxLength: 24 });

const someRun = {
  streamed: fc.boolean(),
  concurrency: fc.integer({ min: 1, max: 4 }),
  maxRetries: fc.integer({ min: 0, max: 4 }),
  caps: fc.record({
    calls: fc.option(fc.nat({ max: 24 })),
    // What a question can take at most is 10 bytes, 16 + 128 around them, and 24 of an answer: 178.
    tokens: fc.option(fc.nat({ max: 1600 })),
    money: fc.option(fc.nat({ max: 1600 })),
  }),
  asked: fc.array(fc.nat({ max: QUESTIONS.length - 1 }), { minLength: 1, maxLength: 10 }),
};

interface Run {
  readonly streamed: boolean;
  readonly concurrency: number;
  readonly maxRetries: number;
  readonly caps: { readonly calls: number | null; readonly tokens: number | null; readonly money: number | null };
  /** By index in QUESTIONS. */
  readonly asked: readonly number[];
  readonly faults: readonly Fault[];
  readonly timeoutMs: number;
  /** Which of the asked is aborted when a number of requests has reached the server. */
  readonly aborted: readonly { readonly place: number; readonly call: number }[];
}

/** Makes the run and checks what holds for any; gives what is left to check. */
async function check(run: Run) {
  const server = await startTestServer((call) => run.faults[call] ?? { kind: 'none' });
  const passed: string[] = [];
  const controllers = run.asked.map(() => new AbortController());
  const reason = new Error('enough');
  const { streamed, concurrency, maxRetries, caps, timeoutMs } = run;
  // A token costs 1, so money is tokens.
  const endpoint = createEndpoint(
    {
      baseURL: server.baseURL,
      model: 'test-model',
      streamed,
      concurrency,
      maxRetries,
      timeoutMs,
      caps,
      promptPrice: 1e6,
      completionPrice: 1e6,
    },
    {
      key: null,
      clock: {
        now: () => 0,
        sleep: async (_, signal) => {
          signal.throwIfAborted();
        },
      },
    },
  );
  server.onCall = () => {
    const limits = [caps.tokens ?? Infinity, caps.money ?? Infinity];
    if (server.calls > (caps.calls ?? Infinity)) passed.push(`call ${server.calls}`);
    if (limits.some((limit) => server.billed > limit)) passed.push(`${server.billed} tokens`);
    for (const { place, call } of run.aborted) if (server.calls > call) controllers[place]?.abort(reason);
  };
  try {
    const ends = await Promise.all(
      run.asked.map((index, place) =>
        endpoint.complete(QUESTIONS[index], { signal: controllers[place].signal }).catch((error: unknown) => error),
      ),
    );
    for (const [place, end] of ends.entries()) {
      const { messages, seed } = QUESTIONS[run.asked[place]];
      if (end instanceof ModelFailure) {
        expect(end.advice).not.toBe('');
        expect(end.kind).not.toBe('closed');
      } else if (end === reason) expect(run.aborted.some((abort) => abort.place === place)).toBe(true);
      else {
        const full = tokensOf(answerTo(messages, seed));
        expect(end).toMatchObject({
          text: full.slice(0, 24).join(''),
          finish: full.length > 24 ? 'length' : 'stop',
        });
      }
    }
    expect(passed).toEqual([]);
    const spent = endpoint.spent();
    expect(spent.calls).toBeGreaterThanOrEqual(server.calls);
    expect(spent.calls).toBeLessThanOrEqual(caps.calls ?? Infinity);
    const most = spent.promptTokens + spent.completionTokens + spent.unreported.tokens;
    expect(most).toBeLessThanOrEqual(Math.min(caps.tokens ?? Infinity, caps.money ?? Infinity));
    // Whatever the server billed is in the account, as it was or as the most that it can have been.
    expect(most).toBeGreaterThanOrEqual(server.billed);
    const calls = server.seen.map(({ body, fault }) => ({
      index: Number(JSON.stringify(body).match(/Question (\d)/)?.[1]),
      fault,
    }));
    return { ends, calls, spent };
  } finally {
    await endpoint.close();
    await server.close();
  }
}

const WHOLE: readonly Fault['kind'][] = ['none', 'drip', 'no-usage', 'finish'];

test('whatever the server does, every request ends, none is paid twice, and no cap is passed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.record({ ...someRun, faults: schedule([]) }), async (run) => {
      const { ends, calls, spent } = await check({ ...run, timeoutMs: 20_000, aborted: [] });
      let counted = 0;
      for (const index of new Set(run.asked)) {
        const mine = calls.filter((call) => call.index === index);
        // A whole answer comes once, at the end: nobody asks for it again.
        expect(mine.slice(0, -1).filter(({ fault }) => WHOLE.includes(fault))).toEqual([]);
        expect(mine.length).toBeLessThanOrEqual(run.maxRetries + 1);
        const last = mine.at(-1)?.fault;
        if (last !== undefined && last !== 'no-usage' && WHOLE.includes(last)) counted += usageOf(index);
        // Who asked the same got the same.
        const mineEnds = ends
          .filter((_, place) => run.asked[place] === index)
          .map((end) => end instanceof ModelFailure);
        expect(new Set(mineEnds).size).toBe(1);
        expect(mineEnds[0]).toBe(last === undefined || last === 'finish' || !WHOLE.includes(last));
      }
      expect(spent.promptTokens + spent.completionTokens).toBe(counted);
      expect(spent.calls).toBe(calls.length);
    }),
    { numRuns: 80 },
  );
}, 120_000);

test('with time-outs and aborted requests too, every request ends and no cap is passed', async () => {
  const hang = fc.constant<Fault>({ kind: 'hang' });
  const aborted = fc.array(fc.record({ place: fc.nat({ max: 9 }), call: fc.nat({ max: 12 }) }), { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(fc.record({ ...someRun, faults: schedule([hang]), aborted }), async (run) => {
      await check({ ...run, timeoutMs: 60 });
    }),
    { numRuns: 40 },
  );
}, 120_000);

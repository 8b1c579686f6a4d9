import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Call } from '../graph/call.ts';
import { Executor } from './executor.ts';
import { ModelFailure } from './modelFailure.ts';
import { messagesOf, NoPrompt, PROMPTS } from './prompt.ts';
import type { ResultStore } from './resultStore.ts';
import { memoryResults, resultKey, storedResultSchema } from './resultStore.ts';
import { scriptedModel } from './scripted.fixture.ts';

const call = (act: string, ...inputs: string[]): Call => ({ act, task: 'the task', inputs, skill: null });
const inSkill = (version: number, text: string): Call => ({
  ...call('search'),
  skill: { name: 'look', version, text },
});

async function open(
  model = scriptedModel((_, user) => `about ${user.length}`),
  store: ResultStore = memoryResults(),
  tools: Parameters<typeof Executor.open>[0]['tools'] = {},
): Promise<Executor> {
  return Executor.open({ model, prompts: PROMPTS, tools, store, seed: 0 });
}

describe('the prompt of a step', () => {
  test('holds the act, the task, the skill and the declared inputs', () => {
    expect(
      messagesOf(
        { ...call('search', 'one', 'two'), skill: { name: 'look', version: 1, text: 'Look twice.' } },
        PROMPTS,
      ),
    ).toEqual([
      { role: 'system', content: PROMPTS.search },
      { role: 'user', content: 'Task: the task\nSkill: Look twice.\nNotes:\n- one\n- two' },
    ]);
    expect(messagesOf(call('plan'), PROMPTS)[1].content).toBe('Task: the task\nNotes: none');
  });

  test('of an act without one is refused by name', () => {
    expect(() => messagesOf(call('juggle'), PROMPTS)).toThrow(NoPrompt);
  });
});

describe('an executor', () => {
  test('knows nothing before it was asked, and then the answer', async () => {
    const executor = await open();
    expect(executor.get(call('plan'))).toBeUndefined();
    await executor.carryOut([call('plan')]);
    expect(executor.get(call('plan'))).toBe('about 26');
    expect(executor.get(call('search'))).toBeUndefined();
  });

  test('carries out each distinct call once, however often it is asked for at once or later', async () => {
    const model = scriptedModel(() => 'x');
    const executor = await open(model);
    await Promise.all([
      executor.carryOut([call('plan'), call('plan'), call('search')]),
      executor.carryOut([call('search'), call('recall')]),
    ]);
    await executor.carryOut([call('plan'), call('recall')]);
    expect(model.asked.length).toBe(3);
  });

  test('keeps no more requests under way than the model takes', async () => {
    const model = scriptedModel(() => 'x', { concurrency: 3 });
    const executor = await open(model);
    await executor.carryOut(Array.from({ length: 20 }, (_, i) => call('search', String(i))));
    expect(model.busiest()).toBe(3);
    expect(model.asked.length).toBe(20);
  });

  test('has what another visit stored, counts it as cached, and asks again for what another model answered', async () => {
    const store = memoryResults();
    const first = await open(
      scriptedModel(() => 'first'),
      store,
    );
    await first.carryOut([call('plan'), call('search')]);
    expect(first.spent).toMatchObject({ calls: 2, cached: 0, promptTokens: 52, completionTokens: 10 });
    const model = scriptedModel(() => 'second');
    const again = await open(model, store);
    expect(again.get(call('plan'))).toBe('first');
    await again.carryOut([call('search')]);
    expect(again.get(call('search'))).toBe('first');
    expect(model.asked).toEqual([]);
    expect(again.spent).toEqual({
      calls: 0,
      cached: 2,
      promptTokens: 0,
      completionTokens: 0,
      milliseconds: 0,
      cost: 0,
    });
    const other = await open(
      scriptedModel(() => 'other', { id: 'another' }),
      store,
    );
    expect(other.get(call('plan'))).toBeUndefined();
  });

  test('is not told an answer before it is stored', async () => {
    const held = memoryResults();
    let release = (): void => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const executor = await open(undefined, { ...held, put: (result) => gate.then(() => held.put(result)) });
    const work = executor.carryOut([call('plan')]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(executor.get(call('plan'))).toBeUndefined();
    release();
    await work;
    expect(executor.get(call('plan'))).toBeDefined();
  });

  test('ends with the first failure after those under way have ended, keeps what was answered, and goes on later', async () => {
    let broken = true;
    const model = scriptedModel((_, user) => {
      if (broken && user.includes('- 2')) throw new ModelFailure('server-error', 'It failed.', 'Try again.');
      return 'fine';
    });
    const executor = await open(model);
    const calls = Array.from({ length: 8 }, (_, i) => call('search', String(i)));
    await expect(executor.carryOut(calls)).rejects.toThrow('It failed. Try again.');
    broken = false;
    await executor.carryOut(calls);
    expect(model.asked.length).toBe(9);
    expect(calls.every((one) => executor.get(one) === 'fine')).toBe(true);
  });

  test('notes a request that the model can never answer as an answer that says nothing, with the reason', async () => {
    const executor = await open(
      scriptedModel(() => {
        throw new ModelFailure('bad-request', 'The prompt has 900 tokens; 512 fit.', 'Shorten it.');
      }),
    );
    await executor.carryOut([call('plan')]);
    expect(executor.get(call('plan'))).toBe('');
    expect(executor.used[0].result).toMatchObject({
      finish: 'failed',
      failure: 'The prompt has 900 tokens; 512 fit. Shorten it.',
    });
  });

  test('is stopped by its signal and asks for nothing more', async () => {
    const controller = new AbortController();
    const model = scriptedModel(
      () => {
        controller.abort(new Error('enough'));
        return 'x';
      },
      { concurrency: 1 },
    );
    const executor = await open(model);
    await expect(executor.carryOut([call('plan'), call('search')], { signal: controller.signal })).rejects.toThrow(
      'enough',
    );
    expect(model.asked.length).toBe(1);
  });

  test('carries out itself what another round was carrying out and gave up', async () => {
    const controller = new AbortController();
    const model = scriptedModel(() => 'x');
    const executor = await open(model);
    const given = executor.carryOut([call('plan')], { signal: controller.signal });
    const wanted = executor.carryOut([call('plan')]);
    controller.abort(new Error('enough'));
    await expect(given).rejects.toThrow('enough');
    await wanted;
    expect(executor.get(call('plan'))).toBe('x');
    expect(model.asked.length).toBe(2);
  });

  test('goes by what was kept where another tab was first with the same question and had another answer', async () => {
    const store = memoryResults();
    const [here, there] = [
      await open(
        scriptedModel(() => 'here'),
        store,
      ),
      await open(
        scriptedModel(() => 'there'),
        store,
      ),
    ];
    await there.carryOut([call('plan')]);
    await here.carryOut([call('plan')]);
    expect(here.get(call('plan'))).toBe('there');
    expect(here.used.map(({ result, cached }) => [result.answer, cached])).toEqual([['there', false]]);
  });

  test.each<[string, string, () => Error]>([
    ['a store that is full', 'quota', () => new DOMException('No room is left.', 'QuotaExceededError')],
    ['a store whose connection is gone', 'server-error', () => new DOMException('It is closing.', 'InvalidStateError')],
  ])('rests at %s, says what to do, and goes on when there is a place for the answer', async (_, kind, fault) => {
    let broken = true;
    const held = memoryResults();
    const put: ResultStore['put'] = async (result) => {
      if (broken) throw fault();
      return held.put(result);
    };
    const executor = await open(undefined, { ...held, put });
    await expect(executor.carryOut([call('plan')])).rejects.toMatchObject({
      name: 'ModelFailure',
      kind,
      what: `A result could not be kept: ${fault().message}`,
      advice: expect.stringMatching(/go on/i),
    });
    expect(executor.get(call('plan'))).toBeUndefined();
    broken = false;
    await executor.carryOut([call('plan')]);
    expect(executor.get(call('plan'))).toBeDefined();
  });

  test('rests at a tool that does not work, names it, and goes on when it does', async () => {
    let broken = true;
    const run = async (): Promise<string> => {
      if (broken) throw new TypeError('Failed to fetch a part of the page');
      return '42';
    };
    const executor = await open(undefined, memoryResults(), { double: { name: 'double 1', run } });
    const work = (signal?: AbortSignal): Promise<void> =>
      executor.carryOut([call('double', '21')], signal ? { signal } : {});
    await expect(work()).rejects.toMatchObject({
      name: 'ModelFailure',
      what: 'The tool "double 1" does not work: Failed to fetch a part of the page.',
      advice: expect.stringContaining('load the page again'),
    });
    broken = false;
    await work();
    expect(executor.get(call('double', '21'))).toBe('42');
  });

  test('lets a tool carry out the acts that are named after it, and asks no model', async () => {
    const model = scriptedModel(() => 'x');
    const tool = { name: 'double 1', run: async ({ inputs }: Call) => String(2 * Number(inputs[0])) };
    const executor = await open(model, memoryResults(), { double: tool });
    await executor.carryOut([call('double', '21')]);
    expect(executor.get(call('double', '21'))).toBe('42');
    expect(model.asked).toEqual([]);
    expect(executor.used[0].result).toMatchObject({ model: 'double 1', prompt: [] });
  });
});

describe('the key of a result', () => {
  const request = { messages: [{ role: 'user', content: 'x' } as const], maxTokens: 8, seed: 0, schema: null };

  test('differs wherever something differs that the answer may depend on', () => {
    const keys = [
      resultKey('m', call('plan'), request),
      resultKey('n', call('plan'), request),
      resultKey('m', call('search'), request),
      resultKey('m', call('plan', 'a'), request),
      resultKey('m', call('plan', 'a', ''), request),
      resultKey('m', inSkill(1, 'a'), request),
      resultKey('m', inSkill(2, 'a'), request),
      resultKey('m', inSkill(1, 'b'), request),
      resultKey('m', call('plan'), { ...request, maxTokens: 9 }),
      resultKey('m', call('plan'), { ...request, seed: 1 }),
      resultKey('m', call('plan'), { ...request, schema: {} }),
      resultKey('m', call('plan'), null),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('is the published SHA-256 of its JSON', async () => {
    const json = JSON.stringify(['m', 'plan', 'the task', [], null, null]);
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(json)));
    const hex = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    expect(resultKey('m', call('plan'), null)).toBe(hex);
  });

  test('tells any two calls apart', () => {
    const anyCall = fc.record({
      act: fc.string(),
      task: fc.string(),
      inputs: fc.array(fc.string(), { maxLength: 3 }),
      skill: fc.option(fc.record({ name: fc.string(), version: fc.nat(), text: fc.string() })),
    });
    fc.assert(
      fc.property(anyCall, anyCall, (a, b) => {
        const same =
          JSON.stringify([a.act, a.task, a.inputs, a.skill]) === JSON.stringify([b.act, b.task, b.inputs, b.skill]);
        expect(resultKey('m', a, null) === resultKey('m', b, null)).toBe(same);
      }),
    );
  });
});

describe('a stored result', () => {
  test('keeps the first answer under its key, and goes with its model', async () => {
    const store = memoryResults();
    const executor = await open(
      scriptedModel(() => 'first'),
      store,
    );
    await executor.carryOut([call('plan')]);
    const [result] = await store.of('scripted');
    expect(storedResultSchema.parse(result)).toEqual(result);
    await store.put({ ...result, answer: 'second' });
    expect(await store.of('scripted')).toEqual([result]);
    await store.clear('another');
    expect(await store.of('scripted')).toHaveLength(1);
    await store.clear('scripted');
    expect(await store.of('scripted')).toEqual([]);
  });
});

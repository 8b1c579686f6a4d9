import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GpuTurns } from '../../executor/gpuTurns.ts';
import { callOf } from './calls.fixture.ts';
import {
  differingParts,
  EVERY_CALL,
  inWords,
  matching,
  money,
  spentInWords,
  timeInWords,
  totalsBy,
  totalsOf,
  turnsInWords,
} from './calls.ts';

const calls = [
  callOf({ act: 'plan', answer: 'find Peru' }),
  callOf({ act: 'search', answer: 'capital Lima', milliseconds: 30 }),
  callOf({ act: 'search', answer: 'currency of Peru', skill: { name: 'two-hops', version: 1 } }, true),
  callOf({ act: 'answer', answer: '', finish: 'failed', failure: 'too long' }),
  callOf({ act: 'answer', answer: 'Peruvian so', finish: 'length', milliseconds: 50, cost: 0.25 }),
];
const numbers = (filter: Partial<typeof EVERY_CALL>) =>
  matching(calls, { ...EVERY_CALL, ...filter }).map(({ number }) => number);

describe('a filter', () => {
  test('leaves the calls of an act, of a skill or of none, and in a state', () => {
    expect(numbers({})).toEqual([0, 1, 2, 3, 4]);
    expect(numbers({ act: 'search' })).toEqual([1, 2]);
    expect(numbers({ skill: 'two-hops' })).toEqual([2]);
    expect(numbers({ skill: '' })).toEqual([0, 1, 3, 4]);
    expect(numbers({ state: 'cached' })).toEqual([2]);
    expect(numbers({ state: 'made' })).toEqual([0, 1, 3, 4]);
    expect(numbers({ state: 'cut' })).toEqual([4]);
    expect(numbers({ state: 'failed' })).toEqual([3]);
  });

  test('finds a text in prompts and answers, whatever the case of its letters', () => {
    expect(numbers({ text: ' PERU' })).toEqual([0, 2, 4]);
    expect(numbers({ text: 'the task' })).toEqual([0, 1, 2, 3, 4]);
    expect(numbers({ text: 'nowhere' })).toEqual([]);
  });
});

describe('totals', () => {
  test('count what was made apart from what was known, which cost nothing', () => {
    // Tokens of the fixture: 20 read and 3 written a call, 10 ms unless it says otherwise.
    expect(totalsOf('all', calls)).toEqual({
      name: 'all',
      calls: 5,
      cached: 1,
      promptTokens: 80,
      completionTokens: 12,
      milliseconds: (10 + 30 + 10 + 50) / 4,
      cost: 0.25,
      cut: 1,
      failed: 1,
    });
    expect(totalsBy('act', calls).map(({ name, calls: n }) => [name, n])).toEqual([
      ['answer', 2],
      ['search', 2],
      ['plan', 1],
    ]);
    expect(totalsBy('skill', calls).map(({ name, calls: n, milliseconds }) => [name, n, milliseconds])).toEqual([
      ['', 4, 25],
      ['two-hops', 1, null],
    ]);
  });

  test('are said in sentences', () => {
    expect(inWords(totalsOf('all', []))).toBe('Nothing was answered yet.');
    expect(inWords(totalsOf('all', calls))).toBe(
      '4 calls made, 1 answer known from before. 80 tokens read and 12 tokens written, 25 ms a call. Cost 0.25. 1 answer cut at the limit. 1 prompt refused by the model.',
    );
    expect(inWords(totalsOf('all', calls.slice(2, 3)))).toBe('0 calls made, 1 answer known from before.');
  });

  test('tell money in three digits that count, however little it is', () => {
    expect([0, 0.000_098_76, 0.0123, 1, 1234.5].map(money)).toEqual(['0', '0.0000988', '0.0123', '1', '1,230']);
  });

  test('tell what one answer took, and its cost where there is a price', () => {
    const answer = { promptTokens: 1, completionTokens: 1200, milliseconds: 1500, cost: 0 };
    expect(spentInWords(answer)).toBe('1 token read, 1,200 written, 1.5 s.');
    expect(spentInWords({ ...answer, cost: 0.002 })).toBe('1 token read, 1,200 written, 1.5 s, cost 0.002.');
  });

  test('tell times in the unit that reads best', () => {
    expect([4.6, 999, 1000, 59_900, 90_000].map(timeInWords)).toEqual(['5 ms', '999 ms', '1.0 s', '59.9 s', '2 min']);
  });
});

describe('the parts of a text that another lacks', () => {
  test('are runs of words, in order', () => {
    expect(differingParts('the Peruvian sol is it', 'the sol')).toEqual([
      { text: 'the ', changed: false },
      { text: 'Peruvian ', changed: true },
      { text: 'sol ', changed: false },
      { text: 'is it', changed: true },
    ]);
    expect(differingParts('same text', 'same text')).toEqual([{ text: 'same text', changed: false }]);
    expect(differingParts('', 'x')).toEqual([]);
  });

  test('make up the whole text, whatever the two are', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, other) => {
        const parts = differingParts(text, other);
        expect(parts.map((part) => part.text).join('')).toBe(text);
        if (text === other) expect(parts.every(({ changed }) => !changed)).toBe(true);
      }),
    );
  });

  test('of very long texts are the whole of them', () => {
    const long = 'a '.repeat(500);
    expect(differingParts(long, 'a')).toEqual([{ text: long, changed: true }]);
  });
});

describe('the turns of a training run and a model', () => {
  test('are told with the share of each, and the loading of weights as what it is', async () => {
    let time = 0;
    const turns = new GpuTurns(() => time);
    const [training, model] = [turns.join('training'), turns.join('model')];
    const load = await model.turn(undefined, 'load');
    time += 2500;
    const step = training.turn();
    load.end();
    const held = await step;
    time += 500;
    held.end();
    const token = await model.turn();
    time += 1000;
    token.end();
    expect(turnsInWords(turns.report())).toEqual([
      'training 13% of the time in 1 turn, longest turn 500 ms, longest wait 0 ms',
      'model 88% of the time in 2 turns (2.5 s of it loading weights), longest turn 2.5 s, longest wait 0 ms',
    ]);
  });
});

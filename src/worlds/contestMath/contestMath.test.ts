import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildGraph } from '../../graph/buildGraph.ts';
import type { Split } from '../../graph/world.ts';
import { attainable, describeSuite, skillsOf } from '../suiteContract.fixture.ts';
import { combinationsOf, makeableFrom } from './arithmetic.ts';
import { contestMath } from './index.ts';
import { add, compare, divide, multiply, rational, subtract, textOf } from './rational.ts';
import type { BoardState } from './world.ts';
import { contestMathWorld, IllegalAction } from './world.ts';

describeSuite(contestMath, 12, 1500);

const anyRational = fc
  .record({ numerator: fc.integer({ min: -1e6, max: 1e6 }), denominator: fc.integer({ min: 1, max: 1e6 }) })
  .map(({ numerator, denominator }) => rational(numerator, denominator));

describe('a rational number', () => {
  test('is in lowest terms with a positive denominator, and is written so', () => {
    expect(rational(6, 4)).toEqual({ numerator: 3, denominator: 2 });
    expect(rational(6, -4)).toEqual({ numerator: -3, denominator: 2 });
    expect(Object.is(rational(0, -4).numerator, 0)).toBe(true);
    expect([rational(24), rational(0, 7), rational(3, 2), rational(-3, 2)].map(textOf)).toEqual([
      '24',
      '0',
      '3/2',
      '-3/2',
    ]);
  });

  test('is added, subtracted, multiplied, divided and compared as whole numbers of any size say', () => {
    fc.assert(
      fc.property(anyRational, anyRational, (a, b) => {
        const [an, ad, bn, bd] = [a.numerator, a.denominator, b.numerator, b.denominator].map(BigInt);
        const holds = (numerator: bigint, denominator: bigint, result: typeof a) =>
          expect(BigInt(result.numerator) * denominator).toBe(numerator * BigInt(result.denominator));
        holds(an * bd + bn * ad, ad * bd, add(a, b));
        holds(an * bd - bn * ad, ad * bd, subtract(a, b));
        holds(an * bn, ad * bd, multiply(a, b));
        if (bn !== 0n) holds(an * bd, ad * bn, divide(a, b));
        expect(Math.sign(compare(a, b))).toBe(Number(an * bd > bn * ad) - Number(an * bd < bn * ad));
      }),
    );
  });

  test('is refused where it would not be exact', () => {
    expect(() => divide(rational(1), rational(0))).toThrow(RangeError);
    expect(() => rational(0.5)).toThrow(RangeError);
    expect(() => multiply(rational(2 ** 40), rational(2 ** 40))).toThrow(RangeError);
  });
});

describe('two numbers', () => {
  const texts = (a: number, b: number, fractions = true) =>
    combinationsOf(rational(a), rational(b), fractions).map(({ text }) => text);

  test('are joined in five ways, the larger first where order does not matter', () => {
    const ways = [
      'add 6 and 4 to make 10',
      'subtract 4 from 6 to make 2',
      'multiply 6 by 4 to make 24',
      'divide 6 by 4 to make 3/2',
      'divide 4 by 6 to make 2/3',
    ];
    expect(texts(6, 4)).toEqual(ways);
    expect(texts(4, 6)).toEqual(ways);
  });

  test('are divided without a remainder only where fractions are off, never by 0, and once if they are equal', () => {
    expect(texts(6, 4, false)).toEqual([
      'add 6 and 4 to make 10',
      'subtract 4 from 6 to make 2',
      'multiply 6 by 4 to make 24',
    ]);
    expect(texts(6, 3, false)).toContain('divide 6 by 3 to make 2');
    expect(texts(6, 0)).toEqual([
      'add 6 and 0 to make 6',
      'subtract 0 from 6 to make 6',
      'multiply 6 by 0 to make 0',
      'divide 0 by 6 to make 0',
    ]);
    expect(texts(0, 0)).toEqual(['add 0 and 0 to make 0', 'subtract 0 from 0 to make 0', 'multiply 0 by 0 to make 0']);
    expect(texts(5, 5).filter((text) => text.startsWith('divide'))).toEqual(['divide 5 by 5 to make 1']);
  });
});

const problem = { numbers: [3, 5, 7, 8], target: 24 };
const world = contestMathWorld(problem, { steps: 3, fractions: true });

function boardAfter(...texts: string[]): BoardState {
  return texts.reduce((state, text) => {
    const action = world.actions(state).find((candidate) => candidate.text === text);
    if (action === undefined) throw new Error(`"${text}" is not offered with ${world.describe(state)}`);
    const arrival = world.step(state, action);
    if (!('state' in arrival)) throw new Error(`"${text}" ended the task`);
    return arrival.state;
  }, world.initial());
}

describe('the board', () => {
  test('is one state after independent acts in either order, and after acts that make the same numbers', () => {
    const one = boardAfter('add 5 and 3 to make 8', 'subtract 7 from 8 to make 1');
    const other = boardAfter('subtract 7 from 8 to make 1', 'add 5 and 3 to make 8');
    expect(world.key(one)).toBe(world.key(other));
    expect(world.items(boardAfter('add 5 and 3 to make 8'))).toEqual(['7', '8, 2 times']);
  });

  test('tells the same numbers after different counts of steps apart', () => {
    const { composites } = world;
    if (composites === undefined) throw new Error('no skill can be carried out');
    const act = (state: BoardState, text: string) => composites.act(state, { kind: 'act', text });
    const acted = act(act(world.initial(), 'add 5 and 3 to make 8'), 'multiply 8 by 7 to make 56');
    expect(acted.step).toBe(0);
    const bySkill = composites.afterStep(acted);
    const byActs = boardAfter('add 5 and 3 to make 8', 'multiply 8 by 7 to make 56');
    expect(bySkill.board).toEqual(byActs.board);
    expect(world.key(bySkill)).not.toBe(world.key(byActs));
    expect(world.describe(bySkill)).toBe('8 and 56 (after 1 step)');
    expect(world.describe(byActs)).toBe('8 and 56');
    expect(composites.canStep(byActs)).toBe(true);
    expect(
      composites.canStep(boardAfter('add 5 and 3 to make 8', 'multiply 8 by 7 to make 56', 'add 56 and 8 to make 64')),
    ).toBe(false);
    expect(() => act(acted, 'add 5 and 3 to make 8')).toThrow(IllegalAction);
  });

  test('offers only answers when the steps are used up, and refuses what it does not allow', () => {
    const short = contestMathWorld(problem, { steps: 1, fractions: true });
    const arrival = short.step(short.initial(), { kind: 'act', text: 'multiply 8 by 3 to make 24' });
    if (!('state' in arrival)) throw new Error('an act ended the task');
    expect(short.actions(arrival.state).map(({ text }) => text)).toEqual([
      'make 5 the answer',
      'make 7 the answer',
      'make 24 the answer',
    ]);
    expect(() => short.step(arrival.state, { kind: 'act', text: 'add 7 and 5 to make 12' })).toThrow(IllegalAction);
    expect(() => short.step(arrival.state, { kind: 'accept', text: 'make 3 the answer' })).toThrow(IllegalAction);
  });

  test('answers with a value that is worth 1 if it is the target, and else 0.4 / (1 + distance), however it was made', () => {
    const answer = (state: BoardState, value: string) => {
      const arrival = world.step(state, { kind: 'accept', text: `make ${value} the answer` });
      if (!('outcome' in arrival)) throw new Error('an answer went on');
      return arrival.outcome;
    };
    const right = answer(boardAfter('multiply 8 by 3 to make 24'), '24');
    expect(right).toEqual({ key: '24', text: '24', items: ['24'], reward: 1, solved: true });
    expect(
      answer(boardAfter('add 5 and 3 to make 8', 'multiply 8 by 8 to make 64', 'add 64 and 7 to make 71'), '71').reward,
    ).toBeCloseTo(0.4 / 48, 15);
    expect(answer(world.initial(), '8')).toMatchObject({ reward: 0.4 / 17, solved: false });
    // 47/2 lies 1/2 beside the target.
    const near = contestMathWorld({ numbers: [2, 47], target: 24 }, { steps: 1, fractions: true });
    const graph = buildGraph('contest-math', '', near);
    const outcome = graph.nodeText.indexOf('47/2', graph.states) - graph.states;
    expect(graph.reward[outcome]).toBeCloseTo(0.4 / 1.5, 15);
  });
});

describe('what can be made of numbers', () => {
  test.each([true, false])('is what the board can answer after one act or more (fractions: %s)', (fractions) => {
    for (const numbers of [
      [3, 5, 7, 8],
      [2, 2, 4, 6],
      [1, 1, 3, 3],
    ]) {
      for (const steps of [1, 2, 3]) {
        const graph = buildGraph('contest-math', '', contestMathWorld({ numbers, target: 1000 }, { steps, fractions }));
        const answered = new Set(graph.nodeText.slice(graph.states));
        const made = new Set([...makeableFrom(numbers, steps + 1, fractions).keys(), ...numbers.map(String)]);
        expect(made).toEqual(answered);
      }
    }
  });

  test('is told with the numbers that are left over', () => {
    // 24 is 8 * 3, and of three numbers nothing is asked; 8 is 6 + 2, with either of the equal numbers.
    expect(makeableFrom([3, 5, 7, 8], 2, true).get('24')?.leaves).toEqual(new Set(['5 7']));
    expect(makeableFrom([2, 2, 6], 2, true).get('8')?.leaves).toEqual(new Set(['2']));
  });
});

describe('the problems of contest-math', () => {
  const settings = contestMath.settings.parse({});
  const texts = (split: Split, n: number) =>
    Array.from({ length: n }, (_, index) => contestMath.task(settings, 2, split, index).text);

  test('say what is asked, with the target in the range and not given', () => {
    for (const text of texts('train', 100)) {
      const parts = /^make (\d+) from (\d), (\d), (\d) and (\d)$/.exec(text);
      const [target, ...given] = parts?.slice(1).map(Number) ?? [];
      expect(target).toBeGreaterThanOrEqual(10);
      expect(target).toBeLessThanOrEqual(60);
      expect(given).toEqual([...given].sort((a, b) => a - b));
    }
  });

  test('come of every set of numbers that allows one before one comes again, and never twice', () => {
    const given = (text: string) => text.replace(/^make \d+ /, '');
    // Of the 495 sets of four numbers up to 9 some have no problem in this split.
    expect(new Set(texts('train', 400).map(given)).size).toBe(400);
    expect(new Set(texts('train', 1000)).size).toBe(1000);
  });

  test('can be solved with a number left over', () => {
    const easier = contestMath.settings.parse({ steps: 2 });
    expect(attainable(contestMath, easier, [], 16).success).toBe(1);
  });

  test('say so when they are asked for one that they do not have', () => {
    const none = contestMath.settings.parse({ lowest: 999, highest: 1000, largest: 5, numbers: 3 });
    expect(() => contestMath.task(none, 0, 'train', 0)).toThrow(/give 0 train problems, so there is none at index 0/);
  });
});

describe('fewer steps than numbers to join', () => {
  const addThenMultiply = ['add {a} and {b} to make {c}', 'multiply {d} by {e} to make {f}'];
  const multiplyThenSubtract = ['multiply {a} by {b} to make {c}', 'subtract {e} from {d} to make {f}'];
  const multiplyThenAdd = ['multiply {a} by {b} to make {c}', 'add {d} and {e} to make {f}'];
  const range = { largest: 5, lowest: 20, highest: 60 };
  const short = contestMath.settings.parse({ ...range, steps: 2, spare: 0, fractions: false });

  test('leave most of the tasks unsolvable by acts alone, and a skill or two open nearly all of them', () => {
    const success = (...plans: string[][]) => attainable(contestMath, short, skillsOf(...plans)).success;
    expect(success()).toBeGreaterThan(0.15);
    expect(success()).toBeLessThan(0.4);
    expect(success(addThenMultiply)).toBeGreaterThan(0.7);
    expect(success(addThenMultiply, multiplyThenSubtract)).toBeGreaterThan(0.9);
  });

  test('let a plan tie the intermediate result, which the texts hold', () => {
    const task = contestMath.task(short, 0, 'train', 0);
    const tied = task.compile({ skills: skillsOf(['add {a} and {b} to make {c}', 'multiply {c} by {d} to make {e}']) });
    const texts = tied.actionText.filter((text) => text.startsWith('skill-0: '));
    expect(texts.length).toBeGreaterThan(0);
    for (const text of texts) {
      const [, sum, factor] = /add .* = (\d+), then multiply (\d+) \* /.exec(text) ?? [];
      expect(factor).toBe(sum);
    }
  });

  test('keep graphs small with three skills', () => {
    const skills = skillsOf(addThenMultiply, multiplyThenSubtract, multiplyThenAdd);
    const { states, edges } = attainable(contestMath, short, skills);
    expect(states).toBeLessThan(1500);
    expect(edges).toBeLessThan(8000);
  });
});

describe('the settings of contest-math', () => {
  test('refuse unknown fields, sizes that cannot be enumerated and ranges without a number', () => {
    const refuses = (input: unknown) => !contestMath.settings.safeParse(input).success;
    expect(refuses({})).toBe(false);
    expect(refuses({ numbers: 6 })).toBe(true);
    expect(refuses({ largest: 21 })).toBe(true);
    expect(refuses({ lowest: 30, highest: 20 })).toBe(true);
    expect(refuses({ numbers: 3, spare: 2 })).toBe(true);
    expect(refuses({ number: 4 })).toBe(true);
  });

  test('allow no task beyond the default limits, even at their largest', () => {
    const largest = contestMath.settings.parse({ numbers: 5, largest: 20, spare: 0, highest: 1000 });
    for (let i = 0; i < 3; i++) expect(contestMath.task(largest, 0, 'train', i).compile().states).toBeLessThan(50_000);
  });
});

test('of hurried problems a share has one step', () => {
  const settings = contestMath.settings.parse({ numbers: 3, spare: 0, hurried: 0.6 });
  const horizons = Array.from({ length: 200 }, (_, i) => contestMath.task(settings, 0, 'train', i).compile().horizon);
  // Of 200 draws at 0.6 the middle 99.9% are within 0.48 and 0.72.
  const share = horizons.filter((horizon) => horizon === 2).length / horizons.length;
  expect(share).toBeGreaterThan(0.48);
  expect(share).toBeLessThan(0.72);
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instantiate, matchTemplate, planKey, planSchema, renamed, templateFault, variablesOf } from './plan.ts';

describe('a template', () => {
  test('is refused where its variables could not be told apart, with what to do', () => {
    expect(templateFault('take {a} from the {b}')).toBeNull();
    expect(templateFault('{a} + {b} = {c}')).toContain('begins with a word');
    expect(templateFault('take {a} {b}')).toContain('between two variables');
    expect(templateFault('take {A}')).toContain('a variable is');
    expect(templateFault('take mug{a}')).toContain('a variable is');
    expect(templateFault('take  mug')).toContain('one space');
    // The key of a plan has a template a line.
    expect(templateFault('take\nmug')).toContain('one space');
    expect(templateFault('{a}')).not.toBeNull();
  });

  test('matches every reading of a text, shorter runs for earlier variables first', () => {
    const readings = matchTemplate('go to {a} with {b}', 'go to x with y with z').map((one) => Object.fromEntries(one));
    expect(readings).toEqual([
      { a: 'x', b: 'y with z' },
      { a: 'x with y', b: 'z' },
    ]);
    expect(matchTemplate('take {a}', 'take coffee table').map((one) => one.get('a'))).toEqual(['coffee table']);
    expect(matchTemplate('take {a}', 'take')).toEqual([]);
    expect(matchTemplate('take mug', 'take mug now')).toEqual([]);
  });

  test('holds the same words wherever the same variable stands', () => {
    expect(matchTemplate('swap {a} and {a}', 'swap x and x')).toHaveLength(1);
    expect(matchTemplate('swap {a} and {a}', 'swap x and y')).toEqual([]);
    const bound = new Map([['a', 'coffee table']]);
    expect(matchTemplate('put {b} on the {a}', 'put mug on the coffee table', bound)).toHaveLength(1);
    expect(matchTemplate('put {b} on the {a}', 'put mug on the desk', bound)).toEqual([]);
  });

  test('is matched by what it is filled in with', () => {
    const word = fc.constantFrom('mug', 'pan', 'desk', 'the', 'red');
    const words = fc.array(word, { minLength: 1, maxLength: 3 }).map((some) => some.join(' '));
    fc.assert(
      fc.property(words, words, (a, b) => {
        const text = instantiate(
          'put {a} on {b}',
          new Map([
            ['a', a],
            ['b', b],
          ]),
        );
        const readings = matchTemplate('put {a} on {b}', text);
        expect(readings.some((one) => one.get('a') === a && one.get('b') === b)).toBe(true);
      }),
    );
  });
});

describe('a plan', () => {
  test('is the same under other names of its variables, and another with another condition', () => {
    const plan = ['take {x} from the {y}', 'heat {x} with the {z}'];
    expect(variablesOf(plan)).toEqual(['x', 'y', 'z']);
    expect(renamed(plan)).toEqual(['take {a} from the {b}', 'heat {a} with the {c}']);
    expect(planKey(plan)).toBe(planKey(['take {b} from the {a}', 'heat {b} with the {c}']));
    expect(planKey(plan)).not.toBe(planKey(['take {b} from the {a}', 'heat {a} with the {c}']));
    expect(planKey(plan, ['go', 'take'])).toBe(planKey(plan, ['take', 'go']));
    expect(planKey(plan, ['go'])).not.toBe(planKey(plan));
    expect(planKey(plan, ['go', 'go'])).toBe(planKey(plan, ['go']));
    // What a plan asks for is no act of it, however that is worded.
    expect(planKey(['take {a}'], ['put'])).not.toBe(planKey(['take {a}', 'where: put']));
  });

  test('has the key of another exactly where renaming makes it that one, and the same condition', () => {
    const kinds = fc.subarray(['go', 'put', 'where:'], { maxLength: 2 });
    const names = fc.shuffledSubarray(['a', 'b', 'c', 'd', 'x9'], { minLength: 3, maxLength: 3 });
    const under = (plan: readonly string[], [a, b, c]: readonly string[]): readonly string[] => {
      const to = new Map([
        ['a', `{${a}}`],
        ['b', `{${b}}`],
        ['c', `{${c}}`],
      ]);
      return plan.map((template) => instantiate(template, to));
    };
    const few = fc
      .tuple(fc.constantFrom('go', 'put', 'where:'), fc.constantFrom('{a}', '{b}', '{c}', 'go', 'put'))
      .map(([kind, rest]) => `${kind} ${rest}`);
    const plans = fc.array(few, { minLength: 1, maxLength: 3 });
    /** Which places hold the same variable, and what words stand in the others. */
    const shape = (plan: readonly string[]): string => {
      const words = plan.map((template) => template.split(' '));
      const flat = words.flat();
      return JSON.stringify(words.map((line) => line.map((w) => (w.startsWith('{') ? flat.indexOf(w) : w))));
    };
    fc.assert(
      fc.property(plans, plans, kinds, kinds, names, (one, other, needs, others, to) => {
        expect(planKey(under(one, to), needs)).toBe(planKey(one, needs.toReversed()));
        const isSame = shape(one) === shape(other) && needs.toSorted().join() === others.toSorted().join();
        expect(planKey(one, needs) === planKey(other, others)).toBe(isSame);
      }),
      { seed: 1, numRuns: 3000 },
    );
  });
});

describe('a plan of unknown origin', () => {
  test('is refused with the line and its fault', () => {
    expect(planSchema.parse(['take {a}', 'put {a}'])).toEqual(['take {a}', 'put {a}']);
    expect(planSchema.safeParse(['take {a}', '{a}', 'put  it']).error?.issues).toMatchObject([
      { path: [1], message: templateFault('{a}') },
      { path: [2], message: templateFault('put  it') },
    ]);
    for (const plan of [[], new Array(9).fill('go'), [''], ['x'.repeat(201)], 'go', [1]]) {
      expect(planSchema.safeParse(plan).success).toBe(false);
    }
  });
});

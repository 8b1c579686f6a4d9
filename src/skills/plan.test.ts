import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instantiate, matchTemplate, planKey, renamed, templateFault, variablesOf } from './plan.ts';

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
  });
});

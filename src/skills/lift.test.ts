import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { liftPlan } from './lift.ts';
import { instantiate, planKey, templateFault } from './plan.ts';

describe('a lifted plan', () => {
  test('keeps what the stretches share and ties what changes together', () => {
    const lifted = liftPlan([
      ['take mug from the coffee table', 'heat mug with the stove'],
      ['take apple 2 from the desk', 'heat apple 2 with the stove'],
      ['take pan from the desk', 'heat pan with the oven'],
    ]);
    expect(lifted?.plan).toEqual(['take {a} from the {b}', 'heat {a} with the {c}']);
    expect(lifted?.bindings.map((binding) => Object.fromEntries(binding))).toEqual([
      { a: 'mug', b: 'coffee table', c: 'stove' },
      { a: 'apple 2', b: 'desk', c: 'stove' },
      { a: 'pan', b: 'desk', c: 'oven' },
    ]);
  });

  test('ties the result of one act to what the next begins with', () => {
    expect(
      liftPlan([
        ['add 3 and 5 to get 8', 'multiply 8 by 3 to get 24'],
        ['add 2 and 7 to get 9', 'multiply 9 by 4 to get 36'],
      ])?.plan,
    ).toEqual(['add {a} and {b} to get {c}', 'multiply {c} by {d} to get {e}']);
  });

  test('of one stretch is the stretch, and of none there is none', () => {
    expect(liftPlan([['go home', 'open the door']])?.plan).toEqual(['go home', 'open the door']);
    expect(liftPlan([])).toBeNull();
  });

  test('does not exist where a step is of different kinds, and lengths must agree', () => {
    expect(liftPlan([['take mug'], ['open box']])).toBeNull();
    expect(() => liftPlan([['take mug'], ['take mug', 'open box']])).toThrow(RangeError);
  });

  test('does not exist where no template could hold as many variables', () => {
    const act = (i: number, gaps: number) => `go${` x${i} to`.repeat(gaps)}`;
    const lifted = (gaps: number) =>
      liftPlan([0, 1].map((i) => [act(i, gaps).replaceAll(/x\d/g, (x, at: number) => `${x}${at}`)]));
    expect(lifted(12)?.plan[0]).toMatch(/^go \{a\} to .* \{l\} to$/);
    expect(lifted(13)).toBeNull();
  });

  test('takes a common word in where one of the texts has nothing, and gives up where there is none to take', () => {
    const lifted = liftPlan([['put mug on the big desk'], ['put mug on the desk']]);
    expect(lifted?.plan).toEqual(['put mug on {a} desk']);
    expect(liftPlan([['put'], ['put mug']])).toBeNull();
  });

  test('is a valid plan of which every stretch is an instance', () => {
    const word = fc.constantFrom('mug', 'pan', 'desk', 'the', 'on', 'red', 'in');
    const act = fc
      .tuple(fc.constantFrom('put', 'go'), fc.array(word, { maxLength: 5 }))
      .map(([verb, rest]) => [verb, ...rest].join(' '));
    const stretches = fc
      .integer({ min: 1, max: 3 })
      .chain((length) =>
        fc.array(fc.array(act, { minLength: length, maxLength: length }), { minLength: 1, maxLength: 4 }),
      );
    fc.assert(
      fc.property(stretches, (some) => {
        const lifted = liftPlan(some);
        if (lifted === null) return;
        for (const template of lifted.plan) expect(templateFault(template)).toBeNull();
        for (const [i, stretch] of some.entries()) {
          expect(lifted.plan.map((template) => instantiate(template, lifted.bindings[i]))).toEqual(stretch);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('gives back the plan it was filled in from, where the fillings differ in every word', () => {
    const plan = ['take {a} from the {b}', 'heat {a} with the {c}', 'put {a} on the {d}'];
    const filling = (i: number) => new Map(['a', 'b', 'c', 'd'].map((name) => [name, `${name}${i}`]));
    const lifted = liftPlan([0, 1, 2].map((i) => plan.map((template) => instantiate(template, filling(i)))));
    expect(planKey(lifted?.plan ?? [])).toBe(planKey(plan));
  });

  test('gives back whatever plan it was filled in from, where no two fillings share a word', () => {
    const variables = ['a', 'b', 'c'];
    const variable = fc.constantFrom(...variables.map((name) => `{${name}}`));
    const constants = fc.array(fc.constantFrom('on', 'the', 'from'), { minLength: 1, maxLength: 2 });
    const template = fc
      .tuple(
        fc.constantFrom('take', 'put'),
        fc.array(fc.tuple(variable, constants), { maxLength: 3 }),
        fc.option(variable, { nil: '' }),
      )
      .map(([kind, parts, last]) => [kind, ...parts.flat(2), last].filter((word) => word !== '').join(' '));
    const lengths = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(
        fc.array(template, { minLength: 1, maxLength: 3 }),
        fc.array(lengths, { minLength: 2, maxLength: 4 }),
        (plan, fillings) => {
          const bindings = fillings.map((filling, i) => {
            const words = (name: string, length: number) =>
              Array.from({ length }, (_, j) => `${name}${i}${j}`).join(' ');
            return new Map(variables.map((name, v) => [name, words(name, filling[v])]));
          });
          const lifted = liftPlan(bindings.map((binding) => plan.map((one) => instantiate(one, binding))));
          expect(planKey(lifted?.plan ?? [])).toBe(planKey(plan));
        },
      ),
      { seed: 1, numRuns: 1000 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Action } from '../graph/world.ts';
import type { Row } from './carryOut.ts';
import { waysToCarryOut } from './carryOut.ts';
import type { Binding } from './plan.ts';
import { matchTemplate } from './plan.ts';

/** `[place]` the acts that are legal there, by their texts, and where each leads. */
type Places = readonly Readonly<Record<string, number>>[];

/** What the search asks of a world of numbered places, and how often it did. */
function asked(places: Places) {
  const count = { acts: 0, steps: 0 };
  return {
    count,
    acts: (place: number): readonly Action[] => {
      count.acts++;
      return Object.keys(places[place]).map((text) => ({ kind: 'act', text }));
    },
    act: (place: number, { text }: Action): number => {
      count.steps++;
      return places[place][text];
    },
  };
}

/** Every row by plain recursion, bindings kept whole, nothing remembered. */
function everyRow(places: Places, plan: readonly string[], start: number, counts: (end: number) => boolean) {
  const rows = (at: number, done: readonly string[], binding: Binding): Row<number>[] =>
    done.length === plan.length
      ? [{ acts: done, end: at }].filter(({ end }) => counts(end))
      : Object.entries(places[at]).flatMap(([text, to]) =>
          matchTemplate(plan[done.length], text, binding).flatMap((bound) => rows(to, [...done, text], bound)),
        );
  return [...new Map(rows(start, [], new Map()).map((row) => [row.acts.join('\n'), row])).values()];
}

const always = () => true;

/** Three rooms, each a way to the others; the texts of the ways can be read in two ways as `go {a} the {b}`. */
const ROOMS: Places = [
  { 'go by the stairs the hall': 1, 'go by the lift the attic': 2 },
  { 'go by the stairs the cellar': 0, 'go by the door the attic': 2 },
  { 'go by the lift the cellar': 0, 'go by the door the hall': 1 },
];

describe('the ways to carry out a plan', () => {
  test('are the rows of acts that agree with it, each once though it can be read in several ways', () => {
    const plan = ['go {a} the {b}', 'go {c} the cellar'];
    expect(waysToCarryOut(String, asked(ROOMS), plan, 0, 64, always)).toEqual([
      { acts: ['go by the stairs the hall', 'go by the stairs the cellar'], end: 0 },
      { acts: ['go by the lift the attic', 'go by the lift the cellar'], end: 0 },
    ]);
    expect(waysToCarryOut(String, asked(ROOMS), plan, 0, 64, (end) => end !== 0)).toEqual([]);
  });

  test('are the first ones where there are more than are asked for', () => {
    const plan = ['go {a}', 'go {b}', 'go {c}'];
    const all = everyRow(ROOMS, plan, 0, always);
    expect(all).toHaveLength(8);
    for (const most of [0, 1, 5, 8, 64]) {
      expect(waysToCarryOut(String, asked(ROOMS), plan, 0, most, always)).toEqual(all.slice(0, most));
    }
  });

  test('are not looked for again where there are none', () => {
    const world = asked(ROOMS);
    const letters = ['a', 'c', 'e', 'g', 'i', 'k', 'm'];
    const plan = [...letters.map((name, i) => `go {${name}} the {${letters[i]}x}`), 'fly away'];
    expect(waysToCarryOut(String, world, plan, 0, 64, always)).toEqual([]);
    // 2^7 rows, but after 24 bindings no more than 3 places to be in at each of the 8 acts.
    expect(world.count.acts).toBeLessThanOrEqual(24 + 8 * 3);
  });

  test('are given up where a plan reads too many variables', () => {
    const world = asked(ROOMS);
    const letters = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const go = letters.map((name) => `go {${name}} the {${name}x}`);
    const plan = [...go, `fly ${letters.map((name) => `from {${name}} to`).join(' ')} there`];
    expect(waysToCarryOut(String, world, plan, 0, 64, always)).toEqual([]);
    expect(world.count.steps).toBeLessThanOrEqual(4096);
  });

  test('are those that trying everything finds, in the same order', () => {
    const words = fc.constantFrom('x', 'y', 'x y');
    const act = fc
      .tuple(fc.constantFrom('go', 'go', 'go', 'put'), words, words)
      .map(([kind, a, b]) => `${kind} ${a} on ${b}`);
    const places = fc.integer({ min: 1, max: 4 }).chain((count) =>
      fc.array(fc.dictionary(act, fc.nat({ max: count - 1 }), { minKeys: 1, maxKeys: 4 }), {
        minLength: count,
        maxLength: count,
      }),
    );
    const variable = fc.constantFrom('{a}', '{b}', '{c}', '{d}', '{e}', '{f}', 'x');
    const template = fc
      .tuple(fc.constantFrom('go', 'go', 'go', 'put'), variable, variable)
      .map(([kind, a, b]) => `${kind} ${a} on ${b}`);
    const plan = fc.array(fc.oneof(template, template, fc.constantFrom('go {a}', 'go {g}', 'go {h}')), {
      minLength: 1,
      maxLength: 6,
    });
    let rowsOfLongPlans = 0;
    fc.assert(
      fc.property(places, plan, fc.boolean(), fc.integer({ min: 1, max: 6 }), (table, templates, isFree, most) => {
        const counts = (end: number) => isFree || end !== 0;
        const all = everyRow(table, templates, 0, counts);
        if (templates.length > 2) rowsOfLongPlans += all.length;
        expect(waysToCarryOut(String, asked(table), templates, 0, 1000, counts)).toEqual(all);
        expect(waysToCarryOut(String, asked(table), templates, 0, most, counts)).toEqual(all.slice(0, most));
      }),
      { seed: 1, numRuns: 3000 },
    );
    expect(rowsOfLongPlans).toBeGreaterThan(1000);
  });
});

import { describe, expect, it } from 'vitest';
import type { CreditedStep } from '../../session/protocol.ts';
import { tellApart } from './telling.ts';

const walk = (outcome: string, ...actions: string[]) => ({
  outcome,
  steps: actions.map((action) => ({ action }) as CreditedStep),
});

describe('walks are told apart', () => {
  it('by the facts that not all of them end in', () => {
    const start = 'you are in the living room, tomato is on the dining table';
    const told = tellApart([walk(`${start}, mug is hot`, 'heat'), walk(`${start}, mug is clean`, 'clean')]);
    expect(told.map(({ outcome }) => outcome)).toEqual(['mug is hot', 'mug is clean']);
  });

  it('by their acts where they end the same', () => {
    const told = tellApart([
      walk('Caribbean', 'search franc', 'answer'),
      walk('Caribbean', 'look up Comoros', 'answer'),
      walk('Eastern Africa', 'search franc', 'answer'),
    ]);
    expect(told).toEqual([
      { outcome: 'Caribbean', acts: ['search franc'] },
      { outcome: 'Caribbean', acts: ['look up Comoros'] },
      { outcome: 'Eastern Africa', acts: [] },
    ]);
  });

  it('with the whole outcome where it is short or there is nothing to tell', () => {
    const long = 'you are in the living room, apple 1 is in the wardrobe';
    expect(tellApart([walk('at (1, 2)', 'stop'), walk('at (1, 3)', 'stop')]).map(({ outcome }) => outcome)).toEqual([
      'at (1, 2)',
      'at (1, 3)',
    ]);
    expect(tellApart([walk(long, 'accept')])).toEqual([{ outcome: long, acts: [] }]);
  });
});

import { describe, expect, test } from 'vitest';
import { exactMatch, normaliseAnswer, tokenF1 } from './squad.ts';

describe('normalisation of answers', () => {
  // Right-hand sides as the published Python script prints them.
  test.each([
    ["The  Cat's, a hat!", 'cats hat'],
    ['U.S. dollar', 'us dollar'],
    ["Côte d'Ivoire", 'côte divoire'],
    ['under_score', 'underscore'],
    ['the', ''],
  ])('turns %j into %j', (text, normalised) => {
    expect(normaliseAnswer(text)).toBe(normalised);
  });

  test('removes articles only where they are whole words, also beside letters beyond ASCII', () => {
    expect(normaliseAnswer('São Tomé and Príncipe')).toBe('são tomé and príncipe');
    expect(normaliseAnswer('a à an')).toBe('à');
    expect(normaliseAnswer('theatre of Ghana')).toBe('theatre of ghana');
  });
});

describe('exact match', () => {
  test('ignores case, articles and punctuation, and takes any of the references', () => {
    expect(exactMatch('the Peruvian Sol.', ['Euro', 'Peruvian sol'])).toBe(true);
    expect(exactMatch('sol', ['Peruvian sol'])).toBe(false);
    expect(exactMatch('sol', [])).toBe(false);
  });
});

describe('token F1', () => {
  test('is the harmonic mean of precision and recall', () => {
    // precision 1/1, recall 1/2
    expect(tokenF1('Sol', ['Peruvian sol'])).toBeCloseTo(2 / 3, 12);
    // 3 of 4 tokens both ways
    expect(tokenF1('West African CFA franc', ['Central African CFA franc'])).toBeCloseTo(0.75, 12);
    expect(tokenF1('the Euro', ['euro'])).toBe(1);
    expect(tokenF1('x', ['y'])).toBe(0);
  });

  test('counts a token as often as both sides have it', () => {
    // one common b: precision 1/2 (the article "a" is gone), recall 1
    expect(tokenF1('a b b', ['b'])).toBeCloseTo(2 / 3, 12);
    // multiset {to, to, be} both ways, in another order
    expect(tokenF1('to to be', ['to be to'])).toBe(1);
  });

  test('is the best over the references, and 0 where nothing is left after normalisation', () => {
    expect(tokenF1('Spanish', ['Quechua', 'Spanish'])).toBe(1);
    expect(tokenF1('the', ['the'])).toBe(0);
    expect(tokenF1('Spanish', [])).toBe(0);
  });
});

import fc from 'fast-check';
import MiniSearch from 'minisearch';
import { describe, expect, test } from 'vitest';
import { PassageSearch } from './passageSearch.ts';

/** What an index made for this one search finds, with scores. */
function fresh(passages: readonly string[], query: string): Map<string, number> {
  const index = new MiniSearch<{ id: number; text: string }>({ fields: ['text'] });
  index.addAll(passages.map((text, id) => ({ id, text })));
  return new Map(index.search(query).map(({ id, score }) => [passages[id], score]));
}

describe('a search in passages', () => {
  test('finds them by any word of the query, best first, and at most so many', () => {
    const search = new PassageSearch(['Emma is by Jane Austen.', 'Dubliners is by James Joyce.', 'A cat.']);
    expect(search.search('who wrote DUBLINERS by', [], 5)).toEqual([
      'Dubliners is by James Joyce.',
      'Emma is by Jane Austen.',
    ]);
    expect(search.search('who wrote DUBLINERS by', [], 1)).toEqual(['Dubliners is by James Joyce.']);
    expect(search.search('zebra', [], 5)).toEqual([]);
    expect(search.search('', [], 5)).toEqual([]);
    expect(new PassageSearch([]).search('cat', [], 5)).toEqual([]);
  });

  test('has the passages of the task and of the corpus in one index', () => {
    const search = new PassageSearch(['Emma is by Jane Austen.', 'Emma is a novel.']);
    const own = ['Emma is by Charlotte.', 'Dubliners is a book.'];
    expect(search.search('Emma Charlotte', own, 1)).toEqual(['Emma is by Charlotte.']);
    expect(search.search('novel Emma', own, 1)).toEqual(['Emma is a novel.']);
    // Another task has not the first one's.
    expect(search.search('Charlotte', ['nothing of the kind'], 5)).toEqual([]);
    expect(search.search('Charlotte', own, 5)).toEqual(['Emma is by Charlotte.']);
  });

  test('counts a passage that stands in both, or twice in the task, once', () => {
    const search = new PassageSearch(['A cat sat.', 'A dog sat.']);
    expect(search.search('cat', ['A  cat\nsat.', 'A cat sat.'], 5)).toEqual(['A  cat\nsat.']);
    expect(search.search('cat', [], 5)).toEqual(['A cat sat.']);
  });

  test("puts the task's own before the corpus where both fit alike, and the earlier before the later", () => {
    const search = new PassageSearch(['cat one', 'cat two', 'cat three']);
    expect(search.search('cat', ['cat four', 'cat five'], 5)).toEqual([
      'cat four',
      'cat five',
      'cat one',
      'cat two',
      'cat three',
    ]);
    // One that stands in both counts as the task's; a tie is not cut off before it.
    expect(search.search('cat', ['cat three'], 1)).toEqual(['cat three']);
    expect(search.search('cat', [], 2)).toEqual(['cat one', 'cat two']);
  });

  test('finds what an index of the corpus and the task alone finds, whatever was asked before', () => {
    // Few words, so that passages share them.
    const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'), { minLength: 1, maxLength: 9 });
    const passages = fc
      .uniqueArray(
        text.map((words) => words.join(' ')),
        { maxLength: 12 },
      )
      .map((some): readonly string[] => some);
    const asked = fc.array(fc.record({ own: fc.nat(2), query: text, hits: fc.integer({ min: 1, max: 5 }) }), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(passages, fc.tuple(passages, passages, passages), asked, (corpus, tasks, questions) => {
        const search = new PassageSearch(corpus);
        for (const { own, query, hits } of questions) {
          const words = query.join(' ');
          const found = search.search(words, tasks[own], hits);
          const added = tasks[own].filter((one) => !corpus.includes(one));
          const order = [...tasks[own], ...corpus];
          const expected = [...fresh([...corpus, ...added], words)].sort(
            ([a, left], [b, right]) => right - left || order.indexOf(a) - order.indexOf(b),
          );
          expect(found).toEqual(expected.slice(0, hits).map(([one]) => one));
        }
      }),
      { numRuns: 300 },
    );
  });
});

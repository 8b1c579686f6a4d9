/** What a deployer gives in words, as tensors. */
import { describe, expect, test } from 'vitest';
import { hashedEncoder } from '../../encoder/hashedEncoder.ts';
import { likeness, matchingWords, textFeatures } from '../../encoder/textFeatures.ts';
import { ACTION_KINDS } from '../../graph/taskGraph.ts';
import { backwardFeeds, KIND_NUMBERS, policyFeeds } from './feeds.ts';

const encoder = hashedEncoder(8);
const state = { task: 'heat the mug', items: ['mug in hand', 'at the stove'], step: 0.25 };
const rows = (texts: readonly string[]): number[] => texts.flatMap((text) => [...encoder.encode(text)]);

test('kinds of action have the numbers that they have in a task graph', () => {
  expect([...KIND_NUMBERS]).toEqual([...ACTION_KINDS]);
});

describe('the inputs of a policy', () => {
  test('are vectors of the texts, the words of the task without its whole text, and numbers of kind and skill', () => {
    const feeds = policyFeeds(encoder, state, [
      { text: 'heat mug', kind: 'act' },
      { text: 'take-heat mug', kind: 'skill', slot: 2 },
      { text: 'done', kind: 'accept' },
    ]);
    expect(Object.fromEntries(Object.entries(feeds).map(([name, { type, dims }]) => [name, [type, ...dims]]))).toEqual({
      task: ['float32', 1, 8],
      words: ['float32', 3, 8],
      items: ['float32', 2, 8],
      step: ['float32', 1],
      actions: ['float32', 3, 8],
      kind: ['int32', 3],
      skill: ['int32', 3],
    });
    expect([...feeds.words.data]).toEqual(rows(['heat', 'the', 'mug']));
    expect([...feeds.kind.data]).toEqual([0, 1, 2]);
    expect([...feeds.skill.data]).toEqual([0, 3, 0]);
  });

  test('hold no word twice, and none where the task is one word', () => {
    const one = (task: string) => policyFeeds(encoder, { ...state, task }, [{ text: 'done', kind: 'accept' }]).words;
    expect([...one('Heat, heat the heat').data]).toEqual(rows(['heat', 'the']));
    expect(one('heat').dims).toEqual([0, 8]);
  });

  test('are cosines too where they are of words: of the actions and of the task with items, words and task', () => {
    const likenesses = (rows: readonly string[]) =>
      rows.flatMap((row) =>
        ['mug in hand', 'at the stove', 'heat', 'the', 'mug', 'heat the mug'].map((token) =>
          Math.fround(likeness(textFeatures(row), textFeatures(token))),
        ),
      );
    const { cosines, taskCosines } = policyFeeds(matchingWords(encoder), state, [
      { text: 'heat mug', kind: 'act' },
      { text: 'done', kind: 'accept' },
    ]);
    expect(cosines.dims).toEqual([2, 6]);
    expect([...cosines.data]).toEqual(likenesses(['heat mug', 'done']));
    expect(taskCosines.dims).toEqual([1, 6]);
    expect([...taskCosines.data]).toEqual(likenesses(['heat the mug']));
  });

  test('are refused without an action, and for a skill without its place', () => {
    expect(() => policyFeeds(encoder, state, [])).toThrow('give one action or more');
    expect(() => policyFeeds(encoder, state, [{ text: 'take-heat', kind: 'skill' }])).toThrow(
      '"take-heat" needs "slot"',
    );
  });
});

describe('the inputs of a backward policy', () => {
  const edges = [
    { action: 'heat mug', parent: { items: ['cold mug', 'at the stove'], step: 0 }, legal: ['wait', 'heat mug'] },
    { action: 'wait', parent: { items: [], step: 0.125 }, legal: ['wait'] },
  ];

  test('say of each item of a state before which edge it belongs to', () => {
    const feeds = backwardFeeds(encoder, state, edges);
    expect([...feeds.parentItems.data]).toEqual(rows(['cold mug', 'at the stove']));
    expect([...feeds.parentOf.data]).toEqual([0, 0]);
    expect([...feeds.parentStep.data]).toEqual([0, 0.125]);
  });

  test('say of each legal action which edge it belongs to, where log P_B is over all actions', () => {
    const feeds = backwardFeeds(encoder, state, edges, 'actions');
    expect(Object.keys(feeds)).toEqual(['task', 'items', 'step', 'actions', 'legal', 'legalOf']);
    expect([...feeds.legal.data]).toEqual(rows(['wait', 'heat mug', 'wait']));
    expect([...feeds.legalOf.data]).toEqual([0, 0, 1]);
  });

  test('are refused without an edge, and without the actions that they are over', () => {
    expect(() => backwardFeeds(encoder, state, [])).toThrow('give one or more');
    const bare = edges.map(({ action, parent }) => ({ action, parent }));
    expect(() => backwardFeeds(encoder, state, bare, 'actions')).toThrow('"heat mug" needs "legal"');
  });
});

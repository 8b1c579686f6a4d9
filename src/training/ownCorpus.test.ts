/** A corpus changes what a search notes and not what was asked of the model, so nothing stale can come back. */
import { describe, expect, test } from 'vitest';
import { Executor } from '../executor/executor.ts';
import { PROMPTS } from '../executor/prompt.ts';
import { memoryResults } from '../executor/resultStore.ts';
import { scriptedModel } from '../executor/scripted.fixture.ts';
import { ownTasks } from '../worlds/ownTasks/index.ts';
import { configKey } from './configKey.ts';
import { exploreAll } from './exploreAll.ts';
import { resolveConfig } from './resolve.ts';

const file =
  '{"text": "Who wrote Dubliners?", "answer": "Joyce", "grader": "exact-match", "split": "train", "passages": ["Nobody wrote Dubliners."]}';

/** Searches for a word, and answers with the last word before the full stop of what it was given. */
const reader = (system: string, user: string): string => {
  if (!system.startsWith('Answer')) return 'Dubliners';
  return /(\w+)\.$/.exec(user)?.[1] ?? 'nothing';
};

async function visit(store = memoryResults(), corpus?: string) {
  const model = scriptedModel(reader);
  const executor = await Executor.open({ model, prompts: PROMPTS, tools: {}, store, seed: 0 });
  const chosen = { file, steps: 1, hits: 1, acts: ['search'], ...(corpus === undefined ? {} : { corpus }) };
  const graph = await exploreAll(ownTasks.task(ownTasks.settings.parse(chosen), 0, 'train', 0), executor);
  return { graph, model, executor };
}
const solvedBy = ({ graph }: Awaited<ReturnType<typeof visit>>): string[] =>
  graph.nodeText.slice(graph.states).filter((_, x) => graph.solved[x] === 1);

describe('a search in a corpus', () => {
  test('asks the model for the query alone, and is looked up anew after a corpus has changed', async () => {
    const store = memoryResults();
    // Shorter passages fit better.
    const right = await visit(store, 'Dubliners: Joyce.');
    expect(solvedBy(right)).toEqual(['Joyce']);
    expect(right.model.asked).toHaveLength(3);
    const wrong = await visit(store, 'Dubliners: Austen.');
    expect(solvedBy(wrong)).toEqual([]);
    // The query and the answer without notes were known; what the new passage is answered with was not.
    expect(wrong.executor.spent).toMatchObject({ calls: 1, cached: 2 });
    expect(wrong.model.asked).toHaveLength(1);
    expect(wrong.graph.itemText).toContain('Dubliners: Austen.');
    expect(wrong.graph.itemText).not.toContain('Dubliners: Joyce.');
    // And back: all of it is known, and nothing of the other corpus has stuck.
    const again = await visit(store, 'Dubliners: Joyce.');
    expect(again.executor.spent).toMatchObject({ calls: 0, cached: 3 });
    expect(again.graph.itemText).toEqual(right.graph.itemText);
    expect(again.graph.nodeText).toEqual(right.graph.nodeText);
    const none = await visit(store);
    expect(none.graph.itemText).toContain('Nobody wrote Dubliners.');
  });

  test('notes the same of two corpora in which the same is found, so that nothing is asked again', async () => {
    const store = memoryResults();
    await visit(store, 'Dubliners: Joyce.');
    const longer = await visit(store, 'Dubliners: Joyce.\n\nA cat.');
    expect(longer.executor.spent).toMatchObject({ calls: 0, cached: 3 });
  });

  test('stores neither the corpus nor its name: results lie under what was asked', async () => {
    const store = memoryResults();
    const { model } = await visit(store, 'Dubliners: Joyce.\n\nA secret of the corpus.');
    const stored = await store.of(model.id);
    expect(stored.map(({ act, inputs }) => [act, ...inputs]).sort()).toEqual([
      ['answer'],
      ['answer', 'Dubliners: Joyce.'],
      ['search'],
    ]);
    expect(JSON.stringify(stored)).not.toContain('secret');
  });

  test('makes another run of a config, with a record and checkpoints of its own', () => {
    const config = (settings: object) =>
      resolveConfig({
        version: 1,
        suites: [{ name: 'own-tasks', train: 1, validation: 0, heldOut: 0, settings: { file, ...settings } }],
      });
    const keys = [{}, { corpus: 'a' }, { corpus: 'b' }].map((settings) => configKey(config(settings)));
    expect(new Set(keys).size).toBe(3);
    expect(config({ corpus: 'a' }).suites[0].settings).toMatchObject({ corpus: 'a' });
    expect(resolveConfig(config({ corpus: 'a' }))).toEqual(config({ corpus: 'a' }));
  });
});

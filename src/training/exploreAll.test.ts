import { describe, expect, test } from 'vitest';
import { Executor } from '../executor/executor.ts';
import { PROMPTS } from '../executor/prompt.ts';
import { memoryResults } from '../executor/resultStore.ts';
import { perfectReader, scriptedModel } from '../executor/scripted.fixture.ts';
import { evaluatePolicy, uniformLogPF } from '../graph/exact.ts';
import { ownTasks } from '../worlds/ownTasks/index.ts';
import { twoHopQaLive } from '../worlds/twoHopQa/live.ts';
import { exactTask } from './exactRecord.ts';
import { exploreAll, singleActs } from './exploreAll.ts';

async function explored(steps: number) {
  const model = scriptedModel(perfectReader);
  const executor = await Executor.open({ model, prompts: PROMPTS, tools: {}, store: memoryResults(), seed: 0 });
  const task = twoHopQaLive.task(twoHopQaLive.settings.parse({ steps, countries: 12, hits: 1 }), 0, 'train', 0);
  const progress: number[] = [];
  const graph = await exploreAll(task, executor, { onProgress: (done) => progress.push(done) });
  return { task, graph, model, progress };
}

describe('a live task that is explored as a whole', () => {
  test('has nothing unknown, and cost one call for each distinct step', async () => {
    const { graph, model, progress } = await explored(2);
    expect(graph.pending.size).toBe(0);
    expect(new Set(graph.nodeText.slice(graph.states)).has('not explored yet')).toBe(false);
    expect(progress.length).toBe(model.asked.length);
  });

  test('is solved exactly: random play, the target, and whether it can be solved at all', async () => {
    const { task, graph } = await explored(2);
    const exact = exactTask(task, 4, 0.1, graph);
    const { logPi } = evaluatePolicy(graph, uniformLogPF(graph));
    const random = logPi.reduce((sum, value, x) => sum + graph.solved[x] * Math.exp(value), 0);
    expect(exact.randomSuccess).toBeCloseTo(random, 12);
    expect(exact.attainable).toBe(true);
    expect(exact.targetSuccess).toBeGreaterThan(exact.randomSuccess);
    // Two hops cannot be made in one step.
    const { task: short, graph: hurried } = await explored(1);
    expect(exactTask(short, 4, 0.1, hurried).attainable).toBe(false);
  });

  test('tells what a single act comes to: here nothing, since two hops take two', async () => {
    const { graph } = await explored(2);
    expect(singleActs(graph)).toEqual(
      new Map([
        ['plan', 0],
        ['recall', 0],
        ['search', 0],
        ['answer', 0],
      ]),
    );
  });
});

test('a single act is answered from where its result may be given to the answer, else from nothing', async () => {
  // Right only where it was given what was recalled.
  const model = scriptedModel((system, user) => {
    if (!system.startsWith('Answer')) return 'it is 12';
    return user.includes('- it is 12') ? '12' : '13';
  });
  const executor = await Executor.open({ model, prompts: PROMPTS, tools: {}, store: memoryResults(), seed: 0 });
  const file = '{"text": "What is 15% of 80?", "answer": "12", "grader": "numeric", "split": "train"}';
  const settings = ownTasks.settings.parse({ file, steps: 1, acts: ['plan', 'recall'] });
  const graph = await exploreAll(ownTasks.task(settings, 0, 'train', 0), executor);
  expect(Object.fromEntries(singleActs(graph))).toEqual({ plan: 0, recall: 1, answer: 0 });
});

/** Skills that grow over a live executor: lifted from what a model did, read by it, and gated on validation tasks. */
import { describe, expect, test } from 'vitest';
import { Executor } from '../executor/executor.ts';
import { ModelFailure } from '../executor/modelFailure.ts';
import { PROMPTS } from '../executor/prompt.ts';
import type { ResultStore } from '../executor/resultStore.ts';
import { memoryResults } from '../executor/resultStore.ts';
import type { ScriptedModel } from '../executor/scripted.fixture.ts';
import { perfectReader, scriptedModel } from '../executor/scripted.fixture.ts';
import { createCpuBackend } from '../gpu/cpuBackend.ts';
import type { ConfigInput } from './config.ts';
import type { EvolvingTrainer } from './evolvingTrainer.ts';
import { openTrainer } from './openTrainer.ts';
import { resolveConfig } from './resolve.ts';

const never = { signal: new AbortController().signal, onProgress: () => {} };

/** Two hops need two steps and an answer; most tasks have one. */
const config: ConfigInput = {
  version: 1,
  seed: 1,
  steps: 50,
  suites: [
    {
      name: 'two-hop-qa-live',
      settings: { steps: 2, hurried: 0.6, countries: 12 },
      train: 16,
      validation: 6,
      heldOut: 6,
    },
  ],
  encoder: { dimensions: 64 },
  supervisor: { width: 16, heads: 2 },
  objective: { kind: 'tb' },
  optimiser: { lr: 0.005, clip: 10 },
  rollout: { tasksPerStep: 8, trajectoriesPerTask: 8, epsilon: 0.1 },
  evolution: {
    slots: 4,
    when: { window: 5, rho: 0.9, windows: 1 },
    what: { walks: 16, tasks: 16 },
    where: { candidates: 2 },
    gate: { steps: 12, seeds: 2, gain: 0.02 },
  },
};

async function open(
  store: ResultStore = memoryResults(),
  answer: Parameters<typeof scriptedModel>[0] = perfectReader,
  input: ConfigInput = config,
): Promise<{ readonly trainer: EvolvingTrainer; readonly model: ScriptedModel }> {
  const model = scriptedModel(answer);
  const executor = await Executor.open({ model, prompts: PROMPTS, tools: {}, store, seed: 0 });
  const hooks = { onProgress: () => {}, signal: never.signal, executor };
  const trainer = await openTrainer(resolveConfig(input), createCpuBackend(), hooks);
  if (!('change' in trainer)) throw new Error('The config has no evolution.');
  return { trainer, model };
}

async function trainTo(trainer: EvolvingTrainer, step: number): Promise<void> {
  while (trainer.step < step || trainer.evolving) await trainer.train(1);
}

describe('evolution over a live executor', () => {
  test('lifts plans that name acts by what they do, and the model reads the skill in every call of it', async () => {
    const { trainer, model } = await open();
    await trainTo(trainer, 50);
    const { library, events } = trainer;
    expect(events.length).toBeGreaterThan(0);
    expect(library.skills.length).toBeGreaterThan(0);
    for (const { plan } of library.skills) {
      for (const line of plan) expect(line).toMatch(/^(plan|recall|search|check)(-from note)?$/);
    }
    const named = library.skills.map(({ description }) => `Skill: ${description}`);
    expect(model.asked.some((prompt) => named.some((start) => prompt.includes(start)))).toBe(true);
    // With a skill that does both hops in one step, tasks that have a single step can be solved.
    const evaluations = await trainer.evaluate({ ...never, all: true });
    const [heldOut] = evaluations.filter(({ split }) => split === 'heldOut');
    expect(heldOut.success).toBeGreaterThan(0.5);
  }, 120_000);

  test('is the same with a full store, saved in the middle of a phase and taken up again', async () => {
    const store = memoryResults();
    const whole = await open(store);
    await trainTo(whole.trainer, 15);
    const parted = await open(store);
    while (!parted.trainer.evolving) await parted.trainer.train(1);
    await parted.trainer.train(3);
    const snapshot = await parted.trainer.save();
    const resumed = await open(store);
    await resumed.trainer.restore(snapshot);
    await trainTo(resumed.trainer, 15);
    expect(resumed.trainer.events).toEqual(whole.trainer.events);
    expect(resumed.trainer.library).toEqual(whole.trainer.library);
    expect((await resumed.trainer.save()).tensors.parameters).toEqual((await whole.trainer.save()).tensors.parameters);
    expect([...parted.model.asked, ...resumed.model.asked]).toEqual([]);
  }, 120_000);

  test.each<[string, ConfigInput, (calls: number) => number]>([
    ['the first', config, () => 0],
    // Without a gate there are no forks: the last calls are those of the first walks with the skill that was made.
    ['the last', { ...config, evolution: { ...config.evolution, control: 'no-gate' } }, (calls) => calls - 1],
  ])(
    'comes to the same where %s call of its first phase fails: the phase goes on from there when it is called again',
    async (_, input, failing) => {
      let calls = 0;
      const whole = await open(
        undefined,
        (system, user) => {
          if (whole.trainer.evolving && whole.trainer.events.length === 0) calls++;
          return perfectReader(system, user);
        },
        input,
      );
      while (whole.trainer.events.length === 0) await whole.trainer.train(1);
      await trainTo(whole.trainer, 15);
      expect(calls).toBeGreaterThan(1);

      let left = failing(calls);
      const { trainer } = await open(
        undefined,
        (system, user) => {
          if (trainer.evolving && left-- === 0) throw new ModelFailure('rate-limited', 'Too many.', 'Go on later.');
          return perfectReader(system, user);
        },
        input,
      );
      const failures: unknown[] = [];
      while ((trainer.step < 15 || trainer.evolving) && failures.length < 2) {
        await trainer.train(1).catch((error: unknown) => failures.push(error));
      }
      expect(failures).toEqual([expect.objectContaining({ name: 'ModelFailure', kind: 'rate-limited' })]);
      expect(trainer.events).toEqual(whole.trainer.events);
      expect(trainer.library).toEqual(whole.trainer.library);
      expect((await trainer.save()).tensors.parameters).toEqual((await whole.trainer.save()).tensors.parameters);
    },
    120_000,
  );

  test('rests in the middle of a phase where the model gives no answer, and goes on from there to the same', async () => {
    const whole = await open();
    await trainTo(whole.trainer, 12);
    expect(whole.trainer.events.length).toBeGreaterThan(0);
    let flaky: EvolvingTrainer | null = null;
    let [asked, failures] = [0, 0];
    const parted = await open(undefined, (system, user) => {
      // In a phase every ninth question fails the first time.
      if (flaky?.evolving && ++asked % 9 === 0) {
        failures++;
        throw new ModelFailure('unreachable', 'The server did not answer.', 'Start it, and press Train.');
      }
      return perfectReader(system, user);
    });
    flaky = parted.trainer;
    while (flaky.step < 12 || flaky.evolving) {
      await flaky.train(1).catch((error: unknown) => {
        if (!(error instanceof ModelFailure)) throw error;
        expect(flaky?.evolving).toBe(true);
      });
    }
    expect(failures).toBeGreaterThan(1);
    expect(flaky.events).toEqual(whole.trainer.events);
    expect((await flaky.save()).tensors.parameters).toEqual((await whole.trainer.save()).tensors.parameters);
    // No question was asked again but those that failed.
    expect(parted.model.asked.length).toBe(whole.model.asked.length + failures);
  }, 120_000);

  test('is given up at once while a phase waits for the model, and the phase goes on from there', async () => {
    const whole = await open();
    await trainTo(whole.trainer, 12);
    const controller = new AbortController();
    const reason = new Error('paused');
    let slow: EvolvingTrainer | null = null;
    let held = false;
    const parted = await open(undefined, async (system, user) => {
      if (slow?.evolving && !held) {
        held = true;
        controller.abort(reason);
      }
      return perfectReader(system, user);
    });
    slow = parted.trainer;
    let given: unknown = null;
    while (slow.step < 12 || slow.evolving) {
      const { signal } = held ? never : controller;
      await slow.train(1, { signal }).catch((error: unknown) => {
        given = error;
      });
    }
    expect(given).toBe(reason);
    expect(slow.events).toEqual(whole.trainer.events);
    expect((await slow.save()).tensors.parameters).toEqual((await whole.trainer.save()).tensors.parameters);
  }, 120_000);

  test('has its skills written by the model from tasks in which they paid; where that fails, by rule, and says why', async () => {
    const written: string[] = [];
    const text = { name: 'Two Hops!', description: 'Use it for two hops.', pitfall: 'Names that share a word.' };
    const reasonsWith = async (answer: string): Promise<EvolvingTrainer['events']> => {
      const { trainer } = await open(undefined, (system, user) => {
        if (!system.startsWith('You name')) return perfectReader(system, user);
        written.push(user);
        return answer;
      });
      while (trainer.events.length === 0) await trainer.train(1);
      return trainer.events;
    };
    const [byModel] = await reasonsWith(`Here it is: ${JSON.stringify(text)}`);
    expect(written[0]).toMatch(/^Task: \w+.*\nNotes:\n- (What|Which) .*\?; /);
    expect(byModel.evidence.reason).toMatch(/ Its text is by the language model\.$/);
    expect(byModel.skill).toMatchObject({ name: 'two-hops', description: text.description, pitfall: text.pitfall });
    const [byRule] = await reasonsWith('no object at all');
    expect(byRule.evidence.reason).toMatch(/ Its text is by rule\. The writer failed: .*JSON.*\.$/);
    expect(byRule.skill.description).toMatch(/^Does "/);
  }, 120_000);
});

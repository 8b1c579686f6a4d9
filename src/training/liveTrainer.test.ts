/** What a Trainer over a live executor promises: the same run whatever was stored before, and no call twice. */
import { describe, expect, test } from 'vitest';
import { Executor } from '../executor/executor.ts';
import { GpuTurns } from '../executor/gpuTurns.ts';
import { PROMPTS } from '../executor/prompt.ts';
import type { ResultStore } from '../executor/resultStore.ts';
import { memoryResults } from '../executor/resultStore.ts';
import type { ScriptedModel } from '../executor/scripted.fixture.ts';
import { perfectReader, scriptedModel } from '../executor/scripted.fixture.ts';
import type { Backend } from '../gpu/backend.ts';
import { createCpuBackend } from '../gpu/cpuBackend.ts';
import type { ConfigInput } from './config.ts';
import { createLiveTrainer, type LiveTrainer } from './liveTrainer.ts';
import { resolveConfig } from './resolve.ts';

const signal = new AbortController().signal;
const evaluation = { all: true, signal, onProgress: () => {} };

const base: ConfigInput = {
  version: 1,
  seed: 3,
  steps: 60,
  suites: [{ name: 'two-hop-qa-live', settings: { steps: 3, countries: 12 }, train: 6, heldOut: 4 }],
  encoder: { dimensions: 64 },
  supervisor: { width: 16, heads: 2 },
  objective: { kind: 'tb' },
  optimiser: { lr: 0.005, clip: 10 },
  rollout: { tasksPerStep: 3, trajectoriesPerTask: 6, epsilon: 0.1 },
};

interface Opened {
  readonly trainer: LiveTrainer;
  readonly executor: Executor;
  readonly model: ScriptedModel;
}

async function open(store: ResultStore = memoryResults(), input: ConfigInput = base): Promise<Opened> {
  const model = scriptedModel(perfectReader);
  const executor = await Executor.open({ model, prompts: PROMPTS, tools: {}, store, seed: 0 });
  const hooks = { onProgress: () => {}, signal, executor };
  return { trainer: await createLiveTrainer(resolveConfig(input), createCpuBackend(), hooks), executor, model };
}

describe('a trainer over a live executor', () => {
  test('asks for nothing before it walks, and then for no call twice', async () => {
    const { trainer, model, executor } = await open();
    expect(model.asked).toEqual([]);
    await trainer.train(8);
    expect(model.asked.length).toBeGreaterThan(20);
    expect(model.busiest()).toBeGreaterThan(1);
    expect(new Set(executor.used.map(({ result }) => result.key)).size).toBe(model.asked.length);
    expect((await trainer.drain()).map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test('makes the same run with an empty store and with a full one, and then asks for nothing', async () => {
    const store = memoryResults();
    const first = await open(store);
    await first.trainer.train(10);
    const again = await open(store);
    await again.trainer.train(10);
    expect(again.model.asked).toEqual([]);
    expect(again.executor.spent).toMatchObject({ calls: 0, cached: first.executor.spent.calls });
    expect(await again.trainer.drain()).toEqual(await first.trainer.drain());
    expect(await again.trainer.save()).toEqual(await first.trainer.save());
  });

  test('takes the same steps whether or not it is evaluated, viewed and explored between them', async () => {
    const plain = await open();
    await plain.trainer.train(6);
    const watched = await open();
    for (let i = 0; i < 3; i++) {
      await watched.trainer.evaluate(evaluation);
      await watched.trainer.inspect('heldOut', i);
      await watched.trainer.credit('train', i, 3);
      await watched.trainer.explore('heldOut', 2);
      await watched.trainer.train(2);
    }
    expect(await watched.trainer.drain()).toEqual(await plain.trainer.drain());
    const [{ tensors: seen }, { tensors }] = await Promise.all([watched.trainer.save(), plain.trainer.save()]);
    expect(seen.parameters).toEqual(tensors.parameters);
    expect(seen['live.walked']).toEqual(tensors['live.walked']);
  });

  test('restored after any step in a new tab, with what was stored, it ends as one that was never stopped', async () => {
    const whole = await open();
    await whole.trainer.train(9);
    const metrics = await whole.trainer.drain();
    for (const stop of [0, 1, 4]) {
      const store = memoryResults();
      const parted = await open(store);
      await parted.trainer.train(stop);
      const snapshot = await parted.trainer.save();
      // It went on, and was killed before the next checkpoint.
      await parted.trainer.train(2);
      const resumed = await open(store);
      await resumed.trainer.restore(snapshot);
      await resumed.trainer.train(9 - stop);
      expect((await resumed.trainer.drain()).map(({ loss }) => loss)).toEqual(
        metrics.slice(stop).map(({ loss }) => loss),
      );
      expect(await resumed.trainer.save()).toEqual(await whole.trainer.save());
      const calls = [...parted.model.asked, ...resumed.model.asked];
      expect(calls.length).toBe(whole.model.asked.length);
    }
  });

  test('learns which acts lead to an answer, and tells how much of its policy is not explored', async () => {
    const { trainer } = await open();
    const [before] = (await trainer.evaluate(evaluation)).filter(({ split }) => split === 'heldOut');
    await trainer.train(60);
    const [after] = (await trainer.evaluate(evaluation)).filter(({ split }) => split === 'heldOut');
    expect(before.success).toBeLessThan(0.3);
    expect(after.success).toBeGreaterThan(before.success + 0.2);
    expect(after.unexplored).toBeLessThanOrEqual(0.02);
    expect(after.attainable).toBeGreaterThanOrEqual(after.success);
  });

  test('tells of the walks that lead to what was not asked, and gives them no place among those that earned something', async () => {
    const { trainer } = await open();
    // Nothing was asked, so every choice of the start leads to what is not known.
    const before = await trainer.credit('heldOut', 0, 8);
    expect(before.trajectories.map(({ unexplored, groupAdvantage }) => [unexplored, groupAdvantage])).toEqual(
      Array.from({ length: 8 }, () => [true, null]),
    );
    await trainer.train(20);
    await trainer.explore('heldOut', 4);
    let told = 0;
    for (const task of [0, 1, 2, 3]) {
      const { trajectories } = await trainer.credit('heldOut', task, 64);
      const known = trajectories.filter(({ unexplored }) => !unexplored);
      expect(known.length).toBeGreaterThan(48);
      const mean = known.reduce((sum, { reward }) => sum + reward, 0) / known.length;
      for (const { reward, groupAdvantage } of known) {
        expect(Math.sign(groupAdvantage ?? 0)).toBe(Math.sign(reward - mean));
        if (groupAdvantage !== null) told++;
      }
    }
    expect(told).toBeGreaterThan(0);
  });

  test('follows a walk that it is asked for as far as it is known, and no further', async () => {
    const { trainer, model } = await open();
    const texts = ['search', 'search', 'answer'];
    const { walk } = await trainer.credit('heldOut', 0, 8, texts);
    expect(walk).toMatchObject({ actions: texts, found: { starts: [0], followed: 1, known: false } });
    expect(walk?.credited).toMatchObject({ unexplored: true, groupAdvantage: null, steps: [{ action: 'search' }] });
    expect(model.asked).toEqual([]);
  });

  test('a call that fails ends the step, which is taken when the model answers again', async () => {
    const whole = await open();
    await whole.trainer.train(3);
    let failures = 0;
    const flaky = scriptedModel((system, user) => {
      if (system.startsWith('Answer') && failures++ < 1) throw new Error('the line was cut');
      return perfectReader(system, user);
    });
    const executor = await Executor.open({
      model: flaky,
      prompts: PROMPTS,
      tools: {},
      store: memoryResults(),
      seed: 0,
    });
    const trainer = await createLiveTrainer(resolveConfig(base), createCpuBackend(), {
      onProgress: () => {},
      signal,
      executor,
    });
    await expect(trainer.train(3)).rejects.toThrow('the line was cut');
    await trainer.train(3 - trainer.step);
    expect(await trainer.save()).toEqual(await whole.trainer.save());
    expect(flaky.asked.length).toBe(whole.model.asked.length + 1);
  });
});

/** A GPU that the model uses too: its turns, and who had it at each program and each question. */
class SharedGpu {
  /** Programs that were run: the only clock. */
  time = 0;
  readonly turns = new GpuTurns(() => this.time);
  readonly training = this.turns.join('training');
  readonly model = this.turns.join('model');
  readonly strangers: string[] = [];
  readonly #cpu = createCpuBackend();

  readonly backend: Backend = {
    ...this.#cpu,
    run: async (program) => {
      this.#mustHave('training', program.label);
      this.time++;
      await this.#cpu.run(program);
    },
  };

  /** A model that takes a turn for each of five tokens. */
  readonly scripted = scriptedModel(async (system, user) => {
    if (this.turns.report().holder === 'training') this.strangers.push('training waits for an answer in its turn');
    const turn = await this.model.turn();
    for (let token = 0; token < 5; token++) {
      this.#mustHave('model', 'token');
      this.time++;
      await turn.next();
    }
    turn.end();
    return perfectReader(system, user);
  });

  #mustHave(name: string, what: string): void {
    const { holder } = this.turns.report();
    if (holder !== name) this.strangers.push(`${what} in the turn of ${holder}`);
  }

  async open(input: ConfigInput = base, store: ResultStore = memoryResults()): Promise<LiveTrainer> {
    const executor = await Executor.open({ model: this.scripted, prompts: PROMPTS, tools: {}, store, seed: 0 });
    return createLiveTrainer(resolveConfig(input), this.backend, {
      onProgress: () => {},
      signal,
      executor,
      turns: this.training,
    });
  }
}

/** So few walks that the states of a task do not fit into one range. */
const narrow: ConfigInput = {
  ...base,
  suites: [{ name: 'two-hop-qa-live', settings: { steps: 3, countries: 12 }, train: 2, heldOut: 2 }],
  rollout: { tasksPerStep: 1, trajectoriesPerTask: 2 },
};

describe('a trainer that shares its GPU with its model', () => {
  test('does the same, and whatever runs on the GPU runs in a turn: steps, walks, measures and views', async () => {
    const gpu = new SharedGpu();
    const shared = await gpu.open();
    const { trainer: alone } = await open();
    for (const trainer of [shared, alone]) {
      await trainer.train(3);
      await trainer.evaluate(evaluation);
      await trainer.inspect('heldOut', 1);
      await trainer.credit('train', 0, 4);
      await trainer.rewardsOf('train');
      await trainer.train(2);
      await trainer.adopt(await trainer.save(), { fresh: [], afresh: true });
      await trainer.train(2);
    }
    expect(await shared.evaluate(evaluation)).toEqual(await alone.evaluate(evaluation));
    expect(await shared.drain()).toEqual(await alone.drain());
    expect(await shared.save()).toEqual(await alone.save());
    expect(gpu.strangers).toEqual([]);
    expect(gpu.scripted.asked.length).toBeGreaterThan(20);
    const { holder, parties } = gpu.turns.report();
    expect(holder).toBeNull();
    expect(parties.map(({ waiting }) => waiting)).toEqual([0, 0]);
  });

  test('lets the model have its turns between two ranges of states of one task that is evaluated', async () => {
    const gpu = new SharedGpu();
    const trainer = await gpu.open(narrow);
    await trainer.train(12);
    await trainer.explore('heldOut', 2);
    const begun = gpu.time;
    let done = false;
    let [tokens, longestGap, last] = [0, 0, gpu.time];
    const hungry = (async () => {
      const turn = await gpu.model.turn();
      while (!done) {
        longestGap = Math.max(longestGap, gpu.time - last);
        gpu.time++;
        tokens++;
        last = gpu.time;
        await turn.next();
      }
      turn.end();
    })();
    await trainer.policyOf(0);
    done = true;
    await hungry;
    const programs = gpu.time - begun - tokens;
    // The tables and a range of states forward, and each other range, forward or backward, in a turn of its own.
    expect(programs).toBeGreaterThan(4);
    expect(tokens).toBeGreaterThanOrEqual(programs - 2);
    // After a first slice of two programs the model may do two tokens; no slice has more.
    expect(longestGap).toBeLessThanOrEqual(3);
    expect(gpu.strangers).toEqual([]);
  });

  test.each<[string, (trainer: LiveTrainer, signal: AbortSignal) => Promise<unknown>]>([
    ['a step', (trainer, until) => trainer.train(1, { signal: until })],
    ['an evaluation', (trainer, until) => trainer.evaluate({ ...evaluation, signal: until })],
  ])('%s that waits for its turn is given up at once, and what comes then is the same', async (_, work) => {
    const store = memoryResults();
    const gpu = new SharedGpu();
    const trainer = await gpu.open(base, store);
    await trainer.train(2);
    const turn = await gpu.model.turn(undefined, 'load');
    const controller = new AbortController();
    const reason = new Error('no longer wanted');
    const given = work(trainer, controller.signal);
    await expect.poll(() => gpu.turns.report().parties[0].waiting).toBe(1);
    controller.abort(reason);
    await expect(given).rejects.toBe(reason);
    expect(gpu.turns.report().parties[0].waiting).toBe(0);
    turn.end();
    expect(trainer.step).toBe(2);
    await trainer.train(2);
    const { trainer: whole } = await open();
    await whole.train(4);
    expect(await trainer.drain()).toEqual(await whole.drain());
    expect(gpu.strangers).toEqual([]);
  });
});

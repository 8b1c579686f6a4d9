/** Runs over a language model, spoken to as the page does. */
import { describe, expect, test } from 'vitest';
import type { TurnTaker } from '../executor/gpuTurns.ts';
import { GpuTurns } from '../executor/gpuTurns.ts';
import type { LanguageModel } from '../executor/languageModel.ts';
import { ModelFailure } from '../executor/modelFailure.ts';
import type { ResultStore } from '../executor/resultStore.ts';
import { memoryResults } from '../executor/resultStore.ts';
import type { ScriptedModel } from '../executor/scripted.fixture.ts';
import { perfectReader, scriptedModel } from '../executor/scripted.fixture.ts';
import { createCpuBackend } from '../gpu/cpuBackend.ts';
import type { ConfigInput } from '../training/config.ts';
import { openTrainer } from '../training/openTrainer.ts';
import { resolveConfig } from '../training/resolve.ts';
import { Executors } from './executors.ts';
import type { HostParts } from './host.ts';
import { type CheckpointStore, memoryStore } from './storage.ts';
import { HostHarness } from './testing/hostHarness.ts';

const config: ConfigInput = {
  version: 1,
  seed: 5,
  device: 'cpu',
  steps: 8,
  evaluation: { every: 4, tasks: 4 },
  suites: [{ name: 'two-hop-qa-live', settings: { steps: 2, countries: 12 }, train: 4, heldOut: 2 }],
  encoder: { dimensions: 32 },
  supervisor: { width: 8, heads: 2 },
  objective: { kind: 'tb' },
  rollout: { tasksPerStep: 2, trajectoriesPerTask: 4, epsilon: 0.1 },
};

interface Page {
  readonly harness: HostHarness;
  readonly model: ScriptedModel;
}

/** A page with a model in the place of the small one that ships with the lab. */
function page(
  model: ScriptedModel = scriptedModel(perfectReader),
  results: ResultStore = memoryResults(),
  checkpoints: CheckpointStore = memoryStore(),
): Page {
  const executors = new Executors({ store: results, tools: {}, models: { micro: async () => model } });
  return { harness: harnessOver(executors, checkpoints), model };
}

function harnessOver(
  executors: Executors,
  checkpoints: CheckpointStore = memoryStore(),
  real: Partial<HostParts> = {},
): HostHarness {
  return new HostHarness(checkpoints, {
    createTrainer: openTrainer,
    resolveConfig: (input) => resolveConfig(input),
    devices: { webgpu: async () => ({ ok: false, reason: 'None here.' }), cpu: () => createCpuBackend() },
    openExecutor: (settings, hooks) => executors.open(settings, hooks),
    setKey: (baseURL, key) => executors.setKey(baseURL, key),
    ...real,
  });
}

const QUESTION = [
  { role: 'system', content: 'Answer shortly.' },
  {
    role: 'user',
    content: 'Task: What is the capital of the country whose currency is euro?\nNotes:\n- capital of Peru: Lima',
  },
] as const;

describe('a run over a language model', () => {
  test('tells its model when it is opened and each call once, in order', async () => {
    const { harness, model } = page();
    const opened = await harness.request({ type: 'open', config, resume: false });
    expect(opened.executor).toEqual({
      model: 'scripted',
      concurrency: 4,
      results: { kept: false, reason: 'Results are kept until the page is closed.' },
      calls: [],
    });
    await harness.request({ type: 'step', count: 8 });
    const told = harness.of('calls').flatMap(({ calls }) => calls);
    expect(told.length).toBe(model.asked.length);
    expect(new Set(told.map(({ result }) => result.key)).size).toBe(told.length);
    expect(told.every(({ cached }) => !cached)).toBe(true);
    expect(told.map(({ result }) => result.prompt[1].content)).toEqual(expect.arrayContaining(model.asked));
    const evaluations = harness.of('evaluation').flatMap((notice) => notice.evaluations);
    expect(
      evaluations.filter(({ split }) => split === 'heldOut').every(({ unexplored = 1 }) => unexplored <= 0.02),
    ).toBe(true);
  });

  test('has no model where its tasks are enumerated, and says so', async () => {
    const { harness } = page();
    const embedded: ConfigInput = { version: 1, device: 'cpu', suites: [{ name: 'diamond', train: 1 }] };
    expect((await harness.request({ type: 'open', config: embedded, resume: false })).executor).toBeNull();
    await expect(harness.request({ type: 'ask', messages: [], maxTokens: 1 })).rejects.toMatchObject({
      failure: { name: 'NoExecutor' },
    });
  });

  test('asks the model something beside the run, and keeps nothing of it', async () => {
    const { harness, model } = page();
    await harness.request({ type: 'open', config, resume: false });
    const answer = await harness.request({ type: 'ask', messages: QUESTION, maxTokens: 8 });
    expect(answer).toMatchObject({ text: 'Lima', finish: 'stop' });
    expect(model.asked.length).toBe(1);
    expect(harness.of('calls')).toEqual([]);
  });

  test('asks with the seed of the run, as its calls do', async () => {
    const seeds: number[] = [];
    const inner = scriptedModel(perfectReader);
    const { harness } = page({
      ...inner,
      complete: (request, hooks) => {
        seeds.push(request.seed);
        return inner.complete(request, hooks);
      },
    });
    await harness.request({ type: 'open', config: { ...config, executor: { seed: 7 } }, resume: false });
    await harness.request({ type: 'step', count: 1 });
    await harness.request({ type: 'ask', messages: QUESTION, maxTokens: 8 });
    expect(new Set(seeds)).toEqual(new Set([7]));
  });

  test('gives up a question that takes long, and those behind it, and goes on training', async () => {
    const inner = scriptedModel(perfectReader);
    const signals: AbortSignal[] = [];
    const { harness } = page({
      ...inner,
      complete: (request, { signal } = {}) => {
        if (request.maxTokens !== 9) return inner.complete(request, signal ? { signal } : {});
        if (signal) signals.push(signal);
        return new Promise((_, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
        });
      },
    });
    await harness.request({ type: 'open', config, resume: false });
    const failing = [9, 8].map((maxTokens) =>
      harness.request({ type: 'ask', messages: QUESTION, maxTokens }).then(
        () => 'answered',
        (error: unknown) => String(error),
      ),
    );
    await expect.poll(() => signals.length).toBe(1);
    await harness.request({ type: 'stopAsking' });
    expect(await Promise.all(failing)).toEqual(
      Array.from({ length: 2 }, () => 'Error: Cancelled: Cancelled: the question was given up.'),
    );
    await harness.request({ type: 'stopAsking' });
    expect((await harness.request({ type: 'ask', messages: QUESTION, maxTokens: 8 })).text).toBe('Lima');
    await harness.request({ type: 'step', count: 1 });
    expect(harness.of('metrics').flatMap(({ steps }) => steps)).toHaveLength(1);
  });

  test('pauses in the middle of a call that takes long, without taking the step', async () => {
    let release = (): void => {};
    const slow = scriptedModel(
      async (system, user) => {
        await new Promise<void>((resolve) => {
          release = resolve;
        });
        return perfectReader(system, user);
      },
      { concurrency: 1 },
    );
    const waiting: LanguageModel['complete'] = (request, hooks = {}) =>
      Promise.race([
        slow.complete(request, {}),
        new Promise<never>((_, reject) => {
          hooks.signal?.addEventListener('abort', () => reject(hooks.signal?.reason), { once: true });
        }),
      ]);
    const { harness } = page({ ...slow, complete: waiting });
    await harness.request({ type: 'open', config: { ...config, evaluation: { every: 8 } }, resume: false });
    await harness.request({ type: 'play' });
    await expect.poll(() => slow.asked.length).toBe(1);
    const asked = performance.now();
    await harness.request({ type: 'pause' });
    await harness.reaches('ready');
    expect(performance.now() - asked).toBeLessThan(1000);
    expect(harness.of('metrics')).toEqual([]);
    expect(slow.asked.length).toBe(1);
    release();
  });

  test('rests where the model gives no answer, says what to do, and is played on when it does', async () => {
    let broken = true;
    const model = scriptedModel((system, user) => {
      if (broken && system.startsWith('Answer')) {
        throw new ModelFailure('unreachable', 'The server did not answer.', 'Start it, and press Train.');
      }
      return perfectReader(system, user);
    });
    const { harness } = page(model);
    await harness.request({ type: 'open', config, resume: false });
    await harness.request({ type: 'play' });
    await harness.until(() => harness.of('error').length > 0);
    expect(harness.of('error')).toEqual([
      {
        type: 'error',
        error: { name: 'ModelFailure', message: 'The server did not answer.', hint: 'Start it, and press Train.' },
      },
    ]);
    await harness.reaches('ready');
    broken = false;
    await harness.request({ type: 'play' });
    await harness.reaches('finished');
    expect((await harness.request({ type: 'record' })).stopped).toBe('finished');
  });

  test('killed in the middle and taken up in a new tab, it asks for nothing again and ends with the same trajectories', async () => {
    const whole = page();
    await whole.harness.request({ type: 'open', config, resume: false });
    await whole.harness.request({ type: 'step', count: 8 });
    const record = await whole.harness.request({ type: 'record' });

    const [results, checkpoints] = [memoryResults(), memoryStore()];
    const killed = page(scriptedModel(perfectReader), results, checkpoints);
    await killed.harness.request({ type: 'open', config, resume: false });
    await killed.harness.request({ type: 'step', count: 5 });
    await killed.harness.request({ type: 'record' });
    // The checkpoint is of step 5; two steps more are lost with the tab, and their results are not.
    await killed.harness.request({ type: 'step', count: 2 });

    const resumed = page(scriptedModel(perfectReader), results, checkpoints);
    const opened = await resumed.harness.request({ type: 'open', config, resume: true });
    expect(opened.step).toBeGreaterThanOrEqual(5);
    await resumed.harness.request({ type: 'step', count: 8 });
    const again = await resumed.harness.request({ type: 'record' });
    expect(again.steps).toEqual(record.steps);
    // What was known when it was opened is told then, and not once more.
    const told = [...(opened.executor?.calls ?? []), ...resumed.harness.of('calls').flatMap(({ calls }) => calls)];
    expect(opened.executor?.calls.length).toBeGreaterThan(0);
    expect(new Set(told.map(({ result }) => result.key)).size).toBe(told.length);
    expect(again.evaluations).toEqual(record.evaluations);
    expect([...killed.model.asked, ...resumed.model.asked].length).toBe(whole.model.asked.length);
  });
});

describe('a model that gives no answer', () => {
  test('leaves the steps before it in the record and in the checkpoint that the run rests with', async () => {
    let left = 40;
    const flaky = scriptedModel((system, user) => {
      if (left-- === 0) throw new ModelFailure('rate-limited', 'Too many requests.', 'Go on later.');
      return perfectReader(system, user);
    });
    const checkpoints = memoryStore();
    const input: ConfigInput = { ...config, steps: 40, evaluation: { every: 40, tasks: 1 } };
    const executors = new Executors({ store: memoryResults(), tools: {}, models: { micro: async () => flaky } });
    // By a clock that stands still steps take no time, so several are taken before their metrics are read.
    const clock = { now: () => 0, date: () => '2026-01-01T00:00:00.000Z', sleep: async () => {} };
    const harness = harnessOver(executors, checkpoints, { clock });
    await harness.request({ type: 'open', config: input, resume: false });
    await harness.request({ type: 'play' });
    await harness.until(() => harness.of('error').length === 1 && harness.phase === 'ready');
    const record = await harness.request({ type: 'record' });
    const told = harness.of('metrics').flatMap(({ steps }) => steps);
    expect(record.steps).toEqual(told);
    const resumed = await harnessOver(executors, checkpoints).request({ type: 'open', config: input, resume: true });
    // The first is read back by itself, to see how long a step takes.
    expect(resumed.step).toBeGreaterThan(1);
    expect(resumed.steps.map(({ step }) => step)).toEqual(Array.from({ length: resumed.step }, (_, i) => i + 1));
    expect(resumed.steps).toEqual(record.steps);
  });

  const onGpu: ConfigInput = { ...config, executor: { kind: 'webllm', webllm: { model: 'a-model' } } };

  /** A page whose model is lost at a question, and stays lost; the next one is loaded in `load`. */
  function lostAt(question: number, load: (times: number, signal: AbortSignal) => Promise<string>) {
    let loads = 0;
    const closed: string[] = [];
    const executors = new Executors({
      store: memoryResults(),
      tools: {},
      models: {
        micro: async () => scriptedModel(perfectReader, { id: 'small' }),
        webllm: async (_, { onProgress, signal }) => {
          onProgress(`Loading for the ${++loads}. time`, null);
          const id = await load(loads, signal);
          const inner = scriptedModel(perfectReader, { id, concurrency: 1 });
          const lost = new ModelFailure('device-lost', 'The GPU of the model was lost.', 'Load the model again.');
          const mine = loads;
          let isOver = false;
          return {
            ...inner,
            get over() {
              return isOver;
            },
            complete: async (...asked) => {
              if (mine === 1 && inner.asked.length === question) isOver = true;
              if (isOver) throw lost;
              return inner.complete(...asked);
            },
            close: async () => {
              isOver = true;
              closed.push(`${id} ${mine}`);
            },
          };
        },
      },
    });
    return { harness: harnessOver(executors), loads: () => loads, closed };
  }

  test('because its GPU was lost is loaded again by Play, in words, and the run ends as one that lost nothing', async () => {
    const whole = page();
    await whole.harness.request({ type: 'open', config, resume: false });
    await whole.harness.request({ type: 'step', count: 8 });
    const { harness, loads } = lostAt(10, async () => 'a-model');
    await harness.request({ type: 'open', config: onGpu, resume: false });
    await harness.request({ type: 'play' });
    await harness.until(() => harness.of('error').length === 1 && harness.phase === 'ready');
    expect(loads()).toBe(1);
    await harness.request({ type: 'play' });
    await harness.reaches('finished');
    expect(loads()).toBe(2);
    expect(harness.of('phase').map(({ detail }) => detail)).toContain('Loading for the 2. time');
    expect(harness.of('error')).toHaveLength(1);
    const [record, expected] = [
      await harness.request({ type: 'record' }),
      await whole.harness.request({ type: 'record' }),
    ];
    expect(record.steps).toEqual(expected.steps);
  });

  test('says so each time that it is played in vain', async () => {
    const { harness } = lostAt(10, async (times) => {
      if (times === 1) return 'a-model';
      throw new ModelFailure('no-adapter', 'There is no GPU.', 'Look for one.');
    });
    await harness.request({ type: 'open', config: onGpu, resume: false });
    for (let time = 1; time <= 3; time++) {
      await harness.request({ type: 'play' });
      await harness.until(() => harness.of('error').length === time);
    }
    expect(harness.of('error').map(({ error }) => error.message)).toEqual([
      'The GPU of the model was lost.',
      'There is no GPU.',
      'There is no GPU.',
    ]);
  });

  test('is told once more where it is the very same failure', async () => {
    const failure = new ModelFailure('closed', 'It is over.', 'Open it again.');
    const { harness } = page(
      scriptedModel(() => {
        throw failure;
      }),
    );
    await harness.request({ type: 'open', config, resume: false });
    for (let time = 1; time <= 2; time++) {
      await harness.request({ type: 'play' });
      await harness.until(() => harness.of('error').length === time && harness.phase === 'ready');
    }
    await harness.request({ type: 'record' });
    expect(harness.of('error')).toHaveLength(2);
  });

  test('and is loaded again on another GPU answers under no name but its own', async () => {
    const { harness, closed } = lostAt(10, async (times) => (times === 1 ? 'on one' : 'on another'));
    await harness.request({ type: 'open', config: onGpu, resume: false });
    await harness.request({ type: 'play' });
    await harness.until(() => harness.of('error').length === 1 && harness.phase === 'ready');
    await harness.request({ type: 'play' });
    await harness.until(() => harness.of('error').length === 2);
    expect(harness.of('error')[1].error).toEqual({
      name: 'ModelFailure',
      message: 'The run has asked on one, and what was loaded again is on another.',
      hint: 'Open the run again: it asks that one from there on.',
    });
    expect(closed).toContain('on another 2');
    const opened = await harness.request({ type: 'open', config: onGpu, resume: false });
    expect(opened.executor?.model).toBe('on another');
  });

  test('because a pause came while it was loaded again is loaded at the next Play', async () => {
    const { harness, loads } = lostAt(10, async (times, signal) => {
      if (times !== 2) return 'a-model';
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
    });
    await harness.request({ type: 'open', config: onGpu, resume: false });
    await harness.request({ type: 'play' });
    await harness.until(() => harness.of('error').length === 1 && harness.phase === 'ready');
    await harness.request({ type: 'play' });
    await expect.poll(loads).toBe(2);
    await harness.request({ type: 'pause' });
    await harness.reaches('ready');
    await harness.request({ type: 'play' });
    await harness.reaches('finished');
    expect(loads()).toBe(3);
    expect(harness.of('error')).toHaveLength(1);
  });

  test('of a run that is to come leaves the open run as it was: its own model is loaded again when it is asked', async () => {
    const { harness, closed, loads } = lostAt(1000, async (times) => {
      if (times === 2) throw new ModelFailure('out-of-memory', 'The GPU has no room.', 'Take a smaller one.');
      return 'a-model';
    });
    await harness.request({ type: 'open', config: onGpu, resume: false });
    await harness.request({ type: 'step', count: 1 });
    const larger: ConfigInput = { ...config, executor: { kind: 'webllm', webllm: { model: 'a-larger-model' } } };
    await expect(harness.request({ type: 'open', config: larger, resume: false })).rejects.toMatchObject({
      failure: { message: 'The GPU has no room.' },
    });
    expect(closed).toEqual(['a-model 1']);
    await harness.request({ type: 'play' });
    await harness.reaches('finished');
    expect(loads()).toBe(3);
    // What was loaded again is let go as the first was.
    await harness.request({ type: 'open', config, resume: false });
    expect(closed).toEqual(['a-model 1', 'a-model 3']);
  });
});

describe('a run that shares its GPU with its model', () => {
  const sharing: ConfigInput = {
    ...config,
    device: 'auto',
    executor: { kind: 'webllm', webllm: { model: 'a-model' } },
  };

  function sharingPage(): { readonly harness: HostHarness; readonly turns: GpuTurns; readonly model: TurnTaker } {
    const turns = new GpuTurns();
    const [training, model] = [turns.join('training'), turns.join('model')];
    const executors = new Executors({
      store: memoryResults(),
      tools: {},
      models: {
        webllm: async () => {
          const load = await model.turn(undefined, 'load');
          await new Promise((resolve) => setTimeout(resolve, 5));
          load.end();
          return scriptedModel(async (system, user) => {
            const turn = await model.turn();
            turn.end();
            return perfectReader(system, user);
          });
        },
      },
    });
    const harness = harnessOver(executors, memoryStore(), {
      gpu: { training, report: () => turns.report() },
      devices: {
        // On no GPU, and it takes turns as on one.
        webgpu: async () => ({ ok: true, backend: { ...createCpuBackend(), kind: 'webgpu' } }),
        cpu: () => createCpuBackend(),
      },
    });
    return { harness, turns, model };
  }

  test('takes turns with it to the end, and tells of them, loading apart', async () => {
    const { harness, turns } = sharingPage();
    await harness.request({ type: 'open', config: sharing, resume: false });
    await harness.request({ type: 'play' });
    await harness.reaches('finished');
    const told = harness.of('calls').at(-1)?.turns;
    expect(told?.parties.map(({ name }) => name)).toEqual(['training', 'model']);
    const [training, model] = turns.report().parties;
    // Eight steps and the walks before each, and ranges of states of what is evaluated.
    expect(training.turns).toBeGreaterThan(16);
    expect(training.loading).toBe(0);
    expect(model.loading).toBeGreaterThan(0);
    expect(turns.report().holder).toBeNull();
  });

  test('is paused at once while it waits for a turn, takes no step, and is played on', async () => {
    const { harness, turns, model } = sharingPage();
    await harness.request({ type: 'open', config: sharing, resume: false });
    await harness.request({ type: 'step', count: 1 });
    const load = await model.turn(undefined, 'load');
    await harness.request({ type: 'play' });
    await expect.poll(() => turns.report().parties[0].waiting).toBe(1);
    await harness.request({ type: 'pause' });
    await harness.reaches('ready');
    expect(turns.report().parties[0].waiting).toBe(0);
    expect(harness.of('metrics').flatMap(({ steps }) => steps)).toHaveLength(1);
    expect(harness.of('error')).toEqual([]);
    load.end();
    await harness.request({ type: 'play' });
    await harness.reaches('finished');
    expect((await harness.request({ type: 'record' })).steps.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
});

describe('a key', () => {
  test('is in nothing that leaves the worker: no answer, notice, record, checkpoint or failure', async () => {
    const seen: string[] = [];
    const executors = new Executors({
      store: memoryResults(),
      tools: {},
      models: {
        endpoint: async (_, __, keyFor) => {
          seen.push(keyFor('http://localhost:1/v1/') ?? 'none');
          return scriptedModel(perfectReader);
        },
      },
    });
    const harness = harnessOver(executors);
    const key = 'sk-very-secret';
    await harness.request({ type: 'key', baseURL: 'http://localhost:1/v1', key });
    const live: ConfigInput = {
      ...config,
      executor: { kind: 'endpoint', endpoint: { baseURL: 'http://localhost:1/v1', model: 'm' } },
    };
    const opened = await harness.request({ type: 'open', config: live, resume: false });
    await harness.request({ type: 'step', count: 2 });
    const record = await harness.request({ type: 'record' });
    const checkpoint = new TextDecoder('latin1').decode(await harness.request({ type: 'export' }));
    expect(seen).toEqual([key]);
    expect(JSON.stringify([opened, record, harness.notices])).not.toContain(key);
    expect(checkpoint).not.toContain(key);
  });

  test('that was missing is given while the run rests, and the same run is played on', async () => {
    const closed: string[] = [];
    const executors = new Executors({
      store: memoryResults(),
      tools: {},
      models: {
        endpoint: async (_, __, keyFor) => {
          const key = keyFor('http://localhost:1/v1');
          const inner = scriptedModel(perfectReader);
          let isClosed = false;
          const model: LanguageModel = {
            ...inner,
            complete: async (...asked) => {
              if (isClosed) throw new ModelFailure('closed', 'The endpoint is closed.', 'Open it again.');
              if (key !== 'right') throw new ModelFailure('unauthorised', 'The key is missing or wrong.', 'Give it.');
              return inner.complete(...asked);
            },
            close: async () => {
              isClosed = true;
              closed.push(key ?? 'none');
            },
          };
          return model;
        },
      },
    });
    const harness = harnessOver(executors);
    const live: ConfigInput = {
      ...config,
      executor: { kind: 'endpoint', endpoint: { baseURL: 'http://localhost:1/v1', model: 'm' } },
    };
    await harness.request({ type: 'open', config: live, resume: false });
    await harness.request({ type: 'play' });
    await harness.until(() => harness.of('error').length === 1);
    expect(harness.of('error')[0].error).toEqual({
      name: 'ModelFailure',
      message: 'The key is missing or wrong.',
      hint: 'Give it.',
    });
    await harness.request({ type: 'key', baseURL: 'http://elsewhere/v1', key: 'right' });
    expect(closed, 'a key for another address concerns no model of this one').toEqual([]);
    await harness.request({ type: 'key', baseURL: 'http://localhost:1/v1/', key: 'right' });
    await harness.request({ type: 'play' });
    await harness.reaches('finished');
    expect(closed).toEqual(['none']);
    expect(harness.of('error')).toHaveLength(1);
  });

  test('is found however its address is written', async () => {
    const executors = new Executors({ store: memoryResults(), tools: {}, models: {} });
    await executors.setKey('HTTPS://API.Example.com:443/v1//', 'a');
    expect(executors.hasKey('https://api.example.com/v1')).toBe(true);
    expect(executors.hasKey('https://api.example.com/v2')).toBe(false);
    expect(executors.hasKey('http://api.example.com/v1')).toBe(false);
  });

  test('that is given anew makes a new model, and one that is forgotten is gone', async () => {
    const keys: (string | null)[] = [];
    const executors = new Executors({
      store: memoryResults(),
      tools: {},
      models: {
        endpoint: async (_, __, keyFor) => {
          keys.push(keyFor('http://localhost:1/v1'));
          return scriptedModel(perfectReader);
        },
      },
    });
    const hooks = { onProgress: () => {}, signal: new AbortController().signal };
    const { executor } = resolveConfig({
      ...config,
      executor: { kind: 'endpoint', endpoint: { baseURL: 'http://localhost:1/v1', model: 'm' } },
    });
    if (!executor) throw new Error('no executor');
    const ask = async () => {
      const { model } = await executors.open(executor, hooks);
      await model.complete({
        messages: [
          { role: 'user', content: 'a' },
          { role: 'user', content: 'b' },
        ],
        maxTokens: 4,
        seed: 0,
        schema: null,
      });
    };
    await ask();
    await ask();
    await executors.setKey('http://localhost:1/v1/', 'a');
    await ask();
    await executors.setKey('http://localhost:1/v1', null);
    await ask();
    expect(keys).toEqual([null, 'a', null]);
  });
});

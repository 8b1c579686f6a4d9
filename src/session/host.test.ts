import { describe, expect, test, vi } from 'vitest';
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from '../training/checkpoint.ts';
import type { ConfigInput } from '../training/config.ts';
import { configKey } from '../training/configKey.ts';
import type { StepMetrics } from '../training/records.ts';
import { memoryStore, noStore, StorageFull } from './storage.ts';
import { lostDevice, resolved } from './testing/fakeTrainer.ts';
import { exportOf, HostHarness, Refused } from './testing/hostHarness.ts';

const config = (change: Partial<ConfigInput> = {}): ConfigInput => ({
  version: 1,
  seed: 7,
  steps: 20,
  suites: [{ name: 'fake' }],
  evaluation: { every: 8 },
  ...change,
});
const open = (change: Partial<ConfigInput> = {}, resume = false) =>
  ({ type: 'open', config: config(change), resume }) as const;
const PLAY = { type: 'play' } as const;
const PAUSE = { type: 'pause' } as const;
const RECORD = { type: 'record' } as const;
const RESET = { type: 'reset' } as const;
const step = (count: number) => ({ type: 'step', count }) as const;
const inspect = { type: 'inspect', split: 'train', task: 0 } as const;

const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
const stepsOf = (steps: readonly StepMetrics[]): number[] => steps.map((metrics) => metrics.step);
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);
const name = (expected: string) => expect.objectContaining({ failure: expect.objectContaining({ name: expected }) });

/** Steps and evaluations of a run that nothing disturbed. */
async function undisturbed(change: Partial<ConfigInput> = {}) {
  const lab = new HostHarness();
  await lab.request(open(change));
  await lab.request(PLAY);
  await lab.reaches('finished');
  const { steps, evaluations } = await lab.request(RECORD);
  return { steps, evaluations };
}

/** How long a pause takes to be answered, in milliseconds. */
async function pauseTime(lab: HostHarness): Promise<number> {
  const start = performance.now();
  await lab.request(PAUSE);
  return performance.now() - start;
}

describe('a run', () => {
  test('is opened at step 0 and does nothing until it is told to', async () => {
    const lab = new HostHarness();
    const opened = await lab.request(open());
    expect(opened).toMatchObject({ step: 0, steps: [], evaluations: [], parameters: 1, storage: { kept: true } });
    expect(opened.device).toEqual({ backend: 'webgpu', adapter: 'fake webgpu', software: false });
    await wait(20);
    expect(lab.training.calls).not.toContain('train');
    expect(lab.phase).toBe('ready');
  });

  test('plays to its end, tells every step once, and is recorded as finished', async () => {
    const lab = new HostHarness();
    await lab.request(open());
    await lab.request(PLAY);
    await lab.reaches('finished');
    const record = await lab.request(RECORD);
    expect(stepsOf(record.steps)).toEqual(upTo(20));
    expect(lab.of('metrics').flatMap((notice) => notice.steps)).toEqual(record.steps);
    expect(record.stopped).toBe('finished');
    expect(lab.of('metrics').at(-1)?.stepsPerSecond).toBeGreaterThan(0);
  });

  test('is evaluated at step 0, at its intervals, and on every task at the end', async () => {
    const { evaluations } = await undisturbed();
    expect(evaluations.map(({ step, tasks }) => [step, tasks])).toEqual([
      [0, 16],
      [8, 16],
      [16, 16],
      [20, 99],
    ]);
  });

  test('whose last step is one of its intervals is evaluated there once', async () => {
    const { evaluations } = await undisturbed({ steps: 16 });
    expect(evaluations.map(({ step, tasks }) => [step, tasks])).toEqual([
      [0, 16],
      [8, 16],
      [16, 99],
    ]);
  });

  test('takes exactly the steps it is asked for', async () => {
    const lab = new HostHarness();
    await lab.request(open());
    await lab.request(step(1));
    expect(stepsOf((await lab.request(RECORD)).steps)).toEqual([1]);
    await lab.request(step(10));
    expect(stepsOf((await lab.request(RECORD)).steps)).toEqual(upTo(11));
    await lab.reaches('ready');
    await lab.request(step(10));
    const record = await lab.request(RECORD);
    expect(stepsOf(record.steps)).toEqual(upTo(20));
    expect(record.stopped).toBe('finished');
  });

  test('is the same however it is played, stepped, looked at and paused', async () => {
    const lab = new HostHarness();
    await lab.request(open());
    await lab.request(step(3));
    await lab.request(inspect);
    await lab.request(PLAY);
    await lab.until(() => lab.of('metrics').length > 2);
    await lab.request(PAUSE);
    await lab.request({ type: 'credit', split: 'train', task: 0, count: 4 });
    await lab.request({ type: 'export' });
    await lab.request(PLAY);
    await lab.reaches('finished');
    const { steps, evaluations } = await lab.request(RECORD);
    expect({ steps, evaluations }).toEqual(await undisturbed());
  });

  test('is asked for a walk by the texts of its actions and by nothing else', async () => {
    const lab = new HostHarness();
    await lab.request(open());
    const credit = { type: 'credit', split: 'train', task: 0, count: 4 } as const;
    await lab.request({ ...credit, walk: ['go', 'stop'] });
    for (const odd of [null, 'go', { 0: 'go', length: 1 }, ['go', 2]] as unknown as (readonly string[])[]) {
      await expect(lab.request({ ...credit, walk: odd })).rejects.toEqual(name('RangeError'));
    }
    expect(lab.training.calls.filter((call) => call === 'credit')).toHaveLength(1);
  });

  test('goes back to step 0 on reset, loses its checkpoint, and runs the same again', async () => {
    const lab = new HostHarness();
    await lab.request(open());
    await lab.request(step(9));
    await lab.until(() => lab.of('checkpoint').at(-1)?.step === 9);
    await lab.request(RESET);
    expect((await lab.request(RECORD)).steps).toEqual([]);
    expect(await lab.store.list()).toEqual([]);
    await lab.request(PLAY);
    await lab.reaches('finished');
    const { steps, evaluations } = await lab.request(RECORD);
    expect({ steps, evaluations }).toEqual(await undisturbed());
  });

  test('stops playing on reset', async () => {
    const lab = new HostHarness();
    lab.training.before = () => wait(1);
    await lab.request(open({ steps: 10_000 }));
    await lab.request(PLAY);
    await lab.until(() => lab.of('metrics').length > 0);
    await lab.request(RESET);
    await wait(30);
    expect(lab.phase).toBe('ready');
    expect((await lab.request(RECORD)).steps).toEqual([]);
  });

  test('is recorded as cancelled before its end', async () => {
    const lab = new HostHarness();
    await lab.request(open());
    await lab.request(step(2));
    expect((await lab.request(RECORD)).stopped).toBe('cancelled');
  });

  test('answers questions while it plays', async () => {
    const lab = new HostHarness();
    lab.training.before = (call) => (call === 'train' ? wait(2) : undefined);
    await lab.request(open({ steps: 10_000 }));
    await lab.request(PLAY);
    await lab.until(() => lab.of('metrics').length > 0);
    const first = await lab.request(inspect);
    await lab.until(() => (lab.of('metrics').at(-1)?.steps.at(-1)?.step ?? 0) > first.step);
    expect(lab.phase).toBe('running');
    await lab.request({ type: 'close' });
  });
});

describe('pause', () => {
  test('is answered within 100 ms in the middle of a long step, which is then finished', async () => {
    const lab = new HostHarness();
    lab.training.before = (call) => (call === 'train' ? wait(400) : undefined);
    await lab.request(open());
    await lab.request(PLAY);
    await lab.until(() => lab.training.calls.includes('train'));
    expect(await pauseTime(lab)).toBeLessThan(100);
    await lab.until(() => lab.of('metrics').length > 0);
    await wait(20);
    expect(stepsOf((await lab.request(RECORD)).steps)).toEqual([1]);
    expect(lab.phase).toBe('ready');
  });

  test('is answered within 100 ms while steps follow each other without a pause of their own', async () => {
    const lab = new HostHarness();
    await lab.request(open({ steps: 1_000_000, evaluation: { every: 1_000_000 } }));
    await lab.request(PLAY);
    // A timer only fires if the loop lets it.
    await wait(30);
    expect(await pauseTime(lab)).toBeLessThan(100);
    await lab.reaches('ready');
  });

  test('gives an evaluation up, which is made up for before the next step', async () => {
    const lab = new HostHarness();
    lab.training.evaluating = async (signal) => {
      while (!signal.aborted) await wait(1);
    };
    await lab.request(open());
    await lab.request(PLAY);
    await lab.reaches('evaluating');
    expect(await pauseTime(lab)).toBeLessThan(100);
    await lab.reaches('ready');
    expect(lab.of('evaluation')).toEqual([]);
    lab.training.evaluating = async () => {};
    await lab.request(PLAY);
    await lab.reaches('finished');
    const { steps, evaluations } = await lab.request(RECORD);
    expect({ steps, evaluations }).toEqual(await undisturbed());
  });

  test('is answered within 100 ms while a run is compiled, and keeps it from being played', async () => {
    const lab = new HostHarness();
    lab.training.before = (call) => (call === 'create' ? wait(300) : undefined);
    const opening = lab.request(open());
    const playing = lab.request(PLAY);
    await wait(10);
    expect(await pauseTime(lab)).toBeLessThan(100);
    await Promise.all([opening, playing]);
    await wait(20);
    expect(lab.training.calls).not.toContain('train');
  });

  test('ends a row of steps early, and leaves a checkpoint of where it ended', async () => {
    const lab = new HostHarness();
    lab.training.before = (call) => (call === 'train' ? wait(20) : undefined);
    await lab.request(open());
    const stepping = lab.request(step(10));
    await lab.until(() => lab.of('metrics').length > 0);
    await lab.request(PAUSE);
    await stepping;
    const { steps } = await lab.request(RECORD);
    expect(steps.length).toBeLessThan(10);
    await lab.until(() => lab.of('checkpoint').at(-1)?.step === steps.length);
  });

  test('may come when there is nothing to pause', async () => {
    await expect(new HostHarness().request(PAUSE)).resolves.toBeNull();
  });
});

describe('a checkpoint', () => {
  test('takes a run up in another session where it was left, to the same end', async () => {
    const store = memoryStore();
    const first = new HostHarness(store);
    await first.request(open());
    await first.request(step(11));
    await first.until(() => first.of('checkpoint').at(-1)?.step === 11);

    const second = new HostHarness(store);
    const opened = await second.request(open({}, true));
    expect(opened.step).toBe(11);
    expect(stepsOf(opened.steps)).toEqual(upTo(11));
    await second.request(PLAY);
    await second.reaches('finished');
    const { steps, evaluations } = await second.request(RECORD);
    expect({ steps, evaluations }).toEqual(await undisturbed());
  });

  test('is there before the record of a resting run is handed out, so that the page may be closed at once', async () => {
    const slow = memoryStore();
    let writing = 0;
    const store = {
      ...slow,
      write: async (key: string, bytes: Uint8Array<ArrayBuffer>) => {
        writing++;
        await wait(20);
        await slow.write(key, bytes);
        writing--;
      },
    };
    const lab = new HostHarness(store);
    await lab.request(open());
    await lab.request(PLAY);
    await lab.until(() => lab.of('metrics').length > 1);
    await lab.request(PAUSE);
    const record = await lab.request(RECORD);
    expect(writing).toBe(0);
    const bytes = await slow.read(configKey(resolved(config())));
    expect(bytes && decodeCheckpoint(bytes).step).toBe(record.steps.length);
  });

  test('of a finished run opens as finished', async () => {
    const store = memoryStore();
    const first = new HostHarness(store);
    await first.request(open());
    await first.request(PLAY);
    await first.reaches('finished');
    const second = new HostHarness(store);
    await second.request(open({}, true));
    await second.reaches('finished');
    await expect(second.request(PLAY)).rejects.toEqual(name('RunFinished'));
  });

  test('is of its config alone', async () => {
    const store = memoryStore();
    const first = new HostHarness(store);
    await first.request(open());
    await first.request(step(4));
    await first.until(() => first.of('checkpoint').at(-1)?.step === 4);
    const second = new HostHarness(store);
    expect((await second.request(open({ seed: 8 }, true))).step).toBe(0);
    expect((await second.request(open({}, false))).step).toBe(0);
    expect((await second.request(open({}, true))).step).toBe(4);
  });

  test('is exported as a file that holds the run', async () => {
    const lab = new HostHarness();
    await lab.request(open());
    await lab.request(step(3));
    const checkpoint: Checkpoint = decodeCheckpoint(await lab.request({ type: 'export' }));
    expect(checkpoint.step).toBe(3);
    expect(checkpoint.config).toEqual(resolved(config()));
    expect(checkpoint.steps).toEqual((await lab.request(RECORD)).steps);
  });

  test('is what an export as ONNX is made of, and playing goes on after it', async () => {
    const lab = new HostHarness();
    await lab.request(open());
    await lab.request(step(3));
    expect(await lab.request({ type: 'onnx' })).toEqual(exportOf(3));
    await lab.request(PLAY);
    await lab.request({ type: 'onnx' });
    await lab.reaches('finished');
  });

  test('that is being exported is given up by close', async () => {
    const lab = new HostHarness();
    await lab.request(open());
    let begun = false;
    lab.exporting = (signal) =>
      new Promise((_, reject) => {
        begun = true;
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    const exported = lab.request({ type: 'onnx' });
    const refused = expect(exported).rejects.toEqual(name('AbortError'));
    await vi.waitUntil(() => begun);
    await lab.request({ type: 'close' });
    await refused;
  });

  test('that is damaged is told, and the run stands at step 0', async () => {
    const store = memoryStore();
    await store.write(configKey(resolved(config())), new Uint8Array(100));
    const lab = new HostHarness(store);
    expect((await lab.request(open({}, true))).step).toBe(0);
    expect(lab.of('news').map(({ level, text }) => [level, text])).toEqual([
      ['warning', expect.stringContaining('step 0')],
    ]);
  });

  test('with the wrong tensors is told, and the run stands at step 0', async () => {
    const store = memoryStore();
    const first = new HostHarness(store);
    await first.request(open());
    await first.request(step(2));
    const good = decodeCheckpoint(await first.request({ type: 'export' }));
    await first.request({ type: 'close' });
    const bad: Checkpoint = { ...good, snapshot: { ...good.snapshot, tensors: { theta: new Float32Array(2) } } };
    await store.write(configKey(good.config), encodeCheckpoint(bad));
    const lab = new HostHarness(store);
    expect(await lab.request(open({}, true))).toMatchObject({ step: 0, steps: [], evaluations: [] });
    expect(lab.of('news')[0].text).toContain('tensor "theta"');
    await lab.request(PLAY);
    await lab.reaches('finished');
  });

  test('that finds no room is told once, and training goes on', async () => {
    const full = { ...memoryStore(), write: () => Promise.reject(new StorageFull(1000)) };
    const lab = new HostHarness(full);
    await lab.request(open());
    await lab.request(PLAY);
    await lab.reaches('finished');
    expect(lab.of('news')).toEqual([
      expect.objectContaining({ level: 'warning', text: expect.stringContaining('full') }),
    ]);
    expect(lab.of('checkpoint')).toEqual([]);
  });

  test('cannot be kept without storage; the run is told so and is the same', async () => {
    const lab = new HostHarness(noStore('a private window'));
    const opened = await lab.request(open({}, true));
    expect(opened.storage).toEqual({ kept: false, reason: 'a private window' });
    await lab.request(PLAY);
    await lab.reaches('finished');
    const { steps, evaluations } = await lab.request(RECORD);
    expect({ steps, evaluations }).toEqual(await undisturbed());
  });
});

describe('a lost device', () => {
  /** Plays until some step beyond an evaluation, then takes the device away. */
  async function loseDevice(lab: HostHarness): Promise<void> {
    let lost = false;
    lab.training.before = async (call, trainer) => {
      if (call !== 'train' || trainer.step !== 11 || lost) return;
      lost = true;
      lab.devices.fail(lostDevice());
      await new Promise(() => {});
    };
    await lab.request(open());
    await lab.request(PLAY);
    await lab.until(() => lab.of('phase').some(({ phase }) => phase === 'recovering'));
  }

  test('comes back: the run goes on by itself from its checkpoint to the same end, and says so', async () => {
    const lab = new HostHarness(noStore('none'));
    await loseDevice(lab);
    await lab.reaches('finished');
    const { steps, evaluations, device } = await lab.request(RECORD);
    expect({ steps, evaluations }).toEqual(await undisturbed());
    expect(device.backend).toBe('webgpu');
    expect(lab.devices.opened).toEqual(['webgpu', 'webgpu']);
    expect(lab.of('news').map(({ level }) => level)).toEqual(['warning', 'info']);
    expect(lab.of('error')).toEqual([]);
    expect(lab.training.live).toBe(1);
  });

  test('that stays away leaves the run to the CPU, with a warning and the new device', async () => {
    const lab = new HostHarness();
    lab.devices.webgpu = async () => {
      if (lab.devices.opened.length > 0) return { ok: false, reason: 'The browser found no GPU.' };
      return { ok: true, backend: await lab.devices.cpu() };
    };
    await loseDevice(lab);
    await lab.reaches('finished');
    const { steps, evaluations } = await lab.request(RECORD);
    expect({ steps, evaluations }).toEqual(await undisturbed());
    expect(lab.of('device')).toEqual([{ type: 'device', device: expect.objectContaining({ backend: 'cpu' }) }]);
    expect(lab.of('news').at(-1)).toMatchObject({ level: 'warning', text: expect.stringContaining('found no GPU') });
  });

  test('that stays away stops a run that insists on WebGPU, until a reset finds it again', async () => {
    const lab = new HostHarness();
    await lab.request(open({ device: 'webgpu' }));
    await lab.request(step(3));
    lab.devices.missing = 'The browser found no GPU.';
    lab.devices.fail(lostDevice());
    await lab.reaches('stopped');
    expect(lab.of('error')).toEqual([
      {
        type: 'error',
        error: expect.objectContaining({ name: 'DeviceGone', message: expect.stringContaining('found no GPU') }),
      },
    ]);
    await expect(lab.request(PLAY)).rejects.toEqual(name('RunStopped'));
    expect((await lab.request(RECORD)).stopped).toEqual({ error: expect.stringContaining('DeviceGone') });
    await expect(lab.request(RESET)).rejects.toEqual(name('NoWebGPU'));
    lab.devices.missing = null;
    await lab.request(RESET);
    await lab.request(PLAY);
    await lab.reaches('finished');
  });

  test('is replaced while nothing runs, and nothing starts by that', async () => {
    const lab = new HostHarness();
    await lab.request(open());
    await lab.request(step(3));
    await lab.until(() => lab.of('checkpoint').at(-1)?.step === 3);
    lab.devices.fail(lostDevice());
    await lab.until(() => lab.of('news').length === 2);
    await lab.reaches('ready');
    expect((await lab.request(inspect)).step).toBe(3);
    expect((await lab.request(RECORD)).steps.length).toBe(3);
  });

  test('does not lose the question or the steps that it interrupts', async () => {
    const lab = new HostHarness();
    await lab.request(open());
    let losses = 0;
    lab.training.before = async (call, trainer) => {
      const loses = (call === 'inspect' && losses === 0) || (call === 'train' && trainer.step === 5 && losses === 1);
      if (!loses) return;
      losses++;
      lab.devices.fail(lostDevice());
      await new Promise(() => {});
    };
    expect((await lab.request(inspect)).step).toBe(0);
    await lab.request(step(10));
    expect(losses).toBe(2);
    expect(stepsOf((await lab.request(RECORD)).steps)).toEqual(upTo(10));
  });

  test('that is lost at the same step again and again is given up', async () => {
    const lab = new HostHarness();
    lab.training.before = async (call, trainer) => {
      if (call !== 'train' || trainer.step !== 2) return;
      lab.devices.fail(lostDevice());
      await new Promise(() => {});
    };
    await lab.request(open({ device: 'webgpu' }));
    await lab.request(PLAY);
    await lab.reaches('stopped');
    expect(lab.of('error')[0].error).toMatchObject({
      name: 'DeviceGone',
      message: expect.stringContaining('again and again'),
    });
    expect(lab.devices.opened.length).toBe(4);
  });

  test('is told apart from a call that failed a moment earlier because of it', async () => {
    const lab = new HostHarness();
    let lost = false;
    lab.training.before = (call, trainer) => {
      if (call !== 'drain' || trainer.step < 11 || lost) return;
      lost = true;
      setTimeout(() => lab.devices.fail(lostDevice()), 20);
      throw new DOMException('the buffer was unmapped', 'AbortError');
    };
    await lab.request(open());
    await lab.request(PLAY);
    await lab.reaches('finished');
    expect(lost).toBe(true);
    expect((await lab.request(RECORD)).steps).toEqual((await undisturbed()).steps);
  });
});

describe('an error', () => {
  test('in a step stops the run, is told with a hint, and leaves the record so far', async () => {
    const lab = new HostHarness();
    lab.training.before = (call, trainer) => {
      if (call === 'drain' && trainer.step > 9)
        throw Object.assign(new Error('the loss is NaN at step 10'), { name: 'NonFinite' });
    };
    await lab.request(open({ device: 'cpu' }));
    await lab.request(PLAY);
    await lab.reaches('stopped');
    const { error } = lab.of('error')[0];
    expect(error).toMatchObject({ name: 'NonFinite', hint: expect.stringContaining('rates') });
    const record = await lab.request(RECORD);
    expect(record.stopped).toEqual({ error: 'NonFinite: the loss is NaN at step 10' });
    expect(record.steps.length).toBeGreaterThanOrEqual(8);
    await expect(lab.request(PLAY)).rejects.toEqual(name('RunStopped'));
    await expect(lab.request(step(1))).rejects.toEqual(name('RunStopped'));
    lab.training.before = () => {};
    await lab.request(RESET);
    await lab.request(PLAY);
    await lab.reaches('finished');
  });

  test('of the device that is no loss stops the run even while it rests', async () => {
    const lab = new HostHarness();
    await lab.request(open());
    lab.devices.fail(
      Object.assign(new Error('bind group 0 is invalid'), {
        name: 'DeviceFailure',
        kind: 'validation',
        hint: 'Report it.',
      }),
    );
    await lab.reaches('stopped');
    expect(lab.of('error')[0].error).toEqual({
      name: 'DeviceFailure',
      message: 'bind group 0 is invalid',
      hint: 'Report it.',
    });
    await lab.request(RESET);
    await lab.reaches('ready');
  });

  test('in a config leaves the run that was there as it was, playing', async () => {
    const lab = new HostHarness();
    lab.training.before = (call) => (call === 'train' ? wait(1) : undefined);
    await lab.request(open({ steps: 10_000 }));
    await lab.request(PLAY);
    await expect(lab.request(open({ seed: -1 }))).rejects.toBeInstanceOf(Refused);
    const before = (await lab.request(RECORD)).steps.length;
    await lab.until(() => (lab.of('metrics').at(-1)?.steps.at(-1)?.step ?? 0) > before);
    expect(lab.phase).toBe('running');
    await lab.request({ type: 'close' });
  });

  test('in compiling leaves the run that was there as it was', async () => {
    const lab = new HostHarness();
    await lab.request(open());
    await lab.request(step(3));
    lab.training.before = (call) => {
      if (call === 'create') throw Object.assign(new Error('too many states'), { name: 'GraphTooLarge' });
    };
    await expect(lab.request(open({ seed: 9 }))).rejects.toEqual(name('GraphTooLarge'));
    expect((await lab.request(RECORD)).config.seed).toBe(7);
    await lab.request(step(1));
    expect(lab.training.live).toBe(1);
  });

  test('is the answer to what needs a run where there is none', async () => {
    const lab = new HostHarness();
    for (const request of [PLAY, RESET, RECORD, inspect, step(1), { type: 'export' }, { type: 'onnx' }] as const) {
      await expect(lab.request(request)).rejects.toEqual(name('NoRun'));
    }
  });

  test('is the answer to a number of steps that is none', async () => {
    const lab = new HostHarness();
    await lab.request(open());
    await expect(lab.request(step(0))).rejects.toEqual(name('RangeError'));
    await expect(lab.request(step(Number.NaN))).rejects.toEqual(name('RangeError'));
  });
});

describe('cancel', () => {
  test('gives up a run that is compiling and what was asked of it; the run before stays as it was', async () => {
    const lab = new HostHarness();
    await lab.request(open());
    await lab.request(step(3));
    lab.training.before = (call) => (call === 'create' ? new Promise(() => {}) : undefined);
    const opening = lab.request(open({ seed: 9 }));
    const playing = lab.request(PLAY);
    await lab.reaches('compiling');
    await lab.request({ type: 'cancel' });
    await expect(opening).rejects.toEqual(name('Cancelled'));
    await expect(playing).rejects.toEqual(name('Cancelled'));
    await lab.reaches('ready');
    const { config, steps } = await lab.request(RECORD);
    expect([config.seed, steps.length]).toEqual([7, 3]);
    await lab.request(PLAY);
    await lab.reaches('finished');
    expect((await lab.request(RECORD)).steps).toEqual((await undisturbed()).steps);
  });

  test('leaves nothing open where nothing was, and may come when nothing compiles', async () => {
    const lab = new HostHarness();
    await lab.request({ type: 'cancel' });
    lab.training.before = (call) => (call === 'create' ? new Promise(() => {}) : undefined);
    const opening = lab.request(open());
    await lab.reaches('compiling');
    await lab.request({ type: 'cancel' });
    await expect(opening).rejects.toEqual(name('Cancelled'));
    await lab.reaches('closed');
  });
});

describe('a limited speed', () => {
  const slow = { type: 'speed', stepsPerSecond: 20 } as const;

  test('spaces the steps of play, and the run is the same', async () => {
    const lab = new HostHarness();
    await lab.request(slow);
    await lab.request(open());
    const start = performance.now();
    await lab.request(PLAY);
    await lab.until(() => lab.of('metrics').length === 4);
    // Between four steps lie three waits of 50 ms; a timer may fire a millisecond early.
    expect(performance.now() - start).toBeGreaterThanOrEqual(147);
    expect(lab.of('metrics').map((notice) => notice.steps.length)).toEqual([1, 1, 1, 1]);
    await lab.request({ type: 'speed', stepsPerSecond: null });
    await lab.reaches('finished');
    const { steps, evaluations } = await lab.request(RECORD);
    expect({ steps, evaluations }).toEqual(await undisturbed());
  });

  test('lets pause and questions through while it waits', async () => {
    const lab = new HostHarness();
    await lab.request({ type: 'speed', stepsPerSecond: 0.01 });
    await lab.request(open());
    await lab.request(PLAY);
    await lab.until(() => lab.of('metrics').length === 1);
    expect((await lab.request(inspect)).step).toBe(1);
    expect(lab.phase).toBe('running');
    expect(await pauseTime(lab)).toBeLessThan(100);
    await lab.reaches('ready');
    expect((await lab.request(RECORD)).steps.length).toBe(1);
  });

  test('does not hold up steps that are asked for', async () => {
    const lab = new HostHarness();
    await lab.request({ type: 'speed', stepsPerSecond: 0.01 });
    await lab.request(open());
    await lab.request(step(5));
    expect((await lab.request(RECORD)).steps.length).toBe(5);
  });

  test('of nothing is refused', async () => {
    const lab = new HostHarness();
    for (const stepsPerSecond of [0, -1, Number.NaN]) {
      await expect(lab.request({ type: 'speed', stepsPerSecond })).rejects.toEqual(name('RangeError'));
    }
  });
});

test('an answer that cannot be sent is a failure, not silence', async () => {
  const lab = new HostHarness();
  await lab.request(open());
  lab.training.inspected = { graph: () => {} };
  await expect(lab.request(inspect)).rejects.toEqual(name('DataCloneError'));
});

describe('open', () => {
  test('takes the CPU where there is no WebGPU, and says why', async () => {
    const lab = new HostHarness();
    lab.devices.missing = 'This browser has no WebGPU.';
    expect((await lab.request(open())).device.backend).toBe('cpu');
    expect(lab.of('news')).toEqual([{ type: 'news', level: 'info', text: expect.stringContaining('no WebGPU') }]);
  });

  test('takes the CPU where it is asked to, without a word', async () => {
    const lab = new HostHarness();
    expect((await lab.request(open({ device: 'cpu' }))).device.backend).toBe('cpu');
    expect(lab.of('news')).toEqual([]);
  });

  test('fails where WebGPU is asked for and there is none', async () => {
    const lab = new HostHarness();
    lab.devices.missing = 'This browser has no WebGPU.';
    await expect(lab.request(open({ device: 'webgpu' }))).rejects.toEqual(name('NoWebGPU'));
    await lab.reaches('closed');
  });

  test('takes the place of one that is still compiling, with what was asked of it', async () => {
    const lab = new HostHarness();
    lab.training.before = (call) => (call === 'create' ? wait(30) : undefined);
    const first = lab.request(open({ seed: 1 }));
    const play = lab.request(PLAY);
    await wait(5);
    const second = lab.request(open({ seed: 2 }));
    await expect(first).rejects.toEqual(name('Cancelled'));
    await expect(play).rejects.toEqual(name('Cancelled'));
    expect((await second).config.seed).toBe(2);
    await wait(20);
    expect(lab.phase).toBe('ready');
  });

  test('keeps the steps of the run before it', async () => {
    const lab = new HostHarness();
    lab.training.before = (call) => (call === 'train' ? wait(1) : undefined);
    await lab.request(open({ steps: 10_000, evaluation: { every: 10_000 } }));
    await lab.request(PLAY);
    await lab.until(() => lab.of('metrics').length > 2);
    await lab.request(open());
    const told = lab.of('metrics').flatMap((notice) => notice.steps).length;
    const back = await lab.request(open({ steps: 10_000, evaluation: { every: 10_000 } }, true));
    expect(back.step).toBe(told);
    expect(lab.training.live).toBe(1);
  });

  test('is given up by close, which leaves nothing open', async () => {
    const lab = new HostHarness();
    lab.training.before = (call) => (call === 'create' ? new Promise(() => {}) : undefined);
    const opening = lab.request(open());
    await wait(5);
    await lab.request({ type: 'close' });
    await expect(opening).rejects.toEqual(name('Cancelled'));
    await lab.reaches('closed');
  });
});

test('close ends training and frees the trainer', async () => {
  const lab = new HostHarness();
  await lab.request(open({ steps: 1_000_000 }));
  await lab.request(PLAY);
  await lab.until(() => lab.of('metrics').length > 0);
  await lab.request({ type: 'close' });
  await lab.reaches('closed');
  expect(lab.training.live).toBe(0);
  await expect(lab.request(PLAY)).rejects.toEqual(name('NoRun'));
});

test('close keeps a checkpoint of what was trained, for another session to go on from', async () => {
  const store = memoryStore();
  const [first, second] = [new HostHarness(store), new HostHarness(store)];
  const long = { steps: 1_000_000, evaluation: { every: 1_000_000 } };
  await first.request(open(long));
  await first.request(PLAY);
  await first.until(() => first.of('metrics').length > 0);
  await first.request({ type: 'close' });
  const told = first.of('metrics').at(-1)?.steps.at(-1)?.step ?? 0;
  expect((await second.request(open(long, true))).step).toBe(told);
  await second.request({ type: 'close' });
});

test('the answer key needs no run', async () => {
  const record = await new HostHarness().request({ type: 'exact', config: config() });
  expect(record.config.seed).toBe(7);
});

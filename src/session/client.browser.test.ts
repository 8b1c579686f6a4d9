import { afterEach, describe, expect, test } from 'vitest';
import type { ConfigInput } from '../training/config.ts';
import { SessionClient } from './client.ts';
import type { Notice, Phase } from './protocol.ts';

const diamond = (change: Partial<ConfigInput> = {}): ConfigInput => ({
  version: 1,
  steps: 12,
  suites: [{ name: 'diamond', train: 1 }],
  evaluation: { every: 5 },
  supervisor: { width: 8, heads: 2 },
  encoder: { dimensions: 32 },
  rollout: { tasksPerStep: 1, trajectoriesPerTask: 8 },
  ...change,
});

const clients: SessionClient[] = [];

/** A client that remembers what it was told. */
class Page extends SessionClient {
  readonly notices: Notice[] = [];
  readonly #watchers = new Set<() => void>();

  constructor(worker?: Worker) {
    super(worker);
    clients.push(this);
    this.onNotice((notice) => {
      this.notices.push(notice);
      for (const look of [...this.#watchers]) look();
    });
  }

  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!condition()) return;
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
      look();
    });
  }

  reaches(phase: Phase): Promise<void> {
    return this.until(() => this.notices.findLast((notice) => notice.type === 'phase')?.phase === phase);
  }

  hasKept(step: number): Promise<void> {
    return this.until(() => this.notices.findLast((notice) => notice.type === 'checkpoint')?.step === step);
  }
}

afterEach(async () => {
  for (const client of clients.splice(0)) client.terminate();
  const root = await navigator.storage.getDirectory();
  await root.removeEntry('checkpoints', { recursive: true }).catch(() => {});
});

describe.each(['cpu', 'webgpu'] as const)('a session on %s', (device) => {
  test('trains, stopped, closed and taken up again, to the record of a run that nothing disturbed', async () => {
    const whole = new Page();
    const opened = await whole.request({ type: 'open', config: diamond({ device }), resume: false });
    expect(opened.device.backend).toBe(device);
    expect(opened.storage.kept).toBe(true);
    await whole.request({ type: 'play' });
    await whole.reaches('finished');
    const record = await whole.request({ type: 'record' });
    expect(record.stopped).toBe('finished');
    expect(record.steps.length).toBe(12);
    expect(record.evaluations.map(({ step }) => step)).toEqual([0, 5, 10, 12]);
    await whole.request({ type: 'reset' });
    whole.terminate();

    const first = new Page();
    await first.request({ type: 'open', config: diamond({ device }), resume: true });
    await first.request({ type: 'step', count: 7 });
    await first.hasKept(7);
    first.terminate();

    const second = new Page();
    const resumed = await second.request({ type: 'open', config: diamond({ device }), resume: true });
    expect(resumed.step).toBe(7);
    await second.request({ type: 'play' });
    await second.reaches('finished');
    const { steps, evaluations } = await second.request({ type: 'record' });
    expect(steps).toEqual(record.steps);
    expect(evaluations).toEqual(record.evaluations);
  });

  test('takes the same steps however often it is evaluated', async () => {
    const stepsWith = async (every: number): Promise<unknown> => {
      const page = new Page();
      await page.request({ type: 'open', config: diamond({ device, evaluation: { every } }), resume: false });
      await page.request({ type: 'step', count: 12 });
      const { steps, evaluations } = await page.request({ type: 'record' });
      expect(evaluations.length).toBe(Math.ceil(12 / every) + 1);
      return steps;
    };
    expect(await stepsWith(2)).toEqual(await stepsWith(12));
  });

  test('exports what it has learned as models that give what the lab gives', async () => {
    const page = new Page();
    await page.request({ type: 'open', config: diamond({ device }), resume: false });
    await page.request({ type: 'step', count: 2 });
    const { files, check } = await page.request({ type: 'onnx' });
    expect(files.map(({ name }) => name)).toEqual(['policy.onnx', 'backward.onnx', 'supervisor.json']);
    // All four states of the diamond.
    expect(check).toMatchObject({ states: 4, tasks: 1, verified: true });
    expect(JSON.parse(new TextDecoder().decode(files[2].bytes))).toMatchObject({ step: 2, check });
    await page.request({ type: 'step', count: 10 });
    await page.reaches('finished');
  });

  test('answers what the views ask', async () => {
    const page = new Page();
    await page.request({ type: 'open', config: diamond({ device }), resume: false });
    await page.request({ type: 'step', count: 2 });
    const view = await page.request({ type: 'inspect', split: 'train', task: 0 });
    expect(view.step).toBe(2);
    expect(view.learned.logPF.length).toBe(view.graph.edges);
    const credit = await page.request({ type: 'credit', split: 'train', task: 0, count: 3 });
    expect(credit.trajectories.length).toBe(3);
    for (const { steps, total } of credit.trajectories) {
      expect(steps.reduce((sum, step) => sum + step.credit, 0)).toBeCloseTo(total, 4);
    }
  });
});

test('pause is answered in the middle of a step of the CPU, and the step is finished after it', async () => {
  const page = new Page();
  // Steps long enough (some tenths of a second) that a request nearly always arrives within one.
  const config: ConfigInput = {
    version: 1,
    device: 'cpu',
    steps: 100_000,
    suites: [{ name: 'hypergrid', settings: { dimensions: 2, height: 8 }, train: 1 }],
    supervisor: { width: 192 },
    rollout: { tasksPerStep: 1, trajectoriesPerTask: 256 },
  };
  await page.request({ type: 'open', config, resume: false });
  const told = () => page.notices.filter(({ type }) => type === 'metrics').length;
  let answeredWithin = 0;
  for (let pause = 0; pause < 5; pause++) {
    const before = told();
    await page.request({ type: 'play' });
    await page.until(() => told() > before);
    await page.request({ type: 'pause' });
    const atAnswer = told();
    // The record waits for the step in progress, whose metrics then come after the answer.
    await page.request({ type: 'record' });
    if (told() > atAnswer) answeredWithin++;
  }
  expect(answeredWithin).toBeGreaterThan(0);
});

test('an error of the worker arrives with its name, its place and a hint', async () => {
  const page = new Page();
  await expect(page.request({ type: 'open', config: diamond({ seed: -1 }), resume: false })).rejects.toMatchObject({
    name: 'BadConfig',
    message: expect.stringContaining('seed'),
    hint: expect.stringMatching(/./),
  });
  await expect(page.request({ type: 'play' })).rejects.toMatchObject({ name: 'NoRun' });
});

test('the answer key crosses without a run', async () => {
  const { tasks } = await new Page().request({ type: 'exact', config: diamond() });
  expect(tasks[0]).toMatchObject({ suite: 'diamond', split: 'train', isTree: false });
});

test('a worker that crashes rejects what waits, is told as an error, and answers nothing more', async () => {
  const program = 'onmessage = () => { throw new Error("broken on purpose"); }';
  const page = new Page(new Worker(URL.createObjectURL(new Blob([program], { type: 'text/javascript' }))));
  const crashed = { name: 'WorkerCrashed', message: expect.stringContaining('broken on purpose') };
  await expect(page.request({ type: 'play' })).rejects.toMatchObject(crashed);
  expect(page.notices[0]).toMatchObject({ type: 'error', error: crashed });
  await expect(page.request({ type: 'pause' })).rejects.toMatchObject(crashed);
});

test('a request that cannot be sent is rejected and leaves the session as it was', async () => {
  const page = new Page();
  const config = { ...diamond(), steps: (() => 1) as unknown as number };
  await expect(page.request({ type: 'open', config, resume: false })).rejects.toMatchObject({ name: 'DataCloneError' });
  await expect(page.request({ type: 'pause' })).resolves.toBeNull();
});

test('what waits is rejected when the session is ended', async () => {
  const page = new Page();
  const waiting = page.request({ type: 'exact', config: diamond() });
  page.terminate();
  await expect(waiting).rejects.toMatchObject({ name: 'Terminated' });
});

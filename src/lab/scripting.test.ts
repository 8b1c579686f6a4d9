import { describe, expect, it, vi } from 'vitest';
import type { ConfigInput } from '../training/config.ts';
import type { RunRecord } from '../training/records.ts';
import { FakeSession, fakeMemory, metrics, opened, TEST_PRESETS } from './fakeSession.fixture.ts';
import { type LabScripting, scriptingOf } from './scripting.ts';
import { createLab } from './store/createLab.ts';
import type { Lab } from './store/labState.ts';
import { readUrl } from './urlState.ts';

const CONFIG: ConfigInput = { version: 1, steps: 2, suites: [{ name: 'diamond' }] };

function scripted(answers: ConstructorParameters<typeof FakeSession>[0] = {}): {
  session: FakeSession;
  lab: Lab;
  script: LabScripting;
} {
  const session = new FakeSession({ record: () => record(session), ...answers });
  const lab = createLab({ session, presets: TEST_PRESETS, memory: fakeMemory(), url: readUrl('', TEST_PRESETS).state });
  return { session, lab, script: scriptingOf(lab, session) };
}

function record(session: FakeSession): RunRecord {
  const { config, device } = opened(CONFIG);
  const timing = { startedAt: '', seconds: 1, stepsPerSecond: 2 };
  const stopped = session.transport.includes('pause') ? 'cancelled' : 'finished';
  return {
    version: 1,
    config,
    device,
    steps: [],
    evaluations: [],
    references: [],
    library: [],
    events: [],
    timing,
    stopped,
  };
}

const phase = (session: FakeSession, name: 'running' | 'ready' | 'finished' | 'stopped') =>
  session.tell({ type: 'phase', phase: name, detail: '', progress: null });

describe('lab.run', () => {
  it('trains to the end and resolves with the record; the page shows the run', async () => {
    const { session, lab, script } = scripted();
    const running = script.run(CONFIG);
    await vi.waitFor(() => expect(session.transport).toContain('play'));
    phase(session, 'running');
    expect(lab.getState().run?.total).toBe(2);
    phase(session, 'finished');
    expect((await running).stopped).toBe('finished');
    expect(session.transport).toEqual(['open', 'play', 'record']);
  });

  it('is not ended by Pause on the page', async () => {
    const { session, script } = scripted();
    let over = false;
    const running = script.run(CONFIG).then(() => {
      over = true;
    });
    await vi.waitFor(() => expect(session.transport).toContain('play'));
    phase(session, 'running');
    phase(session, 'ready');
    await Promise.resolve();
    expect(over).toBe(false);
    phase(session, 'running');
    phase(session, 'finished');
    await running;
  });

  it('that is cancelled resolves with a record that says so', async () => {
    const { session, script } = scripted({
      pause: () => {
        phase(session, 'ready');
        return null;
      },
    });
    const running = script.run(CONFIG);
    await vi.waitFor(() => expect(session.transport).toContain('play'));
    phase(session, 'running');
    await script.cancel();
    expect((await running).stopped).toBe('cancelled');
  });

  it('whose checkpoint is already at the end resolves with what it holds', async () => {
    const { session, script } = scripted({
      open: ({ config }) => opened(config, { step: 2, steps: [metrics(1), metrics(2)] }),
      play: () => {
        throw Object.assign(new Error('The run has taken all of its 2 steps.'), { name: 'RunFinished' });
      },
    });
    await script.run(CONFIG, { resume: true });
    expect(session.transport).toEqual(['open', 'play', 'record']);
    expect(session.asked[0]).toMatchObject({ resume: true });
  });

  it('that an error stops still resolves with what there is', async () => {
    const { session, script } = scripted();
    const running = script.run(CONFIG);
    await vi.waitFor(() => expect(session.transport).toContain('play'));
    phase(session, 'running');
    phase(session, 'stopped');
    await running;
  });

  it('refuses a config that is not valid by the name of the field, and leaves the page as it was', async () => {
    const { session, lab, script } = scripted();
    const { draft } = lab.getState();
    const bad = { ...CONFIG, steps: 0 };
    await expect(script.run(bad)).rejects.toThrow(/steps holds 0/);
    await expect(script.run(bad)).rejects.toMatchObject({ name: 'BadConfig' });
    expect(session.asked).toEqual([]);
    expect(lab.getState().draft).toBe(draft);
  });

  it('cancels a run that goes on before it starts its own', async () => {
    const { session, script } = scripted({
      pause: () => {
        phase(session, 'ready');
        return null;
      },
    });
    const before = script.run(CONFIG);
    await vi.waitFor(() => expect(session.transport).toContain('play'));
    phase(session, 'running');
    const after = script.run(CONFIG);
    await before;
    await vi.waitFor(() => expect(session.transport.filter((type) => type === 'play')).toHaveLength(2));
    phase(session, 'finished');
    await after;
  });
});

it('lab.onStep hears every step until it is ended', async () => {
  const { session, lab, script } = scripted();
  await lab.getState().open(false);
  const heard: number[] = [];
  const stop = script.onStep((one) => heard.push(one.step));
  session.tell({ type: 'metrics', steps: [metrics(1), metrics(2)], stepsPerSecond: 1 });
  stop();
  session.tell({ type: 'metrics', steps: [metrics(3)], stepsPerSecond: 1 });
  expect(heard).toEqual([1, 2]);
});

import { describe, expect, it } from 'vitest';
import { mainRuns, type PlannedRun } from '../../experiments/spec.ts';
import type { Phase } from '../../session/protocol.ts';
import { FakeSession, metrics, opened } from '../fakeSession.fixture.ts';
import { recordOf, small } from './experiments.fixture.ts';
import { makeInSession, type RunStanding } from './makeInSession.ts';

const [run] = mainRuns(small(), []);
const never = new AbortController().signal;
const failure = (name: string): Error => Object.assign(new Error(`it is ${name}`), { name });

/** A session whose `play` and `close` do what the test says. */
class OneRun extends FakeSession {
  ended = 0;
  override terminate(): void {
    this.ended++;
  }
}

function sessionFor(answers: ConstructorParameters<typeof FakeSession>[0] = {}): OneRun {
  const session = new OneRun({
    open: ({ config }) => opened(config, { step: 5 }),
    play: () => {
      queueMicrotask(() => phase(session, 'finished'));
      return null;
    },
    record: () => recordOf(run),
    ...answers,
  });
  return session;
}

function phase(session: FakeSession, name: Phase): void {
  session.tell({ type: 'phase', phase: name, detail: '', progress: null });
}

function made(session: OneRun, signal: AbortSignal = never) {
  const standings: (RunStanding | null)[] = [];
  const onStanding = (_: PlannedRun, standing: RunStanding | null): void => {
    standings.push(standing);
  };
  return { standings, record: makeInSession({ start: () => session, onStanding, patience: 20 })(run, signal) };
}

describe('a run in a session of its own', () => {
  it('goes on from its checkpoint, tells how far it is, and ends the session with its record', async () => {
    const session: OneRun = sessionFor({
      play: () => {
        queueMicrotask(() => {
          phase(session, 'running');
          session.tell({ type: 'metrics', steps: [metrics(6), metrics(7)], stepsPerSecond: 1 });
          phase(session, 'evaluating');
          phase(session, 'finished');
        });
        return null;
      },
    });
    const { record, standings } = made(session);
    expect(await record).toEqual(recordOf(run));
    expect(session.asked).toEqual([
      { type: 'open', config: run.config, resume: true },
      { type: 'play' },
      { type: 'record' },
    ]);
    expect(standings.map((one) => one && `${one.step}/${one.steps} ${one.doing}`)).toEqual([
      '0/20 starting',
      '5/20 ',
      '5/20 ',
      '7/20 ',
      '7/20 evaluating',
      null,
    ]);
    expect(standings[1]?.device?.backend).toBe('cpu');
    expect(session.ended).toBe(1);
  });

  it('that had taken all its steps is not trained again', async () => {
    const session = sessionFor({
      play: () => {
        throw failure('RunFinished');
      },
    });
    expect(await made(session).record).toEqual(recordOf(run));
  });

  it('that an error stops has a record that says so', async () => {
    const session: OneRun = sessionFor({
      play: () => {
        queueMicrotask(() => phase(session, 'stopped'));
        return null;
      },
      record: () => ({ ...recordOf(run), stopped: { error: 'NonFinite: step 3' } }),
    });
    expect((await made(session).record).stopped).toEqual({ error: 'NonFinite: step 3' });
  });

  it('that cannot be opened rejects, and its session ends', async () => {
    const session = sessionFor({
      open: () => {
        throw failure('GraphTooLarge');
      },
    });
    const { record, standings } = made(session);
    await expect(record).rejects.toThrow('it is GraphTooLarge');
    expect(session.ended).toBe(1);
    expect(standings.at(-1)).toBeNull();
  });

  it('that is cancelled is closed, so that it keeps a checkpoint, before its session ends', async () => {
    const cancel = new AbortController();
    const session: OneRun = sessionFor({
      play: () => {
        queueMicrotask(() => cancel.abort());
        return null;
      },
      close: () => {
        expect(session.ended).toBe(0);
        return null;
      },
    });
    await expect(made(session, cancel.signal).record).rejects.toThrow(/aborted/);
    expect(session.transport).toEqual(['open', 'play', 'close']);
    expect(session.ended).toBe(1);
  });

  it('does not wait for ever for a session that does not answer a cancel', async () => {
    const cancel = new AbortController();
    const session = sessionFor();
    session.request = () => new Promise(() => {});
    const { record } = made(session, cancel.signal);
    cancel.abort();
    await expect(record).rejects.toBe(cancel.signal.reason);
    expect(session.ended).toBe(1);
  });

  it('is not begun where it was cancelled before', async () => {
    const session = sessionFor();
    await expect(made(session, AbortSignal.abort()).record).rejects.toThrow();
    expect(session.asked).toEqual([]);
  });
});

/** How a run of an experiment is made: by a session of its own, in a worker of its own, which ends with the run. */
import type { PlannedRun } from '../../experiments/spec.ts';
import type { DeviceInfo, RunRecord } from '../../training/records.ts';
import { begins } from '../store/begins.ts';
import type { Session } from '../store/session.ts';

/** How far a run is. */
export interface RunStanding {
  readonly step: number;
  readonly steps: number;
  /** What it does besides taking steps; empty while it takes them. */
  readonly doing: string;
  /** null until it is opened */
  readonly device: DeviceInfo | null;
}

export interface SessionMakeParts {
  /** A new session, with nothing open. */
  readonly start: () => Session;
  /** null: the run is under way no more */
  readonly onStanding: (run: PlannedRun, standing: RunStanding | null) => void;
  /** What a session has to keep a checkpoint after a cancel. */
  readonly patience?: number;
}

const PATIENCE_MILLISECONDS = 3000;

/**
 * Trains from the run's last checkpoint, or from step 0 where there is none. An abort ends it after the step in
 * progress, with a checkpoint, and rejects with the signal's reason.
 */
export function makeInSession({ start, onStanding, patience = PATIENCE_MILLISECONDS }: SessionMakeParts) {
  return async (run: PlannedRun, signal: AbortSignal): Promise<RunRecord> => {
    signal.throwIfAborted();
    const { steps } = run.config;
    let standing: RunStanding = { step: 0, steps, doing: 'starting', device: null };
    const tell = (change: Partial<RunStanding>): void => {
      standing = { ...standing, ...change };
      onStanding(run, standing);
    };
    tell({});
    const session = start();
    try {
      const training = train(session, run, tell);
      // Where the signal comes first, nobody waits for it any more.
      training.catch(() => {});
      return await Promise.race([training, aborted(signal)]);
    } catch (error) {
      if (signal.aborted) await closed(session, patience);
      throw error;
    } finally {
      session.terminate();
      onStanding(run, null);
    }
  };
}

async function train(
  session: Session,
  run: PlannedRun,
  tell: (change: Partial<RunStanding>) => void,
): Promise<RunRecord> {
  const over = new Promise<void>((resolve) => {
    session.onNotice((notice) => {
      if (notice.type === 'metrics') tell({ step: notice.steps.at(-1)?.step ?? 0, doing: '' });
      if (notice.type === 'device') tell({ device: notice.device });
      if (notice.type !== 'phase') return;
      if (notice.phase === 'compiling') tell({ doing: 'unfolding its tasks' });
      if (notice.phase === 'running') tell({ doing: '' });
      if (notice.phase === 'evaluating') tell({ doing: 'evaluating' });
      if (notice.phase === 'recovering') tell({ doing: 'asking for a new device' });
      if (notice.phase === 'finished' || notice.phase === 'stopped') resolve();
    });
  });
  const opened = await session.request({ type: 'open', config: run.config, resume: true });
  tell({ step: opened.step, doing: '', device: opened.device });
  if (await begins(session)) await over;
  return session.request({ type: 'record' });
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const give = (): void => reject(signal.reason);
    if (signal.aborted) give();
    else signal.addEventListener('abort', give, { once: true });
  });
}

/** Resolves when the session has kept what it has, or has not answered for too long. */
async function closed(session: Session, patience: number): Promise<void> {
  const answer = session.request({ type: 'close' }).catch(() => null);
  await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, patience))]);
}

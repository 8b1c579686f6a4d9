/** Every run that is finished, paused, or stopped by an error is put on the shelf; one that goes on replaces itself. */
import { runName } from '../runName.ts';
import { failureOf } from '../store/failures.ts';
import { isRunning, type Lab, type LabState } from '../store/labState.ts';
import { stepsDone } from '../store/runState.ts';
import type { Session } from '../store/session.ts';
import type { Shelf } from './shelf.ts';

export function keepRuns(lab: Lab, session: Session, shelf: Shelf): () => void {
  return lab.subscribe((state, before) => {
    if (stands(state) && !stands(before)) void keep(state);
  });

  async function keep({ run }: LabState): Promise<void> {
    if (run === null || stepsDone(run) === 0) return;
    try {
      const record = await session.request({ type: 'record' });
      // Another run may have been opened before the answer came.
      if (runName(record.config) === run.name && record.steps.length > 0) await shelf.getState().keep(record);
    } catch (error) {
      const { name, message } = failureOf(error);
      if (name !== 'Cancelled') lab.getState().tell('warning', `${run.name} was not kept: ${message}`);
    }
  }
}

/** Whether the session's run is at rest with what it has learned so far. */
function stands({ run, phase }: LabState): boolean {
  return run?.source === 'session' && !isRunning(phase) && phase !== 'compiling' && phase !== 'closed';
}

import { failureOf } from './failures.ts';
import type { Session } from './session.ts';

/** Whether training goes on from here; a run that was resumed may have taken all its steps. */
export async function begins(session: Session): Promise<boolean> {
  try {
    await session.request({ type: 'play' });
    return true;
  } catch (error) {
    if (failureOf(error).name === 'RunFinished') return false;
    throw error;
  }
}

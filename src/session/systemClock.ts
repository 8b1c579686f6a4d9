/** The clock of this machine. */
import type { Clock } from './run.ts';

export const systemClock: Clock = {
  now: () => performance.now(),
  date: () => new Date().toISOString(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      signal.addEventListener('abort', wake);
      if (signal.aborted) wake();
    }),
};

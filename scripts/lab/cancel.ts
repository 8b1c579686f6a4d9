/** Ctrl-C: asks once to stop in order, and ends at once when asked again. */

/** npm passes a terminal's Ctrl-C on although it already arrived, so an echo is not a second wish. */
const ECHO_MS = 500;

/** The exit status of a cancelled command. */
export const CANCELLED = 130;

/** A signal that aborts on SIGINT or SIGTERM. */
export function cancelOnInterrupt(): AbortSignal {
  const controller = new AbortController();
  let askedAt = 0;
  const ask = (): void => {
    if (!controller.signal.aborted) {
      askedAt = performance.now();
      controller.abort();
    } else if (performance.now() - askedAt > ECHO_MS) process.exit(CANCELLED);
  };
  process.on('SIGINT', ask);
  process.on('SIGTERM', ask);
  return controller.signal;
}

/** The inside of a sandbox's thread, in a page or in Node. */
import { DEFAULT_LIMITS } from './limits.ts';
import { runSnippet } from './runSnippet.ts';
import type { FromThread, ToThread } from './threadProtocol.ts';

/** @returns what to do with each message */
export function serveRuns(post: (message: FromThread) => void): (message: ToThread) => void {
  let program: WebAssembly.Module | undefined;
  const fail = (error: unknown): void => post({ type: 'failed', reason: String(error) });
  return (message) => {
    if (message.type === 'program') {
      program = message.program;
      // A first run loads what is loaded once, so that no snippet's time goes there.
      runSnippet(program, '0', DEFAULT_LIMITS).then(() => {
        post({ type: 'ready' });
      }, fail);
    } else if (program === undefined) fail('It was sent a snippet before its interpreter.');
    else runSnippet(program, message.code, message.limits).then((result) => post({ type: 'result', result }), fail);
  };
}

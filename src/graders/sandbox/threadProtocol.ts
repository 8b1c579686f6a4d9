/** What a sandbox and its thread say to each other, and what starts a thread. */
import type { SandboxLimits, SandboxResult } from './limits.ts';

/** The first message is the compiled interpreter; each later one is a run, sent after the answer to the one before. */
export type ToThread =
  | { readonly type: 'program'; readonly program: WebAssembly.Module }
  | { readonly type: 'run'; readonly code: string; readonly limits: SandboxLimits };

export type FromThread =
  | { readonly type: 'ready' }
  | { readonly type: 'result'; readonly result: SandboxResult }
  /** Not the snippet's doing. */
  | { readonly type: 'failed'; readonly reason: string };

/** A thread that runs snippets (`serveRuns.ts`). */
export interface SandboxThread {
  post(message: ToThread): void;
  /** Ends it, whatever it is doing. */
  end(): void;
}

/** What a platform gives: a page its workers, Node its worker threads (`scripts/lab/nodeSandbox.ts`). */
export interface SandboxHost {
  /** The interpreter, compiled once. */
  program(): Promise<WebAssembly.Module>;
  /** @param onBroken called where the thread could not start or died of itself, with the reason */
  start(onMessage: (message: FromThread) => void, onBroken: (reason: string) => void): SandboxThread;
}

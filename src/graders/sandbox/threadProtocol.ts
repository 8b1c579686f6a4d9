/** What a sandbox and its thread say to each other. */
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

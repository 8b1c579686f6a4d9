/**
 * Where code that a model wrote runs: QuickJS in a thread of its own, with limits on fuel, memory, output and time.
 * It reaches nothing but `print` and `console`: no network, no imports, no clock, no chance. Equal code and limits give
 * equal results on every machine, unless the backstop `wallMs` ends the run.
 */

import { resolveLimits, type SandboxLimits, type SandboxResult } from './limits.ts';
import { pageHost } from './pageHost.ts';
import type { SandboxHost, SandboxThread } from './threadProtocol.ts';

/** The sandbox itself does not work: not the fault of any snippet. */
export class SandboxUnavailable extends Error {
  override readonly name = 'SandboxUnavailable';
}

export interface Sandbox {
  /**
   * Runs a snippet, after those handed in before it. It is a script in sloppy mode, without `import`, `await` or
   * `return` at the top; its value is that of its last statement that has one.
   * @param code JavaScript, at most `MOST_CODE` UTF-16 units
   * @param limits those left out are `DEFAULT_LIMITS`
   * @returns a value or a failure of a named kind, whatever the snippet does
   * @throws RangeError for a limit out of its range; SandboxUnavailable where the thread cannot be started or was closed
   */
  run(code: string, limits?: Partial<SandboxLimits>): Promise<SandboxResult>;
  /** Ends the thread. Runs that wait and later ones are refused. */
  close(): void;
}

/**
 * Loads the interpreter and starts its thread.
 * @throws SandboxUnavailable where one of them cannot be had
 */
export async function createSandbox(host: SandboxHost = pageHost): Promise<Sandbox> {
  let program: WebAssembly.Module;
  try {
    program = await host.program();
  } catch (error) {
    throw unavailable(
      `its interpreter could not be loaded (${error instanceof Error ? error.message : String(error)})`,
    );
  }
  const sandbox = new ThreadSandbox(host, program);
  await sandbox.ready();
  return sandbox;
}

type Settled =
  | { readonly type: 'result'; readonly result: SandboxResult }
  /** The thread is gone; a snippet may have broken it. */
  | { readonly type: 'broken'; readonly reason: string }
  | { readonly type: 'timed-out' };

/** A thread from its start to its end. */
class Life {
  readonly ready: Promise<void>;
  readonly #thread: SandboxThread | undefined;
  #settle: (settled: Settled) => void = () => {};
  #broken: string | null = null;

  constructor(host: SandboxHost, program: WebAssembly.Module) {
    let onReady = (): void => {};
    let onUnready = (_: unknown): void => {};
    this.ready = new Promise((resolve, reject) => {
      onReady = resolve;
      onUnready = reject;
    });
    // Whoever waits for it hears of it; nobody may.
    this.ready.catch(() => {});
    const onBroken = (reason: string): void => {
      this.#broken = reason;
      onUnready(unavailable(reason));
      this.#settle({ type: 'broken', reason });
    };
    try {
      this.#thread = host.start((message) => {
        if (message.type === 'ready') onReady();
        else if (message.type === 'failed') onBroken(message.reason);
        else this.#settle(message);
      }, onBroken);
      this.#thread.post({ type: 'program', program });
    } catch (error) {
      onBroken(error instanceof Error ? error.message : String(error));
    }
  }

  /** One run at a time. */
  async run(code: string, limits: SandboxLimits): Promise<Settled> {
    await this.ready;
    return new Promise((resolve) => {
      const timer = setTimeout(() => settle({ type: 'timed-out' }), limits.wallMs);
      const settle = (settled: Settled): void => {
        clearTimeout(timer);
        this.#settle = () => {};
        resolve(settled);
      };
      if (this.#broken !== null) settle({ type: 'broken', reason: this.#broken });
      else {
        this.#settle = settle;
        this.#thread?.post({ type: 'run', code, limits });
      }
    });
  }

  end(reason: string): void {
    this.#thread?.end();
    this.#broken ??= reason;
    this.#settle({ type: 'broken', reason });
  }
}

class ThreadSandbox implements Sandbox {
  readonly #host: SandboxHost;
  readonly #program: WebAssembly.Module;
  #life: Life;
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(host: SandboxHost, program: WebAssembly.Module) {
    this.#host = host;
    this.#program = program;
    this.#life = new Life(host, program);
  }

  ready(): Promise<void> {
    return this.#life.ready;
  }

  async run(code: string, limits: Partial<SandboxLimits> = {}): Promise<SandboxResult> {
    const resolved = resolveLimits(limits);
    const result = this.#last.then(() => this.#runNext(code, resolved));
    this.#last = result.catch(() => {});
    return result;
  }

  close(): void {
    this.#closed = true;
    this.#life.end('closed');
  }

  async #runNext(code: string, limits: SandboxLimits): Promise<SandboxResult> {
    if (this.#closed) throw unavailable('it was closed');
    const settled = await this.#life.run(code, limits);
    if (settled.type === 'result') return settled.result;
    if (this.#closed) throw unavailable('it was closed');
    this.#life.end('replaced');
    this.#life = new Life(this.#host, this.#program);
    const gone = { printed: '', fuelUsed: null };
    return settled.type === 'timed-out'
      ? {
          kind: 'timed-out',
          message: `The code was ended after ${limits.wallMs} ms: it spends its time inside a built-in, or this machine is busy.`,
          ...gone,
        }
      : { kind: 'crashed', message: `The worker of the code broke (${settled.reason}).`, ...gone };
  }
}

function unavailable(reason: string): SandboxUnavailable {
  return new SandboxUnavailable(`Code cannot be run in the sandbox: ${reason}. Reload the page or start again.`);
}

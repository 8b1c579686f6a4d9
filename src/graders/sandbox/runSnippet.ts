/**
 * One snippet in one interpreter: QuickJS (the ng branch) as WebAssembly, made anew for every run and thrown away after
 * it. So nothing is left from run to run, memory is laid out equally each time, and an interpreter that broke is gone.
 *
 * The cap on memory is that of the WebAssembly memory itself. QuickJS's own count of bytes misses small blocks in
 * builds by Emscripten (quickjs-emscripten, issue 255) and is not used.
 */
import variant from '@jitl/quickjs-ng-wasmfile-release-sync';
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
} from 'quickjs-emscripten-core';
import {
  LEAST_MEMORY,
  MOST_CODE,
  type SandboxFailure,
  type SandboxFailureKind,
  type SandboxLimits,
  type SandboxResult,
} from './limits.ts';
import prelude from './prelude.js?raw';

const PAGE = 65_536;
const FILE = 'snippet.js';
/**
 * Bytes of the interpreter's stack: some 800 nested calls. Browsers give workers a native stack of about 500 KB, of
 * which a nested call takes up to four times as much, and it is the interpreter's that is to end first: it is counted
 * equally everywhere.
 */
const STACK_BYTES = 128 * 1024;
const JOBS_PER_FUEL = 100;
/** Held during the run and let go of after it, so that there is memory left to say that there was none. */
const RESERVE_BYTES = 256 * 1024;
const TOO_DEEP = 'Maximum call stack size exceeded';

/** Why the rest of the run does not matter any more. */
type Stop = 'out-of-fuel' | 'too-much-output';

/**
 * Runs a snippet to its end or to a limit, `wallMs` aside: that is for whoever can end this thread.
 * @param program the interpreter, compiled
 * @returns never throws for what a snippet does
 */
export async function runSnippet(
  program: WebAssembly.Module,
  code: string,
  limits: SandboxLimits,
): Promise<SandboxResult> {
  if (code.length > MOST_CODE)
    return {
      kind: 'syntax-error',
      message: `The code has ${code.length} characters, and at most ${MOST_CODE} are run. Write a shorter program.`,
      printed: '',
      fuelUsed: 0,
    };
  const memory = new CappedMemory(limits.memoryBytes);
  const quickJs = await newQuickJSWASMModuleFromVariant(
    newVariant(variant, {
      wasmModule: program,
      wasmMemory: memory.wasm,
    }),
  );
  const run = new Run(quickJs.newRuntime(), memory, limits);
  try {
    return run.execute(code);
  } catch (error) {
    return run.broke(error);
  }
}

/** The interpreter's memory, and whether it was last refused more of it. */
class CappedMemory {
  readonly wasm: WebAssembly.Memory;
  refused = false;

  constructor(bytes: number) {
    const wasm = new WebAssembly.Memory({ initial: LEAST_MEMORY / PAGE, maximum: Math.ceil(bytes / PAGE) });
    const grow = wasm.grow.bind(wasm);
    // Its loader asks for more than it needs first, and for less where that fails.
    wasm.grow = (pages) => {
      this.refused = true;
      const before = grow(pages);
      this.refused = false;
      return before;
    };
    this.wasm = wasm;
  }
}

class Run {
  readonly #runtime: QuickJSRuntime;
  readonly #memory: CappedMemory;
  readonly #limits: SandboxLimits;
  #fuelUsed = 0;
  #stop: Stop | null = null;
  #printed = '';

  constructor(runtime: QuickJSRuntime, memory: CappedMemory, limits: SandboxLimits) {
    this.#runtime = runtime;
    this.#memory = memory;
    this.#limits = limits;
    runtime.setMaxStackSize(STACK_BYTES);
  }

  execute(code: string): SandboxResult {
    const context = this.#runtime.newContext();
    const { show, tell } = this.#prepare(context);
    const reserve = context.newArrayBuffer(new ArrayBuffer(RESERVE_BYTES));
    this.#runtime.setInterruptHandler(() => this.#burn(1));

    const compiled = context.evalCode(code, FILE, { type: 'global', compileOnly: true });
    if (compiled.error !== undefined) {
      reserve.dispose();
      return this.#failed(context, tell, compiled.error, 'syntax-error');
    }
    compiled.value.dispose();

    let outcome = context.evalCode(code, FILE, { type: 'global' });
    if (outcome.error === undefined) {
      const failure = this.#finishJobs();
      if (failure !== null) {
        reserve.dispose();
        return this.#failed(context, tell, failure, 'exception');
      }
    }
    reserve.dispose();
    if (outcome.error !== undefined) return this.#failed(context, tell, outcome.error, 'exception');
    const early = this.#ended();
    if (early !== null) return early;

    let { value } = outcome;
    const state = context.getPromiseState(value);
    if (state.type === 'pending')
      return this.#failure(
        'unsettled',
        'The code ended with a promise that nothing settles. There are no timers and no network to wait for.',
      );
    if (state.type === 'rejected') return this.#failed(context, tell, state.error, 'exception');
    if (state.notAPromise !== true) value = state.value;
    if (context.typeof(value) === 'undefined') return this.#value(null);

    outcome = context.callFunction(show, context.undefined, value);
    if (outcome.error !== undefined) return this.#failed(context, tell, outcome.error, 'exception');
    const late = this.#ended();
    if (late !== null) return late;
    const text = context.getString(outcome.value);
    return text.length > this.#limits.outputChars ? this.#stopped('too-much-output') : this.#value(text);
  }

  /** The failure that an exception of the host stands for. */
  broke(error: unknown): SandboxFailure {
    const ended = this.#ended();
    if (ended !== null) return ended;
    // The native stack ended before the interpreter's.
    if (error instanceof RangeError && error.message === TOO_DEEP) return this.#tooDeep();
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return this.#failure('crashed', `The interpreter broke (${reason.slice(0, 200)}). The code asked too much of it.`);
  }

  #prepare(context: QuickJSContext): { readonly show: QuickJSHandle; readonly tell: QuickJSHandle } {
    const { outputChars } = this.#limits;
    const emit = context.newFunction('emit', (text) => {
      if (this.#stop !== null) return;
      this.#printed += context.getString(text);
      if (this.#printed.length <= outputChars) return;
      this.#printed = this.#printed.slice(0, outputChars);
      this.#stop = 'too-much-output';
    });
    const made = context
      .unwrapResult(context.evalCode(prelude, 'prelude.js', { type: 'global' }))
      .consume((start) =>
        context.unwrapResult(context.callFunction(start, context.undefined, emit, context.newNumber(outputChars))),
      );
    return { show: context.getProp(made, 'show'), tell: context.getProp(made, 'tell') };
  }

  /** @returns whether the interpreter is to stop */
  #burn(fuel: number): boolean {
    if (this.#stop !== null) return true;
    this.#fuelUsed += fuel;
    if (this.#fuelUsed <= this.#limits.fuel) return false;
    this.#fuelUsed = this.#limits.fuel;
    this.#stop = 'out-of-fuel';
    return true;
  }

  /** Runs what promises left to do. @returns what a job threw */
  #finishJobs(): QuickJSHandle | null {
    while (this.#stop === null && this.#runtime.hasPendingJob()) {
      const done = this.#runtime.executePendingJobs(JOBS_PER_FUEL);
      if (done.error !== undefined) return done.error;
      if (done.value === JOBS_PER_FUEL) this.#burn(1);
    }
    return null;
  }

  /** @param kind what it is unless the error itself or what was used up says otherwise */
  #failed(
    context: QuickJSContext,
    tell: QuickJSHandle,
    error: QuickJSHandle,
    kind: 'syntax-error' | 'exception',
  ): SandboxFailure {
    const early = this.#ended();
    if (early !== null) return early;
    const told = context.callFunction(tell, context.undefined, error);
    const late = this.#ended();
    if (late !== null) return late;
    if (told.error !== undefined)
      return this.#memory.refused
        ? this.#outOfMemory()
        : this.#failure(kind, 'The code threw an error that cannot be put into words: reading it throws again.');
    const [name, line, ...rest] = context.getString(told.value).split('\n');
    const message = cut(rest.join('\n'), 500);
    if (name === 'InternalError' && message === 'out of memory') return this.#outOfMemory();
    // What the interpreter throws where there is no memory for an error.
    if (name === '' && message === 'null' && this.#memory.refused) return this.#outOfMemory();
    if (name === 'RangeError' && message === TOO_DEEP) return this.#tooDeep();
    if (name === '') return this.#failure(kind, `The code threw ${message}, which is no error.`);
    const where = line === '' ? '' : ` on line ${line}`;
    return this.#failure(kind, message === '' ? `${name}${where}, without a message.` : `${name}${where}: ${message}`);
  }

  #ended(): SandboxFailure | null {
    return this.#stop === null ? null : this.#stopped(this.#stop);
  }

  #stopped(stop: Stop): SandboxFailure {
    const { fuel, outputChars } = this.#limits;
    return stop === 'out-of-fuel'
      ? this.#failure(stop, `The code ran out of fuel after ${fuel} units: it loops for ever, or does too much.`)
      : this.#failure(stop, `The code gave more than ${outputChars} characters. Print or return less.`);
  }

  #outOfMemory(): SandboxFailure {
    const mebibytes = Math.round(this.#limits.memoryBytes / 1024 / 1024);
    return this.#failure('out-of-memory', `The code needs more than the ${mebibytes} MiB that it may use.`);
  }

  #tooDeep(): SandboxFailure {
    return this.#failure('too-deep', 'Calls or brackets are nested too deep: some 800 calls fit. Use a loop.');
  }

  #failure(kind: SandboxFailureKind, message: string): SandboxFailure {
    return { kind, message, printed: this.#printed, fuelUsed: this.#fuelUsed };
  }

  #value(value: string | null): SandboxResult {
    return { kind: 'value', value, printed: this.#printed, fuelUsed: this.#fuelUsed };
  }
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

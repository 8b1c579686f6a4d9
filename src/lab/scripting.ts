/**
 * The way in for scripts, `globalThis.lab`. It drives the same session as the page, and the page
 * follows it.
 */
import type { ConfigInput } from '../training/config.ts';
import type { RunExport } from '../training/exportRun.ts';
import type { ExactRecord, RunRecord, StepMetrics } from '../training/records.ts';
import { resolveConfig } from '../training/resolve.ts';
import { draftOf } from './settings/draft.ts';
import { begins } from './store/begins.ts';
import { isRunning, type Lab, type LabState } from './store/labState.ts';
import type { Session } from './store/session.ts';

export interface LabScripting {
  /**
   * Trains a config to its end and resolves with its record; its `stopped` says whether the run was
   * finished, cancelled or stopped by an error. With `resume`, goes on from the checkpoint of that
   * config. A run that already goes on is cancelled first.
   * @throws BadConfig for a config that cannot be run, Cancelled where the run was given up before it was made;
   * what the page showed before stays
   */
  run(config: ConfigInput, options?: { readonly resume?: boolean }): Promise<RunRecord>;
  /** Calls `listener` with the metrics of every training step until the returned function is called. */
  onStep(listener: (metrics: StepMetrics) => void): () => void;
  /** The answer key of a config's tasks; trains nothing. */
  exact(config: ConfigInput): Promise<ExactRecord>;
  /** The present run's checkpoint as a safetensors file. */
  export(): Promise<Uint8Array>;
  /** The network of the present run as models of ONNX, run and compared with the lab. */
  exportOnnx(): Promise<RunExport>;
  /** Resolves when the present run has stopped; the promise of `run` then resolves with what there is. */
  cancel(): Promise<void>;
}

export function scriptingOf(lab: Lab, session: Session): LabScripting {
  const cancelling = new Set<() => void>();

  /** Resolves when training is over, or was cancelled. Pause and Play on the page do not end it. */
  function ended(): Promise<void> {
    return new Promise((resolve) => {
      function finish(): void {
        stop();
        cancelling.delete(finish);
        resolve();
      }
      const stop = lab.subscribe((state) => {
        if (isOver(state)) finish();
      });
      cancelling.add(finish);
      if (isOver(lab.getState())) finish();
    });
  }

  async function cancel(): Promise<void> {
    await lab.getState().cancel();
    await standstill(lab);
    for (const finish of cancelling) finish();
  }

  return {
    async run(config, { resume = false } = {}) {
      resolveConfig(config);
      await cancel();
      lab.getState().setSettings(null, draftOf(config));
      await lab.getState().open(resume);
      if (await begins(session)) await ended();
      return session.request({ type: 'record' });
    },
    onStep: (listener) => lab.getState().onStep(listener),
    exact: (config) => session.request({ type: 'exact', config }),
    export: () => session.request({ type: 'export' }),
    exportOnnx: () => session.request({ type: 'onnx' }),
    cancel,
  };
}

/** Resolves when nothing is being trained. */
function standstill(lab: Lab): Promise<void> {
  return new Promise((resolve) => {
    if (!isRunning(lab.getState().phase)) return resolve();
    const stop = lab.subscribe((state) => {
      if (isRunning(state.phase)) return;
      stop();
      resolve();
    });
  });
}

function isOver(state: LabState): boolean {
  return state.phase === 'finished' || state.phase === 'stopped' || state.phase === 'closed';
}

/** Puts the scripting interface on a global object. */
export function offerScripting(target: typeof globalThis, lab: Lab, session: Session): void {
  Object.defineProperty(target, 'lab', { value: scriptingOf(lab, session), configurable: true });
}

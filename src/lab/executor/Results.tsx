/** Where results are kept, and forgetting them. */
import { type ReactNode, useState } from 'react';
import { useLab } from '../context.ts';
import type { LiveExecutor } from '../store/runState.ts';

export function Results({ executor: { results } }: { readonly executor: LiveExecutor }): ReactNode {
  const forgetResults = useLab((state) => state.forgetResults);
  const [state, setState] = useState<'shown' | 'asking' | 'done'>('shown');

  async function forget(): Promise<void> {
    setState((await forgetResults()) ? 'done' : 'shown');
  }

  return (
    <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-soft">
      <span>{results.reason} A step that was asked before, in any run, is not asked again.</span>
      {state === 'shown' && (
        <button type="button" className="button" onClick={() => setState('asking')}>
          Forget results
        </button>
      )}
      {state === 'asking' && (
        <span role="alertdialog" aria-label="Forget results" className="flex flex-wrap items-center gap-2">
          <span>All that this model answered, in all runs of this browser? Runs made again then ask again.</span>
          <button type="button" className="button text-minus" onClick={() => void forget()}>
            Forget
          </button>
          <button type="button" className="button" onClick={() => setState('shown')}>
            Keep
          </button>
        </span>
      )}
      {state === 'done' && (
        <span role="status">Forgotten. What this run has used it keeps until it is opened again.</span>
      )}
    </p>
  );
}

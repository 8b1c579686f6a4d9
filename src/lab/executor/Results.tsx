/** Where results are kept, and forgetting them. */
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useLab } from '../context.ts';
import type { LiveExecutor } from '../store/runState.ts';

export function Results({ executor: { results } }: { readonly executor: LiveExecutor }): ReactNode {
  const forgetResults = useLab((state) => state.forgetResults);
  const [state, setState] = useState<'shown' | 'asking' | 'done'>('shown');

  // What is pressed goes away: the focus goes to what takes its place, and to the careful answer first.
  const next = useRef<HTMLElement>(null);
  const wasPressed = useRef(false);
  useEffect(() => {
    if (wasPressed.current) next.current?.focus();
    wasPressed.current = state !== 'shown';
  }, [state]);

  function ask(): void {
    wasPressed.current = true;
    setState('asking');
  }

  async function forget(): Promise<void> {
    setState((await forgetResults()) ? 'done' : 'shown');
  }

  return (
    <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-soft">
      <span>{results.reason} A step that was asked before, in any run, is not asked again.</span>
      {state === 'shown' && (
        <button
          ref={(button) => {
            next.current = button;
          }}
          type="button"
          className="button"
          onClick={ask}
        >
          Forget results
        </button>
      )}
      {state === 'asking' && (
        <span
          role="alertdialog"
          aria-label="Forget results"
          className="flex flex-wrap items-center gap-2"
          onKeyDown={({ key }) => {
            if (key === 'Escape') setState('shown');
          }}
        >
          <span>All that this model answered, in all runs of this browser? Runs made again then ask again.</span>
          <button type="button" className="button text-minus" onClick={() => void forget()}>
            Forget
          </button>
          <button
            ref={(button) => {
              next.current = button;
            }}
            type="button"
            className="button"
            onClick={() => setState('shown')}
          >
            Keep
          </button>
        </span>
      )}
      {state === 'done' && (
        <span
          ref={(words) => {
            next.current = words;
          }}
          role="status"
          tabIndex={-1}
        >
          Forgotten. What this run has used it keeps until it is opened again.
        </span>
      )}
    </p>
  );
}

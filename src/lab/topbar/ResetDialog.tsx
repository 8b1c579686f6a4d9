/** Asks before a run and its checkpoint are given up. */
import { type ReactNode, useEffect, useRef } from 'react';
import { useLab } from '../context.ts';
import { stepsDone } from '../store/runState.ts';

export function ResetDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const name = useLab((state) => state.run?.name ?? '');
  const step = useLab((state) => (state.run === null ? 0 : stepsDone(state.run)));
  const reset = useLab((state) => state.reset);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby="reset-title"
      className="m-auto max-w-md rounded-[10px] border border-edge bg-panel p-4 text-ink backdrop:bg-black/40"
      onClose={(event) => {
        const confirmed = event.currentTarget.returnValue === 'reset';
        onClose();
        if (confirmed) void reset();
      }}
    >
      <form method="dialog">
        <h2 id="reset-title" className="font-semibold">
          Back to step 0?
        </h2>
        <p className="mt-1 text-soft">
          {name} has taken {step.toLocaleString('en')} steps. They and the checkpoint go; the settings stay.
        </p>
        <div className="mt-3 flex justify-end gap-2">
          <button type="submit" className="button" value="keep">
            Keep it
          </button>
          <button type="submit" className="button border-minus font-semibold text-minus" value="reset">
            Reset
          </button>
        </div>
      </form>
    </dialog>
  );
}

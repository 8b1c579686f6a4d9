/** Asks before the runs of an experiment are given up. */
import { type ReactNode, useEffect, useRef } from 'react';
import type { Entry } from './experimentsStore.ts';
import { useExperiments } from './slot.ts';

interface DiscardDialogProps {
  readonly entry: Entry;
  readonly kept: number;
  readonly onClose: () => void;
}

export function DiscardDialog({ entry, kept, onClose }: DiscardDialogProps): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const discard = useExperiments((state) => state.discard);
  useEffect(() => dialog.current?.showModal(), []);
  const { title } = entry.experiment;
  const runs = kept === 0 ? '' : kept === 1 ? 'its run' : `its ${kept} runs`;
  return (
    <dialog
      ref={dialog}
      aria-labelledby="discard-title"
      className="m-auto max-w-md rounded-[10px] border border-edge bg-panel p-4 text-ink backdrop:bg-black/40"
      onClose={(event) => {
        const confirmed = event.currentTarget.returnValue === 'discard';
        onClose();
        if (confirmed) void discard(entry.key);
      }}
    >
      <form method="dialog">
        <h2 id="discard-title" className="font-semibold">
          Discard {entry.origin === 'lab' ? `${runs} of ${title}` : title}?
        </h2>
        <p className="mt-1 text-soft">
          {entry.origin === 'file' &&
            `The experiment goes from this page${runs === '' ? '' : `, and ${runs} with it`}. `}
          {kept > 0 &&
            'They go from this browser with their checkpoints and cannot be brought back; another experiment that shares some of them makes those again. Save the results first if you need them.'}
        </p>
        <div className="mt-3 flex justify-end gap-2">
          <button type="submit" className="button" value="keep">
            Keep {kept === 1 || entry.origin === 'file' ? 'it' : 'them'}
          </button>
          <button type="submit" className="button border-minus font-semibold text-minus" value="discard">
            Discard
          </button>
        </div>
      </form>
    </dialog>
  );
}

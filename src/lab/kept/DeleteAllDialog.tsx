/** Asks before all kept runs are given up. */
import { type ReactNode, useEffect, useRef } from 'react';
import { useShelf } from '../context.ts';

export function DeleteAllDialog({
  count,
  onClose,
}: {
  readonly count: number;
  readonly onClose: () => void;
}): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const deleteAll = useShelf((state) => state.deleteAll);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby="delete-all-title"
      className="m-auto max-w-md rounded-[10px] border border-edge bg-panel p-4 text-ink backdrop:bg-black/40"
      onClose={(event) => {
        const confirmed = event.currentTarget.returnValue === 'delete';
        onClose();
        if (confirmed) void deleteAll();
      }}
    >
      <form method="dialog">
        <h2 id="delete-all-title" className="font-semibold">
          Delete {count === 1 ? 'the kept run' : `all ${count} kept runs`}?
        </h2>
        <p className="mt-1 text-soft">
          They go from this browser and cannot be brought back. Export those you need first. The recorded run stays.
        </p>
        <div className="mt-3 flex justify-end gap-2">
          <button type="submit" className="button" value="keep">
            Keep them
          </button>
          <button type="submit" className="button border-minus font-semibold text-minus" value="delete">
            Delete
          </button>
        </div>
      </form>
    </dialog>
  );
}

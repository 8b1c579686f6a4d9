import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react';
import { useShelf } from '../context.ts';
import { LineKey } from '../curves/LineKey.tsx';
import type { Mark } from '../curves/marks.ts';
import { type KeptRun, LONGEST_NAME, runWords } from './keptRun.ts';
import { exported } from './shelf.ts';

interface KeptRunRowProps {
  readonly run: KeptRun;
  /** How its line is drawn; undefined while it is not in the plots. */
  readonly mark: Mark | undefined;
  readonly chosen: boolean;
  readonly onChoose: (chosen: boolean) => void;
  readonly onPoint: (on: boolean) => void;
}

export function KeptRunRow({ run, mark, chosen, onChoose, onPoint }: KeptRunRowProps): ReactNode {
  const [renaming, setRenaming] = useState(false);
  const renameButton = useRef<HTMLButtonElement>(null);
  const remove = useShelf((state) => state.delete);
  const box = useId();
  const own = run.origin !== 'recorded';

  function endRenaming(): void {
    setRenaming(false);
    setTimeout(() => renameButton.current?.focus());
  }

  return (
    <li
      className="flex items-start gap-2 border-line px-2 py-1 not-first:border-t"
      onPointerEnter={() => onPoint(true)}
      onPointerLeave={() => onPoint(false)}
    >
      <input
        id={box}
        type="checkbox"
        className="mt-1 accent-flow"
        checked={chosen}
        onChange={(event) => onChoose(event.target.checked)}
      />
      <div className="min-w-0 flex-1">
        <div className="flex items-center">
          <div className="min-w-0 flex-1">
            {renaming ? (
              <NameField run={run} onDone={endRenaming} />
            ) : (
              <label htmlFor={box} className="flex items-center">
                {mark !== undefined && <LineKey line={{ style: 'compared', mark }} />}
                <span className="min-w-0 truncate font-medium">{run.name}</span>
              </label>
            )}
          </div>
          {own && !renaming && (
            <IconButton
              label={`Rename ${run.name}`}
              icon="✎"
              innerRef={renameButton}
              onClick={() => setRenaming(true)}
            />
          )}
          <IconButton label={`Export ${run.name} as run.json`} icon="⤓" onClick={() => download(run)} />
          {own && <IconButton label={`Delete ${run.name}`} icon="✕" onClick={() => void remove(run.id)} />}
        </div>
        <p className="text-[0.92em] leading-tight text-soft">{runWords(run)}</p>
      </div>
    </li>
  );
}

function NameField({ run, onDone }: { readonly run: KeptRun; readonly onDone: () => void }): ReactNode {
  const rename = useShelf((state) => state.rename);
  const [name, setName] = useState(run.name);

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>): void {
    if (event.key === 'Enter') void rename(run.id, name);
    if (event.key === 'Enter' || event.key === 'Escape') onDone();
  }

  return (
    <input
      className="control w-full"
      aria-label={`New name of ${run.name}`}
      ref={(field) => field?.focus()}
      maxLength={LONGEST_NAME}
      value={name}
      onChange={(event) => setName(event.target.value)}
      onKeyDown={onKeyDown}
      onBlur={onDone}
    />
  );
}

interface IconButtonProps {
  readonly label: string;
  readonly icon: string;
  readonly onClick: () => void;
  readonly innerRef?: React.Ref<HTMLButtonElement>;
}

function IconButton({ label, icon, onClick, innerRef }: IconButtonProps): ReactNode {
  return (
    <button
      type="button"
      ref={innerRef}
      className="size-6 rounded text-soft hover:bg-flow-soft hover:text-ink"
      aria-label={label}
      title={label}
      onClick={onClick}
    >
      <span aria-hidden="true">{icon}</span>
    </button>
  );
}

function download(run: KeptRun): void {
  const { name, text } = exported(run);
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

/** A file of the device whose text becomes a setting: picked or dropped, read at once, used if nothing is wrong with it. */
import { type DragEvent, type ReactNode, useId, useRef, useState } from 'react';
import { bytesOf, MOST_FAULTS } from '../../worlds/ownTasks/textFile.ts';
import { useLab } from '../context.ts';
import { fileSize } from '../format.ts';
import { labelOf } from './labels.ts';

interface OwnFileProps {
  /** The setting. */
  readonly path: string;
  /** Ends of names that the picker offers; any file may be dropped. */
  readonly accept: string;
  readonly mostBytes: number;
  /** Differs from the last run. */
  readonly changed: boolean;
  /** What the setting holds; null where it holds nothing of one's own. */
  readonly text: string | null;
  /** What is in the file that is used, after its name. */
  readonly about: string;
  /** What holds without a file of one's own. */
  readonly otherwise: string;
  /** Names the way back to that. */
  readonly without: string;
  /** What is wrong with a file, a line each; nothing where it can be used. */
  faultsOf(bytes: Uint8Array): readonly string[];
  /** Null for the way back. */
  onText(text: string | null): void;
}

export function OwnFile(props: OwnFileProps): ReactNode {
  const { path, accept, mostBytes, changed, text, about, otherwise, without, faultsOf, onText } = props;
  const wrong = useLab((state) => state.errors.flatMap((one) => (one.path === path ? [one.message] : [])).join('\n'));
  const [refused, setRefused] = useState<readonly string[]>([]);
  const [chosen, setChosen] = useState<{ readonly name: string; readonly text: string } | null>(null);
  const [over, setOver] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const latest = useRef<File | null>(null);
  const id = useId();
  const { name: label, help } = labelOf(path);

  async function choose(file: File): Promise<void> {
    latest.current = file;
    const faults: string[] = [];
    let read = '';
    if (file.size > mostBytes) {
      faults.push(
        `${file.name} has ${file.size.toLocaleString('en')} bytes; at most ${mostBytes.toLocaleString('en')} are read.`,
      );
    } else {
      try {
        const bytes = new Uint8Array(await file.arrayBuffer());
        faults.push(...faultsOf(bytes));
        // They scroll where they are many, so they are counted.
        const first = faults.length === MOST_FAULTS ? 'first ' : '';
        const count = faults.length > 1 ? ` (${first}${faults.length} faults)` : '';
        if (faults.length > 0) faults.unshift(`${file.name} is not used${count}:`);
        read = new TextDecoder().decode(bytes);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        faults.push(`${file.name} cannot be read (${reason}); choose it again.`);
      }
    }
    // Another may have been chosen meanwhile.
    if (latest.current !== file) return;
    setRefused(faults);
    if (faults.length > 0) return;
    setChosen({ name: file.name, text: read });
    onText(read);
  }

  function drop(event: DragEvent): void {
    event.preventDefault();
    setOver(false);
    const [file, ...others] = event.dataTransfer.files;
    if (others.length > 0) {
      latest.current = null;
      setRefused([`${others.length + 1} files were dropped, and one is read; put them together or choose one.`]);
    } else if (file) void choose(file);
  }

  const name = chosen !== null && chosen.text === text ? chosen.name : 'Your file';
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way to what the button does
    <div
      className={`group my-1 rounded border border-dashed px-1.5 py-1 ${over ? 'border-focus bg-flow-soft' : 'border-edge'}`}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={({ currentTarget, relatedTarget }) => {
        if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) setOver(false);
      }}
      onDrop={drop}
    >
      <div className="flex items-center justify-between gap-2">
        <label htmlFor={id} className={changed ? 'text-focus' : 'text-soft'} title={`${help} (${path})`}>
          {changed && <span aria-hidden="true">• </span>}
          {label}
          {changed && <span className="sr-only"> (differs from the last run)</span>}
        </label>
        <button
          type="button"
          className="button"
          title="Or drop it here"
          aria-describedby={`${id}-help`}
          onClick={() => picker.current?.click()}
        >
          Choose a file<span className="sr-only"> as {label}</span>
        </button>
        <input
          ref={picker}
          id={id}
          type="file"
          accept={accept}
          className="hidden"
          onChange={({ target }) => {
            const [file] = target.files ?? [];
            if (file) void choose(file);
            // The same file may be chosen again after it was changed.
            target.value = '';
          }}
        />
      </div>
      <p className="break-words text-[0.92em] text-soft tabular-nums">
        {text === null ? otherwise : `${name}, ${fileSize(bytesOf(text))}${about === '' ? '.' : `: ${about}`}`}
        {text !== null && (
          <>
            {' '}
            <button
              type="button"
              className="underline"
              onClick={() => {
                latest.current = null;
                setRefused([]);
                onText(null);
              }}
            >
              {without}
            </button>
          </>
        )}
      </p>
      <p id={`${id}-help`} className="sr-only text-[0.9em] text-faint group-focus-within:not-sr-only">
        {help}
      </p>
      {wrong !== '' && (
        <div className="mt-1 max-h-40 space-y-1 overflow-y-auto break-words text-[0.92em] text-minus">
          <span className="font-mono">{path}</span>
          {wrong.split('\n').map((line) => (
            <p key={line}>{line}</p>
          ))}
        </div>
      )}
      {refused.length > 0 && (
        <div role="alert" className="mt-1 max-h-40 space-y-1 overflow-y-auto break-words text-[0.92em] text-minus">
          {refused.map((line) => (
            <p key={line}>{line}</p>
          ))}
        </div>
      )}
    </div>
  );
}

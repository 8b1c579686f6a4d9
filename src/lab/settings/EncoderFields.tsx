/** The kind of text encoder, what it reads, the files kept for it, and what another encoder means for what was learned. */
import { type ChangeEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { type EncoderFile, type EncoderFiles, encoderFiles } from '../../session/encoderFiles.ts';
import { useLab } from '../context.ts';
import { fileSize } from '../format.ts';
import { failureOf } from '../store/failures.ts';
import { valueAt } from './draft.ts';
import { FieldRow } from './FieldRow.tsx';
import type { Field } from './fields.ts';
import { labelOf } from './labels.ts';

const KIND = 'encoder.kind';
const FILES = ['encoder.model', 'encoder.tokenizer'];
const HASHED = [KIND, 'encoder.dimensions', 'encoder.match'];

/** What is known of the kept files: not read yet, or why they cannot be read. */
type Kept = { readonly files: readonly EncoderFile[] } | { readonly problem: string } | null;

interface EncoderFieldsProps {
  readonly fields: readonly Field[];
  readonly changed: ReadonlySet<string>;
  /** Tests pass a folder of their own. */
  readonly storage?: EncoderFiles;
}

export function EncoderFields({ fields, changed, storage }: EncoderFieldsProps): ReactNode {
  const sentences = useLab((state) => valueAt(state.draft, KIND) === 'onnx');
  const shown = fields.filter(({ path }) => !FILES.includes(path) && (sentences || HASHED.includes(path)));
  const [kind, ...rest] = shown;
  const trained = useLab((state) => (state.run?.steps.length ?? 0) > 0);
  const marked = [...changed].some((path) => path.startsWith('encoder.'));
  return (
    <>
      {kind && <FieldRow field={kind} changed={changed.has(kind.path)} />}
      <p className={`text-[0.92em] ${marked && trained ? 'text-focus' : 'text-faint'}`}>
        Another encoder gives every text another vector, so what a trained Supervisor has learned means nothing there:
        it must be trained anew, and Train starts at step 0.
      </p>
      {sentences && <SentenceFiles changed={changed} storage={storage} />}
      {rest.map((field) => (
        <FieldRow key={field.path} field={field} changed={changed.has(field.path)} />
      ))}
    </>
  );
}

interface SentenceFilesProps {
  readonly changed: ReadonlySet<string>;
  readonly storage: EncoderFiles | undefined;
}

function SentenceFiles({ changed, storage: given }: SentenceFilesProps): ReactNode {
  const [storage] = useState(() => given ?? encoderFiles());
  const [kept, setKept] = useState<Kept>(null);
  const [busy, setBusy] = useState('');
  const [problem, setProblem] = useState('');
  const setField = useLab((state) => state.setField);

  useEffect(() => {
    let gone = false;
    listed(storage).then((found) => {
      if (!gone) setKept(found);
    }, console.error);
    return () => {
      gone = true;
    };
  }, [storage]);

  async function change(doing: string, work: () => Promise<unknown>): Promise<void> {
    setBusy(doing);
    setProblem('');
    try {
      await work();
    } catch (error) {
      const { message, hint } = failureOf(error);
      setProblem(`${message} ${hint}`);
    }
    setKept(await listed(storage));
    setBusy('');
  }

  return (
    <div>
      {FILES.map((path) => (
        <FileField
          key={path}
          path={path}
          changed={changed.has(path)}
          kept={kept}
          busy={busy !== ''}
          onFile={(file) =>
            change(`Keeping “${file.name}” …`, async () => {
              await storage.keep(file);
              setField(path, file.name);
            })
          }
        />
      ))}
      {busy !== '' && (
        <p role="status" className="text-[0.92em] text-soft">
          {busy}
        </p>
      )}
      {problem !== '' && (
        <p role="alert" className="text-[0.92em] break-words text-minus">
          {problem}
        </p>
      )}
      <KeptFiles
        kept={kept}
        disabled={busy !== ''}
        onRemove={(name) => void change(`Removing “${name}” …`, () => storage.remove(name))}
      />
    </div>
  );
}

async function listed(storage: EncoderFiles): Promise<Kept> {
  try {
    return { files: await storage.list() };
  } catch (error) {
    const { message, hint } = failureOf(error);
    return { problem: `${message} ${hint}` };
  }
}

interface FileFieldProps {
  readonly path: string;
  readonly changed: boolean;
  readonly kept: Kept;
  readonly busy: boolean;
  onFile(file: File): Promise<void>;
}

/** An address or the name of a kept file, written or chosen. */
function FileField({ path, changed, kept, busy, onFile }: FileFieldProps): ReactNode {
  const value = useLab((state) => valueAt(state.draft, path));
  const error = useLab((state) => state.errors.find((one) => one.path === path)?.message);
  const setField = useLab((state) => state.setField);
  const picker = useRef<HTMLInputElement>(null);
  const id = useId();
  const { name, help } = labelOf(path);
  const text = typeof value === 'string' ? value : '';
  const unknown = text !== '' && !text.includes('://') && kept !== null && 'files' in kept && !holds(kept.files, text);

  function choose(event: ChangeEvent<HTMLInputElement>): void {
    const [file] = event.target.files ?? [];
    // The same file may be chosen again after it was changed.
    event.target.value = '';
    if (file) void onFile(file);
  }

  return (
    <div className="py-0.5">
      <div className="flex items-center justify-between gap-2">
        <label htmlFor={id} className={changed ? 'text-focus' : 'text-soft'} title={`${help} (${path})`}>
          {changed && <span aria-hidden="true">• </span>}
          {name}
          {changed && <span className="sr-only"> (differs from the last run)</span>}
        </label>
        <button type="button" className="button" disabled={busy} onClick={() => picker.current?.click()}>
          Choose a file<span className="sr-only"> as the {name.toLowerCase()}</span>
        </button>
        <input
          ref={picker}
          type="file"
          accept={path === 'encoder.model' ? '.onnx' : '.json,application/json'}
          aria-label={`File of the ${name.toLowerCase()}`}
          className="hidden"
          onChange={choose}
        />
      </div>
      <input
        id={id}
        type="text"
        className={`control mt-0.5 w-full ${changed ? 'font-semibold text-focus' : ''}`}
        autoComplete="off"
        spellCheck={false}
        placeholder="https://… or a file kept here"
        value={text}
        aria-describedby={`${id}-help`}
        aria-invalid={error !== undefined || unknown}
        onChange={(event) => setField(path, event.target.value === '' ? undefined : event.target.value)}
      />
      <p id={`${id}-help`} className="text-[0.9em]">
        {error !== undefined && (
          <span className="break-words text-minus">
            <span className="font-mono">{path}</span> {error}
          </span>
        )}
        {unknown && (
          <span className="break-words text-minus">
            No file “{text}” is kept in this browser: choose it, or give its address.
          </span>
        )}
        <span className="sr-only">{help}</span>
      </p>
    </div>
  );
}

function holds(files: readonly EncoderFile[], name: string): boolean {
  return files.some((file) => file.name === name);
}

interface KeptFilesProps {
  readonly kept: Kept;
  readonly disabled: boolean;
  onRemove(name: string): void;
}

function KeptFiles({ kept, disabled, onRemove }: KeptFilesProps): ReactNode {
  if (kept === null) return <p className="text-[0.92em] text-faint">Looking for kept files …</p>;
  if ('problem' in kept) return <p className="text-[0.92em] break-words text-minus">{kept.problem}</p>;
  if (kept.files.length === 0) {
    return (
      <p className="text-[0.92em] text-faint">
        No file is kept here yet. A chosen file stays in this browser; an address is read from its server at every
        start.
      </p>
    );
  }
  return (
    <ul aria-label="Files kept for encoders" className="text-[0.92em] text-soft">
      {kept.files.map(({ name, bytes }) => (
        <li key={name} className="flex items-center justify-between gap-2">
          <span className="min-w-0 break-words">
            {name} <span className="text-faint">{fileSize(bytes)}</span>
          </span>
          <button type="button" className="button" disabled={disabled} onClick={() => onRemove(name)}>
            Remove<span className="sr-only"> {name}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

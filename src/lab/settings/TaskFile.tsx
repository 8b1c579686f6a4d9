/** The file of one's own tasks: chosen from the device, read at once, with its tasks by split or what is wrong with it. */
import { type ReactNode, useId, useMemo, useState } from 'react';
import { ownTasks } from '../../worlds/ownTasks/index.ts';
import type { TaskFile as Read } from '../../worlds/ownTasks/taskFile.ts';
import { readTaskFile } from '../../worlds/ownTasks/taskFile.ts';
import { faultText, MOST_BYTES } from '../../worlds/ownTasks/textFile.ts';
import { useLab } from '../context.ts';
import { type Json, valueAt } from './draft.ts';

/** The settings of the suite with a file, and as many tasks of each split as it has. */
export function entryOf(file: string | null, settings: { readonly [key: string]: Json } = {}): Json {
  const { file: _, ...rest } = settings;
  const read = readTaskFile(file ?? example);
  const counts = read.ok ? countsOf(read) : { train: 1, validation: 0, heldOut: 0 };
  return { name: ownTasks.name, ...counts, settings: file === null ? rest : { ...rest, file } };
}

const { file: example } = ownTasks.settings.parse({});

function countsOf({ tasks }: Extract<Read, { ok: true }>): { train: number; validation: number; heldOut: number } {
  const counts = { train: 0, validation: 0, heldOut: 0 };
  for (const { split } of tasks) counts[split] += 1;
  return counts;
}

export function TaskFile({ index }: { readonly index: number }): ReactNode {
  const path = `suites[${index}]`;
  const settings = useLab((state) => valueAt(state.draft, `${path}.settings`));
  const setField = useLab((state) => state.setField);
  const [refused, setRefused] = useState<readonly string[]>([]);
  const id = useId();
  const held = typeof settings === 'object' && settings !== null && !Array.isArray(settings) ? settings : {};
  const own = 'file' in held && typeof held.file === 'string' ? held.file : null;
  const read = useMemo(() => readTaskFile(own ?? example), [own]);

  async function choose(file: File): Promise<void> {
    if (file.size > MOST_BYTES) {
      setRefused([
        `${file.name} has ${file.size.toLocaleString('en')} bytes; at most ${MOST_BYTES.toLocaleString('en')} are read.`,
      ]);
      return;
    }
    const text = await file.text();
    const found = readTaskFile(text);
    if (!found.ok) {
      setRefused([`${file.name} is not used:`, ...found.faults.map(faultText)]);
      return;
    }
    if (countsOf(found).train === 0) {
      setRefused([`${file.name} has no task to train on; give some lines the split "train".`]);
      return;
    }
    setRefused([]);
    setField(path, entryOf(text, held as { readonly [key: string]: Json }));
  }

  const counts = read.ok ? countsOf(read) : null;
  return (
    <div className="py-0.5">
      <label htmlFor={id} className="text-soft">
        Tasks, a line each (JSONL)
      </label>
      <input
        id={id}
        type="file"
        accept=".jsonl,.ndjson,.txt,application/jsonl"
        className="mt-0.5 block w-full text-[0.92em]"
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          if (file) void choose(file);
        }}
      />
      {counts !== null && (
        <p className="text-[0.92em] text-soft tabular-nums">
          {own === null ? 'The example of the docs' : 'Your file'}: {counts.train} to train, {counts.validation} to
          validate, {counts.heldOut} held out.{' '}
          {own !== null && (
            <button
              type="button"
              className="underline"
              onClick={() => setField(path, entryOf(null, held as { readonly [key: string]: Json }))}
            >
              Back to the example
            </button>
          )}
        </p>
      )}
      {own !== null && (
        <p className="text-[0.92em] text-faint">
          It stays on this device. A long file is not part of the page’s address: who opens a shared address chooses it
          again.
        </p>
      )}
      {refused.length > 0 && (
        <div role="alert" className="max-h-40 overflow-y-auto text-[0.92em] text-minus">
          {refused.map((line) => (
            <p key={line}>{line}</p>
          ))}
        </div>
      )}
    </div>
  );
}

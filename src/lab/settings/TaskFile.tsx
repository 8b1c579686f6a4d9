/** The file of one's own tasks: chosen from the device, read at once, with its tasks by split or what is wrong with it. */
import type { ReactNode } from 'react';
import { fileOf, ownTasks } from '../../worlds/ownTasks/index.ts';
import type { TaskFile as Read } from '../../worlds/ownTasks/taskFile.ts';
import { readTaskFile } from '../../worlds/ownTasks/taskFile.ts';
import { faultText, MOST_BYTES } from '../../worlds/ownTasks/textFile.ts';
import { useLab } from '../context.ts';
import { type Json, valueAt } from './draft.ts';
import { OwnFile } from './OwnFile.tsx';

type Settings = { readonly [key: string]: Json };

/** The settings of the suite with a file, and as many tasks of each split as it has. */
export function entryOf(file: string | null, settings: Settings = {}): Json {
  const { file: _, ...rest } = settings;
  const read = fileOf(file ?? example);
  const counts = read.ok ? countsOf(read) : { train: 1, validation: 0, heldOut: 0 };
  return { name: ownTasks.name, ...counts, settings: file === null ? rest : { ...rest, file } };
}

const { file: example } = ownTasks.settings.parse({});

function countsOf({ tasks }: Extract<Read, { ok: true }>): { train: number; validation: number; heldOut: number } {
  const counts = { train: 0, validation: 0, heldOut: 0 };
  for (const { split } of tasks) counts[split] += 1;
  return counts;
}

/** What is wrong with a file, a line each. */
function faultsOf(bytes: Uint8Array): readonly string[] {
  const read = readTaskFile(bytes);
  if (!read.ok) return read.faults.map(faultText);
  return countsOf(read).train > 0 ? [] : ['it has no task to train on; give some lines the split "train"'];
}

export function TaskFile({ index, changed }: { readonly index: number; readonly changed: boolean }): ReactNode {
  const entry = `suites[${index}]`;
  const settings = useLab((state) => valueAt(state.draft, `${entry}.settings`));
  const setField = useLab((state) => state.setField);
  const held = typeof settings === 'object' && settings !== null && !Array.isArray(settings) ? settings : {};
  const own = 'file' in held && typeof held.file === 'string' ? held.file : null;
  const read = fileOf(own ?? example);
  const counts = read.ok ? countsOf(read) : null;
  const about =
    counts === null ? '' : `${counts.train} to train, ${counts.validation} to validate, ${counts.heldOut} held out.`;
  const path = `${entry}.settings.file`;
  return (
    <OwnFile
      path={path}
      accept=".jsonl,.ndjson,.txt,application/jsonl"
      mostBytes={MOST_BYTES}
      changed={changed}
      text={own}
      about={about}
      otherwise={`The example of the docs: ${about}`}
      without="Back to the example"
      faultsOf={faultsOf}
      onText={(text) => setField(entry, entryOf(text, held as Settings))}
    />
  );
}

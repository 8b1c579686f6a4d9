/** The corpus that one's own tasks search: chosen from the device, with its passages or what is wrong with it. */
import type { ReactNode } from 'react';
import { readCorpus } from '../../worlds/ownTasks/corpus.ts';
import { corpusOf } from '../../worlds/ownTasks/index.ts';
import { faultText, MOST_BYTES } from '../../worlds/ownTasks/textFile.ts';
import { useLab } from '../context.ts';
import { valueAt } from './draft.ts';
import { OwnFile } from './OwnFile.tsx';

const KINDS = { 'json-lines': 'of JSON Lines', text: 'cut from text' } as const;

/** What is wrong with a file, a line each. */
function faultsOf(bytes: Uint8Array): readonly string[] {
  const read = readCorpus(bytes);
  return read.ok ? [] : read.faults.map(faultText);
}

/** What is in a corpus, in a line; nothing where it cannot be read. */
function aboutOf(text: string): string {
  const read = corpusOf(text);
  if (!read.ok) return '';
  const { passages, repeated, kind } = read;
  const count = (number: number, word: string): string =>
    `${number.toLocaleString('en')} ${word}${number === 1 ? '' : 's'}`;
  return `${count(passages.length, 'passage')} ${KINDS[kind]}${repeated > 0 ? `, ${count(repeated, 'repeat')} left out` : ''}.`;
}

export function CorpusFile({ index, changed }: { readonly index: number; readonly changed: boolean }): ReactNode {
  const path = `suites[${index}].settings.corpus`;
  const value = useLab((state) => valueAt(state.draft, path));
  const acts = useLab((state) => valueAt(state.draft, `suites[${index}].settings.acts`));
  const setField = useLab((state) => state.setField);
  const own = typeof value === 'string' ? value : null;
  const isUnread = own !== null && Array.isArray(acts) && !acts.includes('search');
  return (
    <>
      <OwnFile
        path={path}
        accept=".jsonl,.ndjson,.txt,.md,.markdown,application/jsonl,text/plain,text/markdown"
        mostBytes={MOST_BYTES}
        changed={changed}
        text={own}
        about={own === null ? '' : aboutOf(own)}
        otherwise="None: a search reads the task’s own passages alone."
        without="Remove"
        faultsOf={faultsOf}
        onText={(text) => setField(path, text ?? undefined)}
      />
      {isUnread && <p className="text-[0.92em] text-warn">Nothing reads the corpus: “search” is not among the acts.</p>}
    </>
  );
}

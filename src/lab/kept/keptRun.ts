/** A run that is kept beyond its session, and what a file or the browser's storage must hold to be one. Pure. */
import { z } from 'zod';
import { BadRecord, parseRecord } from '../../training/recordSchema.ts';
import type { RunRecord } from '../../training/records.ts';
import { digest, runName } from '../runName.ts';

export interface KeptRun {
  readonly id: string;
  readonly name: string;
  /** ISO 8601 */
  readonly keptAt: string;
  /** Made in this lab, read from a file, or recorded beforehand and shipped with the page. */
  readonly origin: 'lab' | 'file' | 'recorded';
  readonly record: RunRecord;
}

/** Longer names do not fit where they stand. */
export const LONGEST_NAME = 60;

/**
 * One config on one device is one run, which is repeated bit for bit: it has one id however often it is paused,
 * started again, exported and imported.
 */
export function keptRun(record: RunRecord, origin: KeptRun['origin'], keptAt: string, name?: string): KeptRun {
  const own = runName(record.config);
  const given = name?.trim().slice(0, LONGEST_NAME) ?? '';
  const id = `${origin === 'recorded' ? 'recorded ' : ''}${digest([record.config, record.device])}`;
  return { id, name: given === '' ? own : given, keptAt, origin, record };
}

/** Steps that were taken. */
export function stepsOf({ record }: KeptRun): number {
  return record.steps.at(-1)?.step ?? record.evaluations.at(-1)?.step ?? 0;
}

const storedSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  keptAt: z.string(),
  origin: z.enum(['lab', 'file', 'recorded']),
  record: z.unknown(),
});

/** A run as the storage holds it; null for what cannot be read any more. */
export function readStored(value: unknown): KeptRun | null {
  const stored = storedSchema.safeParse(value);
  if (!stored.success) return null;
  try {
    return { ...stored.data, record: parseRecord(stored.data.record) };
  } catch (error) {
    if (error instanceof BadRecord) return null;
    throw error;
  }
}

export interface TextFile {
  readonly name: string;
  readonly text: string;
}

/** The run in a `run.json` file. @throws Error that says what is wrong with it, and where */
export function readFile({ name, text }: TextFile, keptAt: string): KeptRun {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`it is no JSON (${error instanceof Error ? error.message : String(error)})`);
  }
  return keptRun(parseRecord(value), 'file', keptAt, nameInFile(name));
}

/** `amber-finch.run.json` says a name; `run.json` does not. */
function nameInFile(file: string): string | undefined {
  return /^(.+)\.run\.json$/i.exec(file)?.[1];
}

export function fileNameOf({ name }: KeptRun): string {
  const safe = name.replace(/[^\p{L}\p{N} ._-]+/gu, '-').trim();
  return `${safe === '' ? 'a' : safe}.run.json`;
}

/** What tells a run from others at a glance. */
export function runWords(run: KeptRun): string {
  const { config, stopped } = run.record;
  const done = stepsOf(run);
  const steps =
    done === config.steps
      ? `${done.toLocaleString('en')} steps`
      : `${done.toLocaleString('en')} of ${config.steps.toLocaleString('en')} steps`;
  const failed = typeof stopped === 'object' ? ', stopped by an error' : '';
  const origin = { lab: '', file: ', imported', recorded: ', recorded beforehand' }[run.origin];
  return `${config.objective.kind}, seed ${config.seed}, ${config.suites.map(({ name }) => name).join(' + ')}, ${steps}${failed}${origin}, ${dateWords(run.keptAt)}`;
}

function dateWords(date: string): string {
  const time = new Date(date);
  if (Number.isNaN(time.getTime())) return date;
  return time.toLocaleString('en', {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  });
}

/** Whether every word of `filter` is in a run's name or in what is said of it. */
export function matches(run: KeptRun, filter: string): boolean {
  const text = `${run.name} ${runWords(run)}`.toLowerCase();
  const parts = filter.toLowerCase().match(/seed\s+\d+|\S+/g) ?? [];
  return parts.every((part) =>
    /^seed\s/.test(part) ? text.includes(`${part.replace(/\s+/, ' ')},`) : text.includes(part),
  );
}

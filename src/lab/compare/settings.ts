/** In which settings runs differ, side by side. Pure. */

import { boundedCache } from '../../encoder/boundedCache.ts';
import { cutText } from '../../skills/cutText.ts';
import type { KeptRun } from '../kept/keptRun.ts';
import { digest } from '../runName.ts';
import { draftOf, type Json, leaves } from '../settings/draft.ts';
import { labelOf } from '../settings/labels.ts';

/** Stands among the settings: the device that a run was really computed on. */
export const RAN_ON = 'ran on';
export const SEED = 'seed';

const known = new WeakMap<KeptRun['record'], ReadonlyMap<string, Json>>();

/** Every setting of a run by its path, and what it ran on. */
export function settingsOf({ record }: KeptRun): ReadonlyMap<string, Json> {
  const held = known.get(record);
  if (held !== undefined) return held;
  const settings = leaves(draftOf(record.config)).set(RAN_ON, record.device.adapter);
  known.set(record, settings);
  return settings;
}

/** The paths whose values are not the same in all runs, in the order of the config. */
export function differingPaths(runs: readonly KeptRun[]): readonly string[] {
  const all = runs.map(settingsOf);
  const paths = new Set(all.flatMap((settings) => [...settings.keys()]));
  return [...paths].filter((path) => new Set(all.map((settings) => settings.get(path))).size > 1);
}

/** A setting's value in words; where a config has no such field, a dash. */
export function valueText(value: Json | undefined): string {
  if (value === undefined) return '–';
  if (typeof value !== 'string') return JSON.stringify(value);
  return value.length > LONGEST_VALUE ? shortened(value) : value;
}

/** Characters of a text beyond which a table holds its beginning alone, e.g. of a file of tasks or a corpus. */
const LONGEST_VALUE = 200;
/** The digest keeps texts apart that begin alike. */
const shortened = boundedCache(32, (text) => {
  const begin = cutText(text, 40).replaceAll(/\s+/g, ' ').trim();
  return `${begin} (${text.length.toLocaleString('en')} characters, ${digest(text)})`;
});

/** Numbers by size, all else by its letters. */
export function compareValues(a: Json | undefined, b: Json | undefined): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [valueText(a), valueText(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

export interface DifferenceRow {
  readonly path: string;
  /** Per column; `differs` from the first column. */
  readonly cells: readonly { readonly text: string; readonly differs: boolean }[];
}

/** The settings that differ, a column per group of runs; a group's own values are listed. */
export function differenceTable(columns: readonly (readonly KeptRun[])[]): readonly DifferenceRow[] {
  return differingPaths(columns.flat()).map((path) => {
    const texts = columns.map((runs) => listed(runs.map((run) => settingsOf(run).get(path))));
    return { path, cells: texts.map((text) => ({ text, differs: text !== texts[0] })) };
  });
}

/** Each value once, in order; whole numbers in a row as `0–7`. */
export function listed(values: readonly (Json | undefined)[]): string {
  const sorted = [...new Set(values)].sort(compareValues);
  const whole = sorted.every((value) => Number.isInteger(value));
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (whole && sorted.length > 2 && typeof first === 'number' && typeof last === 'number') {
    if (last - first === sorted.length - 1) return `${first}–${last}`;
  }
  return sorted.map(valueText).join(', ');
}

/** A path in words: a suite's own setting with the suite's place only where there are several. */
export function pathName(path: string): string {
  return path === RAN_ON ? 'Ran on' : labelOf(path).name;
}

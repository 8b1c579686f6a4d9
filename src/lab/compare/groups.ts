/** Which runs become one line: those of a group that differ only by their seed. Pure. */

import type { KeptRun } from '../kept/keptRun.ts';
import type { Json } from '../settings/draft.ts';
import { compareValues, differingPaths, pathName, SEED, settingsOf, valueText } from './settings.ts';

export interface RunGroup {
  /** Stays the same while other runs come and go. */
  readonly key: string;
  readonly label: string;
  readonly runs: readonly KeptRun[];
}

/** Not by a setting: every run is a line of its own. */
export const EACH_RUN = 'run';
export const BY_OBJECTIVE = 'objective.kind';

/** What runs can be grouped by: the objective, every setting that differs, or nothing. */
export function groupings(runs: readonly KeptRun[]): readonly string[] {
  const differing = differingPaths(runs).filter((path) => path !== SEED && path !== BY_OBJECTIVE);
  return [BY_OBJECTIVE, ...differing, EACH_RUN];
}

/**
 * The lines of a comparison. Runs with one value of the setting `by` stand together; among them only those that
 * agree in all but the seed are averaged, so that where another setting differs too there are more lines.
 */
export function groupRuns(runs: readonly KeptRun[], by: string): readonly RunGroup[] {
  if (by === EACH_RUN) return runs.map((run) => ({ key: run.id, label: nameAmong(run, runs), runs: [run] }));
  const others = differingPaths(runs).filter((path) => path !== SEED && path !== by);
  const groups = new Map<string, KeptRun[]>();
  for (const run of runs) {
    const settings = settingsOf(run);
    const key = [by, ...others].map((path) => `${path} ${valueText(settings.get(path))}`).join('; ');
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  const sorted = [...groups].map(([key, members]) => ({ key, runs: members, label: '' }));
  sorted.sort((a, b) => {
    for (const path of [by, ...others]) {
      const order = compareValues(settingsOf(a.runs[0]).get(path), settingsOf(b.runs[0]).get(path));
      if (order !== 0) return order;
    }
    return 0;
  });
  const values = sorted.map((group) => valueText(settingsOf(group.runs[0]).get(by)));
  return sorted.map((group, i) => {
    const peers = sorted.filter((_, j) => values[j] === values[i]).map((peer) => settingsOf(peer.runs[0]));
    const settings = settingsOf(group.runs[0]);
    const words = telling(peers, others).map((path) => said(path, valueText(settings.get(path))));
    return { ...group, label: [values[i], ...words].join(', ') };
  });
}

/** As few of the settings as tell all of `peers` apart, the first ones first: one setting may bring others along. */
function telling(peers: readonly ReadonlyMap<string, Json>[], paths: readonly string[]): readonly string[] {
  const kinds = (told: readonly string[]): number =>
    new Set(peers.map((settings) => told.map((path) => valueText(settings.get(path))).join('; '))).size;
  const told: string[] = [];
  for (const path of paths) if (kinds([...told, path]) > kinds(told)) told.push(path);
  return told;
}

function said(path: string, value: string): string {
  const name = pathName(path);
  const word = /^[A-Z][a-z]/.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name;
  return `${word} ${value}`;
}

/** A run's name, with its seed where others are called the same. */
function nameAmong(run: KeptRun, runs: readonly KeptRun[]): string {
  const same = runs.filter(({ name }) => name === run.name);
  return same.length < 2 ? run.name : `${run.name} (${same.indexOf(run) + 1})`;
}

/** What a comparison's plots show, in words made from their numbers. Pure. */
import type { Line } from '../curves/series.ts';
import { figure } from '../format.ts';
import type { Measure } from './measures.ts';
import type { Result, ResultRow } from './results.ts';

/** `0.62 ± 0.03`, `0.62` for one run. */
export function resultText({ mean, halfWidth, n }: Result): string {
  if (mean === null) return 'undefined';
  return n < 2 ? figure(mean) : `${figure(mean)} ± ${figure(halfWidth, 2)}`;
}

interface Told {
  readonly label: string;
  readonly result: Result;
  readonly mean: number;
}

/** More lines than this are told by their ends. */
const ALL_TOLD = 3;

export function measureWords(measure: Measure, rows: readonly ResultRow[]): string {
  const told = rows.flatMap((row): Told[] => {
    const result = row.results.get(measure.id);
    return result === undefined || result.mean === null ? [] : [{ label: row.label, result, mean: result.mean }];
  });
  const without = rows.filter(({ results }) => (results.get(measure.id)?.mean ?? null) === null);
  const missing =
    without.length === 0
      ? ''
      : `Undefined for ${without.length > ALL_TOLD ? `${without.length} lines` : list(without.map(({ label }) => label))}: ${measure.undefinedBecause}.`;
  if (told.length === 0) return missing === '' ? 'Nothing was measured yet.' : missing;
  told.sort((a, b) => (measure.better === 'less' ? a.mean - b.mean : b.mean - a.mean));
  return [ranked(measure, told), certainty(told), missing].filter((part) => part !== '').join(' ');
}

function ranked({ better }: Measure, told: readonly Told[]): string {
  const counts = new Set(told.map(({ result }) => result.n));
  const [n] = counts;
  const common = counts.size === 1 && n !== undefined && n > 1 ? ` (n = ${n})` : '';
  const say = ({ label, result }: Told): string =>
    `${label} ${resultText(result)}${counts.size > 1 ? ` (n = ${result.n})` : ''}`;
  const [first, last] = better === 'less' ? ['lowest', 'highest'] : ['highest', 'lowest'];
  if (told.length <= ALL_TOLD) {
    return `At the end${common}: ${told.map(say).join(', ')}.`;
  }
  const end = told[told.length - 1];
  return `At the end${common}, of ${told.length} lines ${say(told[0])} is the ${first}, ${say(end)} the ${last}.`;
}

/** Whether the first two can be told apart by their intervals. */
function certainty([first, second]: readonly Told[]): string {
  if (first === undefined || second === undefined) return '';
  if (first.result.n < 2 || second.result.n < 2) return '';
  const gap = Math.abs(first.mean - second.mean);
  return gap > first.result.halfWidth + second.result.halfWidth
    ? 'The 95% intervals of the first two lie apart.'
    : 'The 95% intervals of the first two overlap.';
}

/** @param leftOut labels of the lines whose loss is not above zero throughout */
export function lossWords(lines: readonly Line[], ofSeveralKinds: boolean, leftOut: readonly string[]): string {
  const ends = lines.flatMap((line) => {
    const last = line.points.at(-1);
    const first = line.points[0];
    return last === undefined || first === undefined ? [] : [{ label: line.label, first: first[1], last: last[1] }];
  });
  const out =
    leftOut.length === 0
      ? ''
      : `Left out: ${leftOut.length > ALL_TOLD ? `${leftOut.length} lines` : list(leftOut)}, whose loss is a surrogate that falls to zero and below.`;
  if (ends.length === 0) return out === '' ? 'Nothing was measured yet.' : out;
  const told = ends
    .slice(0, ALL_TOLD)
    .map(({ label, first, last }) => `${label} from ${figure(first)} to ${figure(last)}`);
  const more = ends.length > ALL_TOLD ? ` and ${ends.length - ALL_TOLD} more` : '';
  const kinds = ofSeveralKinds
    ? ' Each objective has a loss of its own: compare how they fall, not how high they stand.'
    : '';
  return `On the training batches, geometric means: ${told.join(', ')}${more}.${kinds}${out === '' ? '' : ` ${out}`}`;
}

function list(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}

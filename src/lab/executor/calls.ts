/** What the view of an executor says about its calls. Pure. */
import type { UsedResult } from '../../executor/executor.ts';
import type { TurnsReport } from '../../executor/gpuTurns.ts';
import type { Completion } from '../../executor/languageModel.ts';

/** Which calls are listed. */
export interface CallFilter {
  /** Of one act, of one skill (`''`: of none); null for all. */
  readonly act: string | null;
  readonly skill: string | null;
  readonly state: 'all' | 'made' | 'cached' | 'cut' | 'failed';
  /** Found in the task, the prompt or the answer, whatever the case of its letters. */
  readonly text: string;
}

export const EVERY_CALL: CallFilter = { act: null, skill: null, state: 'all', text: '' };

/** A call with its number, from 0, in the order in which results were used. */
export interface NumberedCall extends UsedResult {
  readonly number: number;
}

export function matching(
  calls: readonly UsedResult[],
  { act, skill, state, text }: CallFilter,
): readonly NumberedCall[] {
  const wanted = text.trim().toLowerCase();
  return calls
    .map((call, number) => ({ ...call, number }))
    .filter(({ result, cached }) => {
      if (act !== null && result.act !== act) return false;
      if (skill !== null && (result.skill?.name ?? '') !== skill) return false;
      if (state === 'cached' && !cached) return false;
      if (state === 'made' && cached) return false;
      if (state === 'cut' && result.finish !== 'length') return false;
      if (state === 'failed' && result.finish !== 'failed') return false;
      if (wanted === '') return true;
      const said = [result.task, ...result.inputs, result.answer, ...result.prompt.map(({ content }) => content)];
      return said.some((one) => one.toLowerCase().includes(wanted));
    });
}

export interface Totals {
  readonly name: string;
  readonly calls: number;
  readonly cached: number;
  /** Of calls that were made; what was known costs nothing. */
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Mean of calls that were made; null where none was. */
  readonly milliseconds: number | null;
  readonly cost: number;
  readonly cut: number;
  readonly failed: number;
}

/** Totals of some calls under a name. */
export function totalsOf(name: string, calls: readonly UsedResult[]): Totals {
  const made = calls.filter(({ cached }) => !cached);
  const sum = (of: (call: UsedResult) => number): number => made.reduce((total, call) => total + of(call), 0);
  return {
    name,
    calls: calls.length,
    cached: calls.length - made.length,
    promptTokens: sum(({ result }) => result.promptTokens),
    completionTokens: sum(({ result }) => result.completionTokens),
    milliseconds: made.length === 0 ? null : sum(({ result }) => result.milliseconds) / made.length,
    cost: sum(({ result }) => result.cost),
    cut: calls.filter(({ result }) => result.finish === 'length').length,
    failed: calls.filter(({ result }) => result.finish === 'failed').length,
  };
}

/** Totals by act or by skill, the one with the most calls first. */
export function totalsBy(by: 'act' | 'skill', calls: readonly UsedResult[]): readonly Totals[] {
  const groups = new Map<string, UsedResult[]>();
  for (const call of calls) {
    const name = by === 'act' ? call.result.act : (call.result.skill?.name ?? '');
    const held = groups.get(name);
    if (held) held.push(call);
    else groups.set(name, [call]);
  }
  return [...groups]
    .map(([name, members]) => totalsOf(name, members))
    .sort((a, b) => b.calls - a.calls || (a.name < b.name ? -1 : 1));
}

const count = (value: number, one: string, many = `${one}s`): string =>
  `${value.toLocaleString('en')} ${value === 1 ? one : many}`;

/** A time in words: `82 ms`, `1.3 s`, `12 min`. */
export function timeInWords(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return `${Math.round(milliseconds / 60_000)} min`;
}

/** Money in three digits that count, without an exponent; it is in the currency of the prices that were set. */
export function money(cost: number): string {
  return cost.toLocaleString('en', { maximumSignificantDigits: 3, useGrouping: true });
}

/** What one answer took. */
export function spentInWords({
  promptTokens,
  completionTokens,
  milliseconds,
  cost,
}: Pick<Completion, 'promptTokens' | 'completionTokens' | 'milliseconds' | 'cost'>): string {
  const parts = [
    `${count(promptTokens, 'token')} read`,
    `${completionTokens.toLocaleString('en')} written`,
    timeInWords(milliseconds),
    ...(cost > 0 ? [`cost ${money(cost)}`] : []),
  ];
  return `${parts.join(', ')}.`;
}

/** What all calls came to, as sentences. */
export function inWords({
  calls,
  cached,
  promptTokens,
  completionTokens,
  milliseconds,
  cost,
  cut,
  failed,
}: Totals): string {
  if (calls === 0) return 'Nothing was answered yet.';
  const made = calls - cached;
  const sentences = [
    `${count(made, 'call')} made${cached === 0 ? '' : `, ${count(cached, 'answer')} known from before`}.`,
  ];
  if (made > 0) {
    sentences.push(
      `${count(promptTokens, 'token')} read and ${count(completionTokens, 'token')} written, ${timeInWords(milliseconds ?? 0)} a call.`,
    );
  }
  if (cost > 0) sentences.push(`Cost ${money(cost)}.`);
  if (cut > 0) sentences.push(`${count(cut, 'answer')} cut at the limit.`);
  if (failed > 0) sentences.push(`${count(failed, 'prompt')} refused by the model.`);
  return sentences.join(' ');
}

/** How a training run and a model share one GPU, a phrase for each. */
export function turnsInWords({ parties }: TurnsReport): readonly string[] {
  return parties.map(({ name, share, turns, loading, longestTurn, longestWait }) => {
    const ofTime = `${name} ${Math.round(100 * share)}% of the time in ${count(turns, 'turn')}`;
    const ofLoading = loading > 0 ? ` (${timeInWords(loading)} of it loading weights)` : '';
    return `${ofTime}${ofLoading}, longest turn ${timeInWords(longestTurn)}, longest wait ${timeInWords(longestWait)}`;
  });
}

/** A run of words that two texts share or that one of them has alone. */
export interface Part {
  readonly text: string;
  readonly changed: boolean;
}

/** Words of a text beyond which differences are not looked for. */
const MOST_WORDS = 400;

/** `text` as runs of words, those that are not in `other` in the same order marked: a longest common subsequence. */
export function differingParts(text: string, other: string): readonly Part[] {
  const [a, b] = [text, other].map((one) => one.split(/(?<=\s)/).filter((word) => word !== ''));
  if (a.length > MOST_WORDS || b.length > MOST_WORDS) return [{ text, changed: text !== other }];
  const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const same = a[i].trim() === b[j].trim();
      lengths[i][j] = same ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  const parts: Part[] = [];
  const add = (word: string, changed: boolean): void => {
    const last = parts.at(-1);
    if (last?.changed === changed) parts[parts.length - 1] = { text: last.text + word, changed };
    else parts.push({ text: word, changed });
  };
  for (let i = 0, j = 0; i < a.length; ) {
    if (j < b.length && a[i].trim() === b[j].trim()) {
      add(a[i++], false);
      j++;
    } else if (j < b.length && lengths[i][j + 1] > lengths[i + 1][j]) j++;
    else add(a[i++], true);
  }
  return parts;
}

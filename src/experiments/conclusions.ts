/** What the numbers of an experiment say, in sentences made by rule: the same rule whichever way they point. */
import type { Place } from './arms.ts';
import {
  barAt,
  creditName,
  familyOf,
  figure,
  listed,
  MEASURE_NAMES,
  measured,
  placesOf,
  ratioOf,
  referenceAt,
  SPLIT_NAMES,
  settingOf,
  summariesAt,
  truthName,
  undefinedBecause,
  written,
} from './arms.ts';
import type { Interval } from './intervals.ts';
import { lower, meanInterval, upper } from './intervals.ts';
import type { Measure, Results, Summary, Variance } from './results.ts';
import { MEASURES, UNDEFINED } from './results.ts';

/** A mean success that is this far below the target's own, or less, is called equal to it. */
const EQUAL_SUCCESS = 0.1;
/** Budgets of executor calls whose ratio is at most this are called equal. */
const EQUAL_BUDGET = 1.05;
/** METHOD's fact about `ttb-paper`: the slope that is to be found at two ratios of the learning rates. */
const SLOPE_AT = [
  { ratio: 0.05, holds: (slope: number) => slope >= 0.85, words: 'at least 0.85' },
  { ratio: 1, holds: (slope: number) => slope <= 0.7, words: 'at most 0.7' },
] as const;
const SLOPE_SEEDS = 4;
/** In the table, not in the sentences: near-duplicates of others, losses, which differ by objective, and what is of the library. */
const NOT_COMPARED: readonly Measure[] = ['pass3', 'pass5', 'jsd', 'loss', 'attainable', 'skills'];

export interface ConclusionsAt extends Place {
  readonly sentences: readonly string[];
}

/** Sentences about every suite and split, each with its place in front, then those about all of them. */
export function conclusionsOf(results: Results): readonly string[] {
  return [
    ...conclusionsByPlace(results).flatMap(({ suite, split, sentences }) =>
      sentences.map((sentence) => `${suite}, ${SPLIT_NAMES[split]}: ${sentence}`),
    ),
    ...conclusionsAboutAll(results),
  ];
}

/** The same without the place in front; a place with nothing to say is left out. */
export function conclusionsByPlace(results: Results): readonly ConclusionsAt[] {
  const about = {
    collapse: collapseAt,
    credit: creditAt,
    temperature: temperatureAt,
    variance: varianceAt,
    comparison: comparisonAt,
    evolution: evolutionAt,
  }[results.experiment.figure];
  return placesOf(results)
    .map((place) => ({ ...place, sentences: about(results, place) }))
    .filter(({ sentences }) => sentences.length > 0);
}

/** What holds for all places: what the numbers mean, and runs that are missing from them. */
export function conclusionsAboutAll(results: Results): readonly string[] {
  const main = results.runs.filter(({ stage }) => stage === 'main');
  const count = (...statuses: readonly string[]) => main.filter(({ status }) => statuses.includes(status)).length;
  const [waiting, broken] = [count('not run'), count('failed', 'cancelled')];
  const over = 'the means are over those that left a record, and n says how many.';
  return [
    ...(results.experiment.figure === 'credit'
      ? [
          'The truths are different quantities: log F is the exact log flow, whose change at a step is taken raw and centred; the advantage is the change of the expected reward under the policy as it is. A credit may be right about one and wrong about the other.',
        ]
      : []),
    ...(waiting > 0 ? [`${waiting} of ${main.length} runs are not made yet; ${over}`] : []),
    ...(broken > 0 ? [`${broken} of ${main.length} runs did not finish; ${over}`] : []),
  ];
}

const apart = (a: Interval, b: Interval): boolean => lower(a) > upper(b) || lower(b) > upper(a);
const hasWidth = (...intervals: readonly Interval[]): boolean => intervals.every(({ halfWidth }) => halfWidth !== null);

// Collapse

function collapseAt(results: Results, place: Place): readonly string[] {
  const all = summariesAt(results, place);
  const target = referenceAt(results, place, 'optimal')?.success;
  return [
    ...(target === undefined
      ? ["The target's own success is not among the results, so nothing is compared at equal success."]
      : atEqualSuccess(results, all, target)),
    ...all
      .filter(({ learned }) => learned)
      .map(
        (one) => `${one.arm} has success ${measured(one, 'success')} and keeps ${keeps(one)} of the target's modes.`,
      ),
    ...notLearned(results, place, all),
    ...budgets(all),
  ];
}

function keeps(summary: Summary): string {
  const kept = summary.values.modesKept;
  return kept === null ? `a fraction that is ${undefinedBecause('modesKept')},` : `the fraction ${written(kept)}`;
}

function notLearned(results: Results, place: Place, all: readonly Summary[]): readonly string[] {
  const failed = all.filter(({ learned }) => !learned);
  if (failed.length === 0) return [];
  const arms = failed.map((one) => `${one.arm} (success ${measured(one, 'success')})`);
  const [uniform, target] = (['random', 'optimal'] as const).map(
    (policy) => referenceAt(results, place, policy)?.success ?? 0,
  );
  const bound = figure(Math.min(2 * uniform, target / 2));
  return [
    `${listed(arms)} did not learn, and what has learned nothing has not collapsed: in more than half of the seeds the success is not above ${bound}, the lesser of twice the uniform policy's (${figure(uniform)}) and half of the target's (${figure(target)}).`,
  ];
}

/** Balance against reward arms among those whose success reaches the target's own. */
function atEqualSuccess(results: Results, all: readonly Summary[], target: number): readonly string[] {
  const equal = all.filter(
    ({ learned, values }) => learned && values.success !== null && values.success.mean >= target - EQUAL_SUCCESS,
  );
  const [balance, reward] = (['balance', 'reward'] as const).map((family) =>
    equal.filter(({ arm, suite }) => familyOf(results, arm, suite) === family),
  );
  const rule = `at equal success (no more than ${EQUAL_SUCCESS} below the target's own, ${figure(target)})`;
  if (balance.length === 0 || reward.length === 0) {
    const none = [balance.length === 0 ? 'flow balance' : '', reward.length === 0 ? 'reward maximisation' : ''];
    return [
      `Nothing can be compared ${rule}: no arm of ${none.filter((word) => word !== '').join(' or of ')} reaches it.`,
    ];
  }
  const verdicts = reward.flatMap((one) => balance.map((other) => ({ ...verdictOf(other, one), one, other })));
  const against = reward.map((one) => {
    const said = verdicts.filter((verdict) => verdict.one === one).map(({ other, words }) => `${other.arm} ${words}`);
    return `Against ${one.arm} (modes kept ${measured(one, 'modesKept')}), ${rule}: ${said.join('; ')}.`;
  });
  return [claim(verdicts.map(({ verdict }) => verdict)), ...against];
}

type Verdict = 'more' | 'fewer' | 'open';

function verdictOf(balance: Summary, reward: Summary): { readonly verdict: Verdict; readonly words: string } {
  const [a, b] = [balance.values.modesKept, reward.values.modesKept];
  if (a === null || b === null)
    return { verdict: 'open', words: `cannot be compared: ${undefinedBecause('modesKept')}` };
  const order = a.mean > b.mean ? 'more' : a.mean < b.mean ? 'fewer' : 'as many';
  if (!hasWidth(a, b)) return { verdict: 'open', words: `keeps ${order} (${written(a)}), but one run has no interval` };
  if (order !== 'as many' && apart(a, b)) {
    return { verdict: order, words: `keeps ${order} (${written(a)}), and the intervals do not overlap` };
  }
  return { verdict: 'open', words: `keeps ${order} (${written(a)}), but the intervals overlap` };
}

function claim(verdicts: readonly Verdict[]): string {
  const count = (verdict: Verdict) => verdicts.filter((one) => one === verdict).length;
  const [more, fewer, open] = [count('more'), count('fewer'), count('open')];
  const said = '"Flow balance keeps more strategies than reward maximisation"';
  const pairs = `of ${verdicts.length} ${verdicts.length === 1 ? 'pair' : 'pairs'}, balance keeps more in ${more}, fewer in ${fewer}, and ${open} cannot be told apart`;
  if (fewer === 0 && more > 0) return `${said} is confirmed here${open > 0 ? ' in part' : ''}: ${pairs}.`;
  if (more === 0 && fewer > 0) return `${said} is contradicted here${open > 0 ? ' in part' : ''}: ${pairs}.`;
  if (more > 0) return `${said} is both confirmed and contradicted here: ${pairs}.`;
  return `${said} is neither confirmed nor contradicted here: ${pairs}.`;
}

function budgets(all: readonly Summary[]): readonly string[] {
  const calls = all.flatMap(({ arm, executorCalls }) => (executorCalls ? [{ arm, calls: executorCalls.mean }] : []));
  if (calls.length < 2) return [];
  calls.sort((a, b) => a.calls - b.calls);
  const [least, most] = [calls[0], calls[calls.length - 1]];
  const [from, to] = [least, most].map((one) => Math.round(one.calls).toLocaleString('en'));
  if (from === to) return [`Every arm had the same budget: ${from} executor calls a run.`];
  const within = most.calls <= EQUAL_BUDGET * least.calls;
  const span = `from ${from} (${least.arm}) to ${to} (${most.arm}) executor calls a run`;
  if (within) return [`The budgets are equal within 5%: ${span}.`];
  const times = least.calls > 0 ? `, a factor of ${figure(most.calls / least.calls)}` : '';
  return [`The budgets are NOT equal: ${span}${times}.`];
}

// Credit

type CreditRow = Summary['credits'][number];

function creditAt(results: Results, place: Place): readonly string[] {
  const all = summariesAt(results, place);
  return [
    ...all
      .filter(({ learned, credits }) => learned && credits.length > 0)
      .flatMap(({ arm, credits }) =>
        [...new Set(credits.map(({ against }) => against))].map((truth) => {
          const rows = credits.filter(({ against }) => against === truth);
          const order = bestOf(rows, 'spearman');
          const hit = bestOf(rows, 'hitAtOne');
          return `${arm}, against ${truthName(truth)}: by rank, ${order}; by hit@1, ${hit}.`;
        }),
      ),
    ...notLearned(results, place, all),
  ];
}

/** The largest mean and the next, with whether they can be told apart. */
function bestOf(rows: readonly CreditRow[], field: 'spearman' | 'hitAtOne'): string {
  const known = rows
    .flatMap((row) => (row[field] === null ? [] : [{ credit: row.credit, interval: row[field] }]))
    .sort((a, b) => b.interval.mean - a.interval.mean);
  const letter = field === 'spearman' ? 'ρ = ' : '';
  if (known.length === 0) return `undefined, because ${UNDEFINED.creditSpearman}`;
  const [best, next] = known;
  const first = `${creditName(best.credit)} is best, ${letter}${written(best.interval)}`;
  if (next === undefined) return first;
  const told = !hasWidth(best.interval, next.interval)
    ? 'without intervals to tell them apart'
    : apart(best.interval, next.interval)
      ? 'the intervals do not overlap'
      : 'the intervals overlap';
  return `${first}, then ${creditName(next.credit)}, ${letter}${written(next.interval)} (${told})`;
}

// Temperature

/** Arms of `ttb-paper` by the ratio of their learning rates. */
export function byRatio(
  results: Results,
  place: Place,
): readonly { readonly ratio: number; readonly summary: Summary }[] {
  return summariesAt(results, place)
    .flatMap((summary) => {
      const ratio = ratioOf(results, summary.arm, place.suite);
      const paper = settingOf(results, summary.arm, place.suite, 'objective.kind') === 'ttb-paper';
      return paper && ratio !== null ? [{ ratio, summary }] : [];
    })
    .sort((a, b) => a.ratio - b.ratio);
}

function temperatureAt(results: Results, place: Place): readonly string[] {
  const paper = byRatio(results, place);
  const others = summariesAt(results, place).filter((one) => !paper.some(({ summary }) => summary === one));
  const slopes = paper.map(({ ratio, summary }) => `${measured(summary, 'slope')} at ${figure(ratio)}`);
  return [
    ...(paper.length === 0
      ? ['No arm is ttb-paper with both learning rates given, so there is no ratio to compare.']
      : [
          `Slope of log π on log R̃^β under ttb-paper, by the ratio of the backward to the forward learning rate: ${slopes.join('; ')}.`,
          fall(paper),
          ...SLOPE_AT.map((fact) => factAt(paper, fact)),
        ]),
    ...others.map(
      (one) => `Beside it, ${one.arm}: slope ${measured(one, 'slope')}, L1 to the target ${measured(one, 'l1')}.`,
    ),
    ...(paper.length === 0
      ? []
      : [
          `L1 to the target under ttb-paper is ${paper.map(({ ratio, summary }) => `${measured(summary, 'l1')} at ${figure(ratio)}`).join('; ')}: the zero of its loss is not the target, so its loss, ${paper.map(({ summary }) => measured(summary, 'loss')).join('; ')} over the last steps, says nothing about L1.`,
        ]),
  ];
}

function fall(paper: ReturnType<typeof byRatio>): string {
  const known = paper.flatMap(({ ratio, summary }) =>
    summary.values.slope === null ? [] : [{ ratio, slope: summary.values.slope }],
  );
  if (known.length < 2) return 'Fewer than two ratios have a slope, so whether it falls is not known.';
  const [first, last] = [known[0], known[known.length - 1]];
  const always = known.every(({ slope }, i) => i === 0 || slope.mean < known[i - 1].slope.mean);
  const ends = `${figure(first.slope.mean)} at ${figure(first.ratio)}, ${figure(last.slope.mean)} at ${figure(last.ratio)}`;
  if (first.slope.mean <= last.slope.mean) return `The slope does NOT fall as the ratio grows: ${ends}.`;
  const sure = !hasWidth(first.slope, last.slope)
    ? 'without intervals to tell the ends apart'
    : apart(first.slope, last.slope)
      ? 'the intervals of the ends do not overlap'
      : 'but the intervals of the ends overlap';
  return `The slope falls ${always ? 'at every step' : 'from end to end, though not at every step,'} as the ratio grows: ${ends}; ${sure}.`;
}

function factAt(paper: ReturnType<typeof byRatio>, { ratio, holds, words }: (typeof SLOPE_AT)[number]): string {
  const found = paper.find((one) => Math.abs(one.ratio - ratio) < 1e-9);
  const slope = found?.summary.values.slope;
  if (found === undefined) return `No arm has the ratio ${ratio}, where the slope should be ${words}.`;
  if (!slope) return `At the ratio ${ratio} the slope should be ${words}; it is ${undefinedBecause('slope')}.`;
  const asked = `At the ratio ${ratio} the slope should be ${words}: it is ${written(slope)}`;
  if (slope.n < SLOPE_SEEDS)
    return `${asked}, and a mean of ${SLOPE_SEEDS} seeds or more is asked for, so this is open.`;
  const past = holds(lower(slope)) === holds(upper(slope)) ? '' : ', though its interval reaches past that';
  return `${asked}, so this is ${holds(slope.mean) ? '' : 'NOT '}reproduced${past}.`;
}

// Variance

/** One line of the figure: an objective at the parameters of one step. */
export interface VarianceLine {
  readonly objective: string;
  readonly step: number;
  /** By walks, rising: the mean over seeds, null where the mean gradient is 0 with every seed. */
  readonly points: readonly { readonly walks: number; readonly interval: Interval | null }[];
}

export function varianceLines(results: Results, suite: string): readonly VarianceLine[] {
  const here = results.variances.filter((one) => one.suite === suite);
  const keys = new Map(here.map(({ objective, step }) => [`${step} ${objective}`, { objective, step }]));
  return [...keys.values()].map(({ objective, step }) => ({
    objective,
    step,
    points: pointsOf(here.filter((one) => one.objective === objective && one.step === step)),
  }));
}

function pointsOf(rows: readonly Variance[]): VarianceLine['points'] {
  const walks = [...new Set(rows.map((row) => row.walks))].sort((a, b) => a - b);
  return walks.map((count) => ({
    walks: count,
    interval: meanInterval(rows.flatMap((row) => (row.walks === count && row.ratio !== null ? [row.ratio] : []))),
  }));
}

/** About the suite, once: with its train split. */
function varianceAt(results: Results, { suite, split }: Place): readonly string[] {
  if (split !== 'train') return [];
  const lines = varianceLines(results, suite);
  if (lines.length === 0) return ['No variance was measured.'];
  return [...leastVariance(lines), ...lines.map(varianceOf)];
}

function varianceOf({ objective, step, points }: VarianceLine): string {
  const name = `${objective} at the parameters of step ${step.toLocaleString('en')}`;
  const known = points.flatMap(({ walks, interval }) =>
    interval !== null && interval.mean > 0 ? [{ walks, interval, ratio: interval.mean }] : [],
  );
  const missing = points.filter(({ interval }) => interval === null).map(({ walks }) => String(walks));
  const undefinedAt =
    missing.length === 0 ? '' : ` At ${listed(missing)} walks it is undefined, because the mean gradient is 0.`;
  if (known.length < 2) return `${name}: too few values of tr Cov / |mean|² to tell how it falls.${undefinedAt}`;
  const [first, last] = [known[0], known[known.length - 1]];
  const slope = logSlope(known.map(({ walks, ratio }) => [walks, ratio] as const));
  const [walks, change] = [last.walks / first.walks, first.ratio / last.ratio];
  const course = change >= 1 ? `falls ${figure(change)}-fold` : `does NOT fall: it grows ${figure(1 / change)}-fold`;
  return `${name}: tr Cov / |mean|² is ${written(first.interval)} with ${first.walks} walks and ${written(last.interval)} with ${last.walks}; it ${course} for ${figure(walks)} times the walks (exponent ${slope.toFixed(2)}; independent walks give −1).${undefinedAt}`.replaceAll(
    'exponent -',
    'exponent −',
  );
}

/** Least squares of log y on log x. */
function logSlope(points: readonly (readonly [number, number])[]): number {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const [mx, my] = [0, 1].map((k) => logs.reduce((sum, at) => sum + at[k], 0) / logs.length);
  const xy = logs.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0);
  return xy / logs.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
}

/** The objectives in order at the largest batch that all have, for each step. */
function leastVariance(lines: readonly VarianceLine[]): readonly string[] {
  return [...new Set(lines.map(({ step }) => step))].flatMap((step) => {
    const here = lines.filter((line) => line.step === step);
    const ratioAt = (line: VarianceLine, walks: number) =>
      line.points.find((point) => point.walks === walks)?.interval ?? null;
    const common = here[0].points
      .map(({ walks }) => walks)
      .filter((walks) => here.every((line) => ratioAt(line, walks) !== null));
    if (here.length < 2 || common.length === 0) return [];
    const walks = Math.max(...common);
    const order = here
      .flatMap((line) => {
        const interval = ratioAt(line, walks);
        return interval === null ? [] : [{ objective: line.objective, interval }];
      })
      .sort((a, b) => a.interval.mean - b.interval.mean)
      .map(({ objective, interval }) => `${objective} ${written(interval)}`);
    return [`At ${walks} walks and step ${step.toLocaleString('en')}, least first: ${order.join(', ')}.`];
  });
}

// Comparison

/** What each way to decide on the library came to, and whether the baseline beats the others, seed by seed. */
function evolutionAt(results: Results, place: Place): readonly string[] {
  const { baseline } = results.experiment;
  const all = summariesAt(results, place);
  const reached = all.map((one) => {
    const { success, attainable } = one.values;
    const share =
      success && attainable && attainable.mean > 0 ? `, ${figure(success.mean / attainable.mean)} of it` : '';
    return `${one.arm}: success ${measured(one, 'success')} where its library of ${measured(one, 'skills')} skills allows ${measured(one, 'attainable')}${share}.`;
  });
  if (baseline === undefined) return [...reached, ...budgets(all)];
  const verdicts = all.flatMap(({ arm, differences }) => {
    const difference = differences?.success ?? null;
    if (difference === null) return [];
    const said = !hasWidth(difference)
      ? 'without an interval'
      : lower(difference) > 0
        ? `above ${baseline}`
        : upper(difference) < 0
          ? `below ${baseline}`
          : `not told apart from ${baseline}`;
    return [{ said, words: `${arm} is ${said} (${signed(difference)})` }];
  });
  const beaten = verdicts.filter(({ said }) => said === `below ${baseline}`).length;
  return [
    ...(verdicts.length === 0
      ? []
      : [
          `${baseline} beats ${beaten} of ${verdicts.length} others in success, seed by seed: ${verdicts.map(({ words }) => words).join('; ')}.`,
        ]),
    ...reached,
    ...budgets(all),
  ];
}

/** Run by run, since a mean below the bar may hide one above it. */
function againstBar(results: Results, place: Place): readonly string[] {
  const bar = barAt(results, place);
  if (bar === null) return [];
  const arms = summariesAt(results, place).map(({ arm }) => ({
    arm,
    ends: results.rows
      .filter((row) => row.arm === arm && row.suite === place.suite && row.split === place.split)
      .map(({ seed, values: { l1 } }) => ({ seed, l1 })),
  }));
  const missedBy = ({ ends }: (typeof arms)[number]) => ends.filter(({ l1 }) => l1 === null || l1 > bar);
  const met = arms.filter((one) => one.ends.length > 0 && missedBy(one).length === 0);
  const largest = Math.max(...met.flatMap(({ ends }) => ends.map(({ l1 }) => l1 ?? Number.POSITIVE_INFINITY)));
  return [
    ...(met.length === 0
      ? []
      : [
          `${listed(met.map(({ arm }) => arm))} ${met.length === 1 ? 'meets' : 'meet'} the bar, an L1 of at most ${figure(bar)}, in every run; the largest L1 is ${figure(largest)}.`,
        ]),
    ...arms.flatMap((one) => {
      const missed = missedBy(one);
      if (missed.length === 0) return [];
      const by = missed.map(({ seed, l1 }) => `${l1 === null ? 'undefined' : figure(l1)} with seed ${seed}`);
      return [
        `${one.arm} misses the bar, an L1 of at most ${figure(bar)}, in ${missed.length} of ${one.ends.length} runs: ${listed(by)}.`,
      ];
    }),
  ];
}

function comparisonAt(results: Results, place: Place): readonly string[] {
  const { baseline } = results.experiment;
  const all = summariesAt(results, place);
  const held = againstBar(results, place);
  if (baseline === undefined) return [...held, 'There is no baseline, so no differences are taken.', ...budgets(all)];
  const compared = all.flatMap((one) =>
    MEASURES.filter((measure) => !NOT_COMPARED.includes(measure)).flatMap((measure) => {
      const difference = one.differences?.[measure] ?? null;
      return difference === null ? [] : [{ arm: one.arm, measure, difference }];
    }),
  );
  const withWidth = compared.filter(({ difference }) => hasWidth(difference));
  const clear = withWidth.filter(({ difference }) => lower(difference) > 0 || upper(difference) < 0);
  return [
    ...held,
    ...[...new Set(clear.map(({ arm }) => arm))].map((arm) => {
      const said = clear
        .filter((one) => one.arm === arm)
        .map(({ measure, difference }) => `${MEASURE_NAMES[measure]} ${signed(difference)}`);
      return `${arm} − ${baseline}, seed by seed: ${said.join(', ')}.`;
    }),
    ...(withWidth.length === 0
      ? [`No difference from ${baseline} has an interval: that takes two seeds that both arms ran.`]
      : [
          `${clear.length === 0 ? 'None' : String(clear.length)} of ${withWidth.length} differences from ${baseline} ${clear.length === 1 ? 'has' : 'have'} a 95% interval that leaves out 0; about one in twenty does so by chance.`,
        ]),
    ...notLearned(results, place, all),
    ...budgets(all),
  ];
}

/** With its sign. */
export function signed(interval: Interval): string {
  return `${interval.mean > 0 ? '+' : ''}${written(interval)}`;
}

/** An experiment's report: one HTML file without a script or an outside address, from its results alone. */
import { exactFacts } from '../flow/facts.ts';
import { CREDIT_TRUTHS } from '../training/records.ts';
import type { Place } from './arms.ts';
import {
  barAt,
  familyOf,
  figure,
  hasLibraries,
  levelOf,
  listed,
  MEASURE_NAMES,
  placesOf,
  referenceAt,
  SPLIT_NAMES,
  summariesAt,
  truthName,
  undefinedBecause,
  written,
} from './arms.ts';
import { conclusionsAboutAll, conclusionsByPlace, signed } from './conclusions.ts';
import { creditCourseSvg, curvesSvg, figureSvg } from './figures.ts';
import type { Interval } from './intervals.ts';
import { lower, upper } from './intervals.ts';
import { REPORT_STYLE } from './reportStyle.ts';
import type { Measure, ReferenceOf, Results, Summary } from './results.ts';
import { MEASURES } from './results.ts';
import { escaped } from './svg.ts';

/** The measures whose course is drawn, in this order. */
const DRAWN: readonly Measure[] = ['success', 'l1', 'modesKept', 'entropyRatio', 'collapse', 'creditSpearman'];
const REFERENCE_NAMES: Readonly<Record<ReferenceOf['policy'], string>> = {
  random: 'uniform policy',
  greedy: 'greedy policy',
  optimal: 'the target',
};

export interface ReportOptions {
  /** that makes the results again */
  readonly command: string;
  /** when the report was made, as it is to be shown */
  readonly made?: string | undefined;
}

export function reportHtml(results: Results, { command, made }: ReportOptions): string {
  const { experiment } = results;
  const places = placesOf(results);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(experiment.title)}</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<main>
<header>
<h1>${escaped(experiment.title)}</h1>
<p class="question">${escaped(experiment.question)}</p>
<p class="soft">${escaped(scopeOf(results, made))}</p>
</header>
${conclusionsSection(results)}
${places.map((place) => placeSection(results, place)).join('\n')}
${factsSection(results)}
${tuningSection(results)}
${runsSection(results)}
<section>
<h2>Make it again</h2>
<pre tabindex="0"><code>${escaped(command)}</code></pre>
<p>Devices: ${escaped(devicesOf(results))}. The same config, seed and device give the same run.</p>
<details><summary>The experiment as JSON</summary><pre tabindex="0"><code>${escaped(JSON.stringify(experiment, null, 2))}</code></pre></details>
</section>
</main>
</body>
</html>
`;
}

const headingOf = ({ suite, split }: Place): string => `${suite}, ${SPLIT_NAMES[split]} tasks`;

function scopeOf({ experiment, runs }: Results, made: string | undefined): string {
  const ended = runs.filter(({ status }) => status === 'finished').length;
  const counts = [
    counted(experiment.arms.length, 'arm'),
    counted(experiment.suites.length, 'suite'),
    counted(new Set(runs.filter(({ stage }) => stage === 'main').map(({ seed }) => seed)).size, 'seed'),
  ];
  const tuning = runs.some(({ stage }) => stage === 'tune') ? ', tuning included,' : '';
  return `${experiment.name}: ${listed(counts)}; ${ended} of ${counted(runs.length, 'run')}${tuning} finished. Intervals are 95%, by Student's t over seeds.${made === undefined ? '' : ` Made ${made}.`}`;
}

const counted = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;

/** What stands first: for each place its main sentence and its figure; the other sentences unfold. */
function conclusionsSection(results: Results): string {
  const list = (sentences: readonly string[]) =>
    `<ul>${sentences.map((sentence) => `<li>${escaped(sentence)}</li>`).join('')}</ul>`;
  const said = conclusionsByPlace(results);
  const byPlace = placesOf(results).map((place) => {
    const { suite, split } = place;
    const sentences = said.find((one) => one.suite === suite && one.split === split)?.sentences ?? [];
    const [first, ...rest] = sentences;
    return `<h3>${escaped(headingOf(place))}</h3>
${first === undefined ? '' : `<p><strong>${escaped(first)}</strong></p>`}
<figure class="card">
${figureSvg(results, suite, split)}
<figcaption>${escaped(captionOf(results, place))}</figcaption>
</figure>
${rest.length === 0 ? '' : `<details><summary>${counted(rest.length, 'further sentence')}</summary>\n${list(rest)}\n</details>`}`;
  });
  const general = conclusionsAboutAll(results);
  return `<section>
<h2>Conclusions</h2>
<p class="soft">Made from the numbers by rule; the same rule whichever way they point.</p>
${byPlace.join('\n')}
${general.length === 0 ? '' : `<h3>On all of them</h3>\n${list(general)}`}
</section>`;
}

function placeSection(results: Results, place: Place): string {
  const { suite, split } = place;
  const measures = DRAWN.filter((measure) =>
    results.curves.some(
      (one) => one.suite === suite && one.split === split && one.measure === measure && one.points.length > 0,
    ),
  );
  const curves = measures
    .map(
      (measure) => `<figure class="card">
${curvesSvg(results, suite, split, measure)}
<figcaption>${escaped(capital(MEASURE_NAMES[measure]))} over training: mean over seeds, with its 95% interval where three runs or more have one; dashed: ${referencesInWords(results)}.</figcaption>
</figure>`,
    )
    .join('\n');
  return `<section>
<h2>${escaped(headingOf(place))}</h2>
${curves === '' ? '' : `<div class="curves">\n${curves}\n</div>`}
${measuresTable(results, place)}
${differencesTable(results, place)}
${creditsTable(results, place)}
${creditCourses(results, place)}
</section>`;
}

function referencesInWords(results: Results): string {
  return `policies that need no learning${hasLibraries(results) ? ', with the library that runs begin with' : ''}`;
}

/** Folded away arm by arm: the conclusions are about the end of training. */
function creditCourses(results: Results, place: Place): string {
  return results.experiment.arms
    .map(({ name: arm }) => {
      const cards = CREDIT_TRUTHS.flatMap((against) =>
        (['spearman', 'hitAtOne'] as const).flatMap((score) => {
          const svg = creditCourseSvg(results, place, { arm, against, score });
          if (svg === null) return [];
          const caption = `${score === 'spearman' ? 'ρ' : 'hit@1'} with ${truthName(against)}.`;
          return [`<figure class="card">\n${svg}\n<figcaption>${escaped(caption)}</figcaption>\n</figure>`];
        }),
      );
      if (cards.length === 0) return '';
      return `<details><summary>Credits over the course of training: ${escaped(arm)}</summary>
<p class="note">Mean over seeds, with its 95% interval where three runs or more have one; ρ: how a credit orders the steps of a trajectory; hit@1: how often its largest step is the decisive one.</p>
<div class="curves">\n${cards.join('\n')}\n</div></details>`;
    })
    .join('\n');
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

function captionOf(results: Results, place: Place): string {
  const held = barAt(results, place) !== null;
  return {
    collapse:
      "Each arm's success and the share of the target's modes that it keeps (a mode: a solved outcome with at least half of its target share). Means over seeds with 95% intervals both ways.",
    credit:
      'How each credit orders the steps of a trajectory (ρ) and finds the decisive one (hit@1), against each exact credit. Means over seeds with 95% intervals.',
    temperature:
      'Slope (1: outcomes in proportion to reward) and L1 to the target of ttb-paper, by the ratio of its learning rates; the other arms as bands, since they have no such ratio. Means over seeds with 95% intervals.',
    variance:
      "Variance of the policy's gradient over batches, at the same parameters, by the walks of a batch; both axes are logarithmic.",
    evolution:
      'Success at the end of training, the best success that the final library allows, exactly, and the number of its skills, by what decided on the library. Means over seeds with 95% intervals; dashed: ' +
      `${referencesInWords(results)}.`,
    comparison: `${held ? 'L1 to the target' : 'Success'} and the share of the target's modes kept. Means over seeds with 95% intervals; dashed: ${held ? 'the bar, and ' : ''}${referencesInWords(results)}.`,
  }[results.experiment.figure];
}

// Tables

interface Table {
  readonly caption: string;
  readonly head: readonly string[];
  /** markup; the first of each row is its heading */
  readonly rows: readonly (readonly string[])[];
  /** columns of words, aligned to the left */
  readonly words?: readonly number[];
}

function table({ caption, head, rows, words = [] }: Table): string {
  const aligned = (i: number) => (words.includes(i) ? ' class="words"' : '');
  const cells = (row: readonly string[]) =>
    row.map((cell, i) => (i === 0 ? `<th scope="row">${cell}</th>` : `<td${aligned(i)}>${cell}</td>`)).join('');
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escaped(caption)}"><table>
<caption>${escaped(caption)}</caption>
<thead><tr>${head.map((name, i) => `<th scope="col"${i === 0 ? ' class="words"' : aligned(i)}>${escaped(name)}</th>`).join('')}</tr></thead>
<tbody>
${rows.map((row) => `<tr>${cells(row)}</tr>`).join('\n')}
</tbody>
</table></div>`;
}

/** Reasons in the order in which they are first met. */
function footnotes(): { readonly mark: (reason: string) => string; readonly list: () => string } {
  const reasons: string[] = [];
  return {
    mark: (reason) => {
      if (!reasons.includes(reason)) reasons.push(reason);
      return `<span class="undefined">undefined<sup>${reasons.indexOf(reason) + 1}</sup></span>`;
    },
    list: () =>
      reasons.map((reason, i) => `<p class="note"><sup>${i + 1}</sup> ${escaped(capital(reason))}.</p>`).join('\n'),
  };
}

/** `0.123 ± 0.004 (3)`, the interval below the mean, the sign of a negative number as a minus. */
function number(interval: Interval, words = written(interval)): string {
  const [mean, ...rest] = words.replace('(n = ', '(').split(' ');
  return `${escaped(mean)} <small>${escaped(rest.join(' '))}</small>`;
}

function calls(interval: Interval | null): string {
  if (interval === null) return 'undefined';
  const { mean, halfWidth, n } = interval;
  const whole = (value: number) => Math.round(value).toLocaleString('en');
  const width = halfWidth === null || Math.round(halfWidth) === 0 ? '' : `± ${whole(halfWidth)} `;
  return `${whole(mean)} <small>${width}(${n})</small>`;
}

function armCell(results: Results, { arm, suite, learned }: Summary): string {
  const said = `${familyOf(results, arm, suite)}${learned ? '' : ', did not learn'}`;
  return `${escaped(arm)} <span class="soft">${said}</span>`;
}

function measuresTable(results: Results, place: Place): string {
  const { mark, list } = footnotes();
  const rows = summariesAt(results, place).map((summary) => [
    armCell(results, summary),
    ...MEASURES.map((measure) => {
      const interval = summary.values[measure];
      return interval === null ? mark(`${MEASURE_NAMES[measure]}: ${undefinedBecause(measure)}`) : number(interval);
    }),
    calls(summary.executorCalls),
  ]);
  const references = (['random', 'greedy', 'optimal'] as const).flatMap((policy) => {
    const reference = referenceAt(results, place, policy);
    const name = `<em>${REFERENCE_NAMES[policy]}</em>${hasLibraries(results) ? ' <span class="soft">with the first library</span>' : ''}`;
    return reference ? [[name, ...MEASURES.map(referenceCell(reference)), '0']] : [];
  });
  return `${table({
    caption: `Final measures: mean ± half width (n), ${headingOf(place)}`,
    head: ['arm', ...MEASURES.map((measure) => MEASURE_NAMES[measure]), 'executor calls a run'],
    rows: [...rows, ...references],
  })}
${list()}`;
}

/** A dash stands for what records do not hold of a policy that needs no learning. */
function referenceCell(reference: ReferenceOf): (measure: Measure) => string {
  return (measure) => levelOf(reference, measure)?.toFixed(3) ?? '–';
}

function differencesTable(results: Results, place: Place): string {
  const { baseline } = results.experiment;
  const compared = summariesAt(results, place).flatMap((summary) =>
    summary.differences === null ? [] : [{ summary, differences: summary.differences }],
  );
  if (baseline === undefined || compared.length === 0) return '';
  const { mark, list } = footnotes();
  return `${table({
    caption: `Differences from ${baseline}, seed by seed: mean ± half width (n), ${headingOf(place)}`,
    head: ['arm', ...MEASURES.map((measure) => MEASURE_NAMES[measure])],
    rows: compared.map(({ summary, differences }) => [
      armCell(results, summary),
      ...MEASURES.map((measure) => {
        const difference = differences[measure];
        if (difference === null) return mark('no seed has the measure in both arms');
        const text = number(difference, signed(difference));
        const clear = difference.halfWidth !== null && (lower(difference) > 0 || upper(difference) < 0);
        return clear ? `<strong>* ${text}</strong>` : text;
      }),
    ]),
  })}
<p class="note">* The 95% interval leaves out 0; about one in twenty does so by chance.</p>
${list()}`;
}

function creditsTable(results: Results, place: Place): string {
  const rows = summariesAt(results, place).flatMap((summary) =>
    summary.credits.map(({ credit, against, spearman, hitAtOne }) => ({
      summary,
      credit,
      against,
      spearman,
      hitAtOne,
    })),
  );
  if (rows.length === 0) return '';
  const { mark, list } = footnotes();
  const reason = 'no trajectory has three steps of different credit, or nothing of the arm makes this credit';
  const cell = (interval: Interval | null) => (interval === null ? mark(reason) : number(interval));
  const made = `${table({
    caption: `Credits of single steps against exact ones: mean ± half width (n), ${headingOf(place)}`,
    head: ['arm', 'credit', 'against', "Spearman's ρ", 'hit@1'],
    rows: rows.map(({ summary, credit, against, spearman, hitAtOne }) => [
      escaped(summary.arm),
      escaped(credit),
      escaped(against),
      cell(spearman),
      cell(hitAtOne),
    ]),
    words: [1, 2],
  })}
${list()}`;
  return results.experiment.figure === 'credit'
    ? made
    : `<details><summary>Credits of single steps</summary>${made}</details>`;
}

/** Beside what was trained, what the equations say of temperature and backward policies, calculated anew. */
function factsSection({ experiment }: Results): string {
  if (experiment.figure !== 'temperature') return '';
  return `<section>
<h2>What the equations say</h2>
<p>Exact calculations on trees of 3 steps and 3 actions, with no training in them (docs/method.md, Facts; <code>src/flow/facts.ts</code>): with P_B over the entering edges the slope is 1 and L1 is 0, whatever the learning rates.</p>
${table({
  caption: 'Facts 1, 3 and 4',
  head: ['quantity', 'fact', 'expected', 'calculated'],
  rows: exactFacts().map(({ number, quantity, expected, value, middleHalf }) => [
    escaped(quantity),
    String(number),
    escaped(expected),
    (Math.abs(value) < 1e-9 ? '0' : figure(value)) +
      (middleHalf ? ` <small>middle half ${middleHalf.map(figure).join(' to ')}</small>` : ''),
  ]),
})}
</section>`;
}

function tuningSection(results: Results): string {
  const { tune } = results.experiment;
  if (tune === undefined || results.tunings.length === 0) return '';
  const size = results.tunings[0].tried.length * tune.seeds.length;
  const rows = results.tunings.flatMap(({ arm, suite, chosen, tried }) =>
    tried.map(({ tuned, value }) => {
      const taken = JSON.stringify(tuned) === JSON.stringify(chosen);
      return [
        escaped(arm),
        escaped(suite),
        escaped(settingsOf(tuned)),
        value === null ? '<span class="undefined">undefined: a run has no value</span>' : figure(value),
        taken ? '<strong>chosen</strong>' : '',
      ];
    }),
  );
  return `<section>
<h2>Tuning</h2>
<p>Tuned with the same effort: ${counted(size, 'run')} each, by the final ${MEASURE_NAMES[tune.by]} on validation tasks where the suite has them, else on train, over ${counted(tune.seeds.length, 'seed')} of its own (${tune.seeds.join(', ')}).</p>
${table({
  caption: 'The whole grid, and what was chosen',
  head: ['arm', 'suite', 'settings', MEASURE_NAMES[tune.by], 'choice'],
  rows,
  words: [1, 2, 4],
})}
</section>`;
}

function settingsOf(tuned: Readonly<Record<string, unknown>>): string {
  const words = Object.entries(tuned).map(([path, value]) => `${path} = ${JSON.stringify(value)}`);
  return words.length === 0 ? 'none' : words.join(', ');
}

function runsSection({ runs }: Results): string {
  const counts = [...new Set(runs.map(({ status }) => status))].map(
    (status) => `${runs.filter((run) => run.status === status).length} ${status}`,
  );
  const seconds = runs.reduce((sum, run) => sum + (run.seconds ?? 0), 0);
  const failed = runs.filter(({ error }) => error !== null);
  return `<section>
<h2>Runs</h2>
<p>${escaped(capital(listed(counts)))}; ${figure(seconds / 60)} minutes of training in all.</p>
${failed.length === 0 ? '' : `<ul>${failed.map(({ arm, suite, seed, error }) => `<li>${escaped(`${arm} on ${suite}, seed ${seed}: ${error}`)}</li>`).join('')}</ul>`}
<details><summary>Every run</summary>
${table({
  caption: 'Every run, with its status',
  head: ['run', 'stage', 'arm', 'suite', 'seed', 'tuned', 'status', 'seconds', 'device'],
  rows: runs.map(({ id, stage, arm, suite, seed, tuned, status, error, seconds: took, device }) => [
    `<code>${escaped(id)}</code>`,
    stage,
    escaped(arm),
    escaped(suite),
    String(seed),
    escaped(settingsOf(tuned)),
    escaped(error === null ? status : `${status}: ${error}`),
    took === null ? '–' : took.toFixed(1),
    escaped(device ?? '–'),
  ]),
  words: [1, 2, 3, 5, 6, 8],
})}
</details>
</section>`;
}

function devicesOf({ runs }: Results): string {
  const devices = [...new Set(runs.flatMap(({ device }) => (device === null ? [] : [device])))];
  return devices.length === 0 ? 'none, since no run left a record' : devices.join('; ');
}

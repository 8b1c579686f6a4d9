/** The figure of an experiment on one suite and split, and curves over training, as strings of SVG. */
import { area, line } from 'd3-shape';
import type { CreditTruth } from '../flow/creditAgreement.ts';
import type { Split } from '../graph/world.ts';
import { CREDITS, REFERENCE_POLICIES } from '../training/records.ts';
import type { Place } from './arms.ts';
import {
  barAt,
  creditName,
  familyOf,
  figure,
  hasLibraries,
  levelOf,
  listed,
  MEASURE_NAMES,
  measured,
  referenceAt,
  SPLIT_NAMES,
  summariesAt,
  truthName,
  undefinedBecause,
  written,
} from './arms.ts';
import { byRatio, varianceLines } from './conclusions.ts';
import type { Interval } from './intervals.ts';
import { lower, upper } from './intervals.ts';
import type { Measure, ReferenceOf, Results, Summary } from './results.ts';
import type { Scale, Shape } from './svg.ts';
import {
  colour,
  DASHED,
  drawing,
  element,
  label,
  linear,
  logarithmic,
  marker,
  placeLabels,
  SERIES_COLOURS,
  SHAPES,
  SOFT,
  shortened,
  spread,
  widthOf,
  xAxis,
  yAxis,
} from './svg.ts';

const FAMILY_SHAPES = { balance: 'circle', reward: 'square', imitation: 'triangle' } as const;
const FAMILY_NAMES = { balance: 'flow balance', reward: 'reward maximisation', imitation: 'imitation' } as const;
const POLICY_NAMES: Readonly<Record<ReferenceOf['policy'], string>> = {
  random: 'uniform policy',
  greedy: 'greedy policy',
  optimal: 'target',
};

/** The figure of the experiment's kind. */
export function figureSvg(results: Results, suite: string, split: Split): string {
  const draw = {
    collapse: collapseFigure,
    credit: creditFigure,
    temperature: temperatureFigure,
    variance: varianceFigure,
    comparison: comparisonFigure,
    evolution: evolutionFigure,
  }[results.experiment.figure];
  return draw(results, { suite, split });
}

/** Unique in a page: places are numbered, since names may be anything. */
function idOf(results: Results, { suite, split }: Place, what: string): string {
  return `figure-${results.experiment.suites.findIndex(({ name }) => name === suite)}-${split}-${what}`;
}

const where = ({ suite, split }: Place): string => `${suite}, ${SPLIT_NAMES[split]} tasks`;
const indexOf = (results: Results, arm: string): number =>
  results.experiment.arms.findIndex(({ name }) => name === arm);
const colourOf = (results: Results, arm: string): string => colour(indexOf(results, arm));

function nothing(results: Results, place: Place, title: string, because: string): string {
  return drawing(
    { id: idOf(results, place, 'none'), title, desc: because, width: 720, height: 60 },
    label(because, [16, 34], { opacity: SOFT }),
  );
}

/** Notes below a picture, one a line. */
function notes(lines: readonly string[], x: number, y: number): string {
  return lines.map((words, i) => label(shortened(words, 100), [x, y + 17 * i], { opacity: SOFT })).join('');
}

/** A whisker along x or y; an end that is outside the picture has no bar across it. */
function whisker(scale: Scale, interval: Interval, across: number, along: 'x' | 'y', stroke: string): string {
  if (interval.halfWidth === null) return '';
  const ends = [lower(interval), upper(interval)];
  const [from, to] = ends.map(scale.at);
  const bars = ends.filter((end) => end >= scale.domain[0] && end <= scale.domain[1]).map(scale.at);
  const path =
    along === 'x'
      ? `M${from},${across}H${to}${bars.map((at) => `M${at},${across - 4}v8`).join('')}`
      : `M${across},${from}V${to}${bars.map((at) => `M${across - 4},${at}h8`).join('')}`;
  return element('path', { d: path, stroke, fill: 'none', 'stroke-width': 1.4 });
}

/** Room for the means and `levels`, and for whiskers up to half as far again: those of two runs are 13 times as wide. */
function domainOf(intervals: readonly Interval[], levels: readonly number[]): readonly [number, number] {
  const means = [...intervals.map(({ mean }) => mean), ...levels];
  const [least, most] = [Math.min(...means), Math.max(...means)];
  const room = (most - least) / 2;
  return [
    Math.min(least, Math.max(least - room, Math.min(...intervals.map(lower)))),
    Math.max(most, Math.min(most + room, Math.max(...intervals.map(upper)))),
  ];
}

// Collapse

/** A point of the picture: an arm, or a policy that needs no learning. */
interface Spot {
  readonly name: string;
  readonly success: Interval;
  readonly kept: Interval;
  /** among those that a closer view is of */
  readonly near: boolean;
  readonly stroke: string;
  readonly draw: (at: readonly [number, number]) => string;
}

/** Learned arms that lie within this much success of each other are shown a second time, closer. */
const CLOSE = 0.3;

function collapseFigure(results: Results, place: Place): string {
  const all = summariesAt(results, place);
  const arms = all.flatMap((summary): Spot[] => {
    const { success, modesKept: kept } = summary.values;
    if (success === null || kept === null) return [];
    const stroke = colourOf(results, summary.arm);
    const look = { fill: summary.learned ? stroke : 'none', stroke, 'stroke-width': 1.5 };
    return [
      {
        name: shortened(summary.arm, 26) + (summary.learned ? '' : ' (did not learn)'),
        success,
        kept,
        near: summary.learned,
        stroke,
        draw: (at) => marker(FAMILY_SHAPES[familyOf(results, summary.arm, summary.suite)], at, look),
      },
    ];
  });
  const exact = (mean: number): Interval => ({ mean, halfWidth: null, n: 1 });
  const policies = (['random', 'greedy', 'optimal'] as const).flatMap((policy): Spot[] => {
    const found = referenceAt(results, place, policy);
    if (found === undefined || found.modesOfTarget === 0) return [];
    const [success, kept] = [found.success, found.modes / found.modesOfTarget].map(exact);
    return [
      { name: POLICY_NAMES[policy], success, kept, near: policy === 'optimal', stroke: 'currentColor', draw: open },
    ];
  });
  const missing = all.flatMap(({ arm, values }) => {
    const measure = (['success', 'modesKept'] as const).find((one) => values[one] === null);
    return measure ? [`Not shown: ${arm}; ${MEASURE_NAMES[measure]} ${undefinedBecause(measure)}.`] : [];
  });
  const spots = [...policies, ...arms];
  const bottom = 440;
  const y = linear([0, 1.04 * Math.max(1, ...spots.map(({ kept }) => kept.mean))], [bottom, 46]);
  const near = spots.filter((spot) => spot.near);
  const ends = [Math.min(...near.map((one) => lower(one.success))), Math.max(...near.map((one) => upper(one.success)))];
  const closer = arms.filter((spot) => spot.near).length > 1 && ends[1] - ends[0] < CLOSE;
  const pad = Math.max(0.01, 0.15 * (ends[1] - ends[0]));
  const panels = closer
    ? [
        collapsePanel(
          spots,
          spots.filter((spot) => !spot.near),
          linear([0, 1.03], [54, 400]),
          y,
          'success',
        ),
        collapsePanel(
          near,
          near,
          closeUp([Math.max(0, ends[0] - pad), ends[1] + pad], [474, 1040]),
          y,
          `success, from ${figure(Math.max(0, ends[0] - pad))}: arms that learned, closer`,
        ),
      ]
    : [collapsePanel(spots, spots, linear([0, 1.03], [54, 836], 10), y, 'success')];
  const foot = bottom + 64;
  return drawing(
    {
      id: idOf(results, place, 'collapse'),
      title: `Modes kept against success: ${where(place)}`,
      desc: [
        ...all
          .filter(({ values }) => values.success && values.modesKept)
          .map((one) => `${one.arm}: success ${measured(one, 'success')}, modes kept ${measured(one, 'modesKept')}.`),
        ...policies.map(
          ({ name, success, kept }) => `${name}: success ${figure(success.mean)}, modes kept ${figure(kept.mean)}.`,
        ),
        ...missing,
      ].join(' '),
      width: closer ? 1060 : 860,
      height: foot + 22 + 17 * missing.length,
    },
    ...panels,
    collapseLegend(results, all, policies.length > 0, foot),
    notes(missing, 54, foot + 24),
  );
}

/** Success is at most 1, so no tick is above it, though a marker there has room. */
function closeUp(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const scale = linear(domain, range, 6);
  return { ...scale, ticks: scale.ticks.filter((tick) => tick < 1 + 1e-9) };
}

function collapsePanel(spots: readonly Spot[], named: readonly Spot[], x: Scale, y: Scale, xTitle: string): string {
  const [left, right] = x.range;
  const [bottom, top] = y.range;
  const obstacles = spots.flatMap(({ success, kept }) => {
    const [from, to] = [x.at(lower(success)), x.at(upper(success))];
    const [low, high] = [y.at(lower(kept)), y.at(upper(kept))];
    return [
      { x: from - 2, y: y.at(kept.mean) - 4, width: to - from + 4, height: 8 },
      { x: x.at(success.mean) - 4, y: high - 2, width: 8, height: low - high + 4 },
      { x: x.at(success.mean) - 7, y: y.at(kept.mean) - 7, width: 14, height: 14 },
    ];
  });
  const points = named.map(({ name, success, kept }) => ({ x: x.at(success.mean), y: y.at(kept.mean), words: name }));
  return [
    xAxis(x, bottom, top, xTitle, figure),
    yAxis(y, left, right, "share of the target's modes kept", figure),
    ...spots.map(
      ({ success, kept, stroke }) =>
        whisker(x, success, y.at(kept.mean), 'x', stroke) + whisker(y, kept, x.at(success.mean), 'y', stroke),
    ),
    ...spots.map(({ success, kept, draw }) => draw([x.at(success.mean), y.at(kept.mean)])),
    placeLabels(points, { x: left + 2, y: top - 10, width: right - left + 16, height: bottom - top + 8 }, obstacles),
  ].join('');
}

function collapseLegend(results: Results, all: readonly Summary[], policies: boolean, y: number): string {
  const families = (['balance', 'reward', 'imitation'] as const).filter((family) =>
    all.some(({ arm, suite }) => familyOf(results, arm, suite) === family),
  );
  const hollow: Key[1] = 'open, solid: did not learn';
  const keys = [
    ...families.map(
      (family): Key => [(at) => marker(FAMILY_SHAPES[family], at, { fill: 'currentColor' }), FAMILY_NAMES[family]],
    ),
    ...(policies ? [[open, 'needs no learning'] satisfies Key] : []),
    ...(all.some(({ learned, values }) => !learned && values.modesKept)
      ? [[(at) => marker('square', at, { fill: 'none', stroke: 'currentColor' }), hollow] satisfies Key]
      : []),
  ];
  return legend(keys, 54, y);
}

const open = (at: readonly [number, number]): string =>
  marker('circle', at, { fill: 'none', stroke: 'currentColor', 'stroke-dasharray': '2.5 2' }, 6);

type Key = readonly [(at: readonly [number, number]) => string, string];

function legend(keys: readonly Key[], x: number, y: number): string {
  let at = x + 6;
  return keys
    .map(([draw, words]) => {
      const made = draw([at, y - 4]) + label(words, [at + 12, y], { opacity: SOFT });
      at += widthOf(words) + 36;
      return made;
    })
    .join('');
}

// Bars: credit and comparison

interface BarRow {
  readonly name: string;
  readonly colour: string;
  /** one for each column; a string says why there is none */
  readonly values: readonly (Interval | string)[];
}
interface BarGroup {
  readonly name: string;
  readonly rows: readonly BarRow[];
}
interface BarColumn {
  readonly name: string;
  /** dashed lines with their names, each name in a row of its own; those beyond the axis are left out */
  readonly levels: readonly Level[];
  /** The axis goes as far as this at least; to 1 if left out. */
  readonly least?: number | undefined;
}

/** Bars that go further down than this have their ticks above them too. */
const TALL = 500;

/** Horizontal bars with whiskers, rows in groups, beside each its number; every row is named. */
function bars(
  about: { readonly id: string; readonly title: string },
  columns: readonly BarColumn[],
  groups: readonly BarGroup[],
  footnotes: readonly string[] = [],
): string {
  const [width, left, row, head] = [720, 192, 19, 28];
  const each = (width - left - 8) / columns.length;
  const scales = columns.map(({ least = 1 }, k) => {
    const values = groups.flatMap(({ rows }) => rows.map((one) => one.values[k])).filter((v) => typeof v !== 'string');
    const lowest = Math.min(0, ...values.map(lower));
    const highest = Math.max(least, ...values.map((value) => value.mean));
    const start = left + k * each;
    return linear([Math.max(-1, lowest), highest], [start + 8, start + each - 112], 4);
  });
  const shown = columns.map(({ levels }, k) =>
    levels
      .filter(({ value }) => scales[k].domain[0] <= value && value <= scales[k].domain[1])
      .sort((a, b) => a.value - b.value),
  );
  let y = 50 + 15 * Math.max(...shown.map(({ length }) => length));
  const top = y;
  const drawn = groups
    .map((group) => {
      const heading = group.name === '' ? '' : label(group.name, [8, y + 15], { 'font-weight': 600 });
      y += group.name === '' ? 4 : head - 4;
      const rows = group.rows.map((one) => {
        const middle = y + row / 2;
        y += row;
        return [
          label(shortened(one.name, 27), [left - 8, middle + 4], { 'text-anchor': 'end' }),
          ...one.values.map((value, k) => barOf(scales[k], value, middle, one.colour)),
        ].join('');
      });
      y += 6;
      return heading + rows.join('');
    })
    .join('');
  const said = groups.flatMap(({ name, rows }) =>
    rows.map((one) => {
      const values = columns.map((column, k) => {
        const value = one.values[k];
        return `${column.name} ${typeof value === 'string' ? value : written(value)}`;
      });
      return `${name === '' ? '' : `${name}, `}${one.name}: ${values.join(', ')}.`;
    }),
  );
  const levelled = columns.flatMap(({ name }, k) =>
    shown[k].map((level) => `${name}, ${level.name}: ${figure(level.value)}.`),
  );
  return drawing(
    { ...about, desc: [...said, ...levelled].join(' '), width, height: y + 40 + 17 * footnotes.length },
    ...columns.map(({ name }, k) => {
      const scale = scales[k];
      return [
        label(name, [scale.range[0], 22], { 'font-weight': 600 }),
        ...scale.ticks.map((tick) =>
          element('line', {
            x1: scale.at(tick),
            x2: scale.at(tick),
            y1: top,
            y2: y,
            stroke: 'currentColor',
            opacity: tick === 0 ? 0.5 : 0.16,
          }),
        ),
        ...(y > TALL ? [top - 6, y + 16] : [y + 16]).flatMap((height) =>
          scale.ticks.map((tick) =>
            label(figure(tick), [scale.at(tick), height], { 'text-anchor': 'middle', opacity: SOFT }),
          ),
        ),
        ...shown[k].map(({ name: words, value }, i) => {
          const at = scale.at(value);
          // The least on top and each to the right of its line, so that no line crosses a name.
          const height = top - 10 - 15 * (shown[k].length - 1 - i);
          return (
            element('line', {
              x1: at,
              x2: at,
              y1: height - 9,
              y2: y,
              stroke: 'currentColor',
              'stroke-dasharray': DASHED,
              opacity: 0.7,
            }) + label(`${words} ${figure(value)}`, [at + 4, height], { opacity: SOFT })
          );
        }),
      ].join('');
    }),
    drawn,
    notes(footnotes, 8, y + 42),
  );
}

function barOf(scale: Scale, value: Interval | string, middle: number, fill: string): string {
  if (typeof value === 'string')
    return label('undefined', [scale.at(0) + 6, middle + 4], { opacity: SOFT, 'font-style': 'italic' });
  const [from, to] = [scale.at(Math.min(0, value.mean)), scale.at(Math.max(0, value.mean))];
  return (
    element('rect', { x: from, y: middle - 6, width: to - from, height: 12, fill, opacity: 0.75 }) +
    whisker(scale, value, middle, 'x', 'currentColor') +
    label(short(value), [scale.range[1] + 104, middle + 4], { 'text-anchor': 'end' })
  );
}

/** Mean and half width, two or three places; the n is in the table and the description. */
function short({ mean, halfWidth }: Interval): string {
  const number = mean.toFixed(3).replace('-', '−');
  return halfWidth === null ? number : `${number} ± ${halfWidth.toFixed(3)}`;
}

function creditFigure(results: Results, place: Place): string {
  const title = `Agreement of credits with exact ones: ${where(place)}`;
  const withCredits = summariesAt(results, place).filter(({ credits }) => credits.length > 0);
  if (withCredits.length === 0) return nothing(results, place, title, 'No run has credits to compare.');
  const names = [...new Set(withCredits.flatMap(({ credits }) => credits.map(({ credit }) => credit)))];
  const groups = withCredits.flatMap(({ arm, learned, credits }) =>
    [...new Set(credits.map(({ against }) => against))].map(
      (truth): BarGroup => ({
        name: `${shortened(arm, 60)}${learned ? '' : ' (did not learn)'}, against ${truthName(truth)}`,
        rows: credits
          .filter(({ against }) => against === truth)
          .map(({ credit, spearman, hitAtOne }) => ({
            name: creditName(credit),
            colour: colour(names.indexOf(credit)),
            values: [spearman ?? 'undefined', hitAtOne ?? 'undefined'],
          })),
      }),
    ),
  );
  return bars(
    { id: idOf(results, place, 'credit'), title },
    [
      { name: "Spearman's ρ", levels: [] },
      { name: 'hit@1', levels: [] },
    ],
    groups,
  );
}

function comparisonFigure(results: Results, place: Place): string {
  const all = summariesAt(results, place);
  const bar = barAt(results, place);
  // What every run is held to is what the question is about.
  const first = bar === null ? 'success' : 'l1';
  const rows = all.map(
    (summary): BarRow => ({
      name: summary.arm,
      colour: colourOf(results, summary.arm),
      values: ([first, 'modesKept'] as const).map((measure) => summary.values[measure] ?? undefinedBecause(measure)),
    }),
  );
  const failed = all.filter(({ learned }) => !learned).map(({ arm }) => arm);
  return bars(
    {
      id: idOf(results, place, 'comparison'),
      title: `${bar === null ? 'Success' : 'Distance to the target'} and modes kept: ${where(place)}`,
    },
    [
      bar === null
        ? { name: 'success', levels: levelsAt(results, place, 'success') }
        : {
            name: 'L1 to the target',
            levels: [{ name: 'bar', value: bar }, ...levelsAt(results, place, 'l1')],
            least: 1.25 * bar,
          },
      { name: "share of the target's modes kept", levels: levelsAt(results, place, 'modesKept') },
    ],
    [{ name: '', rows }],
    failed.length > 0 ? [`Did not learn: ${listed(failed)}.`] : [],
  );
}

function evolutionFigure(results: Results, place: Place): string {
  const rows = summariesAt(results, place).map(
    (summary): BarRow => ({
      name:
        summary.arm +
        (summary.values.skills ? `, ${figure(Number(summary.values.skills.mean.toFixed(1)))} skills` : ''),
      colour: colourOf(results, summary.arm),
      values: (['success', 'attainable'] as const).map(
        (measure) => summary.values[measure] ?? undefinedBecause(measure),
      ),
    }),
  );
  return bars(
    { id: idOf(results, place, 'evolution'), title: `Success, and what the library allows: ${where(place)}` },
    [
      { name: 'success', levels: levelsAt(results, place, 'success') },
      { name: 'allowed by the library, exactly', levels: [] },
    ],
    [{ name: '', rows }],
  );
}

// Lines

interface Line {
  readonly name: string;
  readonly colour: string;
  readonly shape: Shape | null;
  readonly points: readonly { readonly x: number; readonly interval: Interval }[];
  /** whiskers at the points, or a band along them */
  readonly spread: 'whiskers' | 'band';
}
interface Level {
  readonly name: string;
  readonly value: number;
}

/** An interval over two runs is 13 standard errors wide, and would cover the picture. */
const BAND_RUNS = 3;

/** Lines with their names at the right end, and dashed levels. */
function lines(
  axes: {
    readonly x: Scale;
    readonly y: Scale;
    readonly xTitle: string;
    readonly yTitle: string;
    readonly xName?: (tick: number) => string;
  },
  drawn: readonly Line[],
  levels: readonly Level[],
): string {
  const { x, y } = axes;
  const [left, right] = x.range;
  const [bottom, top] = y.range;
  const curve = line<Line['points'][number]>(
    (point) => x.at(point.x),
    (point) => y.at(point.interval.mean),
  ).digits(1);
  const band = area<Line['points'][number]>(
    (point) => x.at(point.x),
    (point) => y.at(lower(point.interval)),
    (point) => y.at(upper(point.interval)),
  ).digits(1);
  const ends = [
    ...drawn.map((one) => ({
      name: one.name,
      shape: one.shape,
      colour: one.colour,
      at: y.at(one.points[one.points.length - 1].interval.mean),
    })),
    ...levels.map(({ name, value }) => ({ name, shape: null, colour: 'currentColor', at: y.at(value) })),
  ];
  const heights = spread(
    ends.map(({ at }) => at),
    15,
    [top, bottom],
  );
  return [
    xAxis(x, bottom, top, axes.xTitle, axes.xName ?? figure),
    yAxis(y, left, right, axes.yTitle, figure),
    ...drawn
      .filter(
        ({ spread, points }) =>
          spread === 'band' && points.length > 1 && points.every(({ interval }) => interval.n >= BAND_RUNS),
      )
      .map((one) => element('path', { d: band([...one.points]) ?? '', fill: one.colour, opacity: 0.13 })),
    ...levels.map(({ value }) =>
      element('line', {
        x1: left,
        x2: right,
        y1: y.at(value),
        y2: y.at(value),
        stroke: 'currentColor',
        'stroke-dasharray': DASHED,
        opacity: 0.7,
      }),
    ),
    ...drawn.map((one) =>
      [
        element('path', { d: curve([...one.points]) ?? '', fill: 'none', stroke: one.colour, 'stroke-width': 1.8 }),
        ...one.points.map((point) =>
          [
            one.spread === 'whiskers' ? whisker(y, point.interval, x.at(point.x), 'y', one.colour) : '',
            one.shape === null
              ? ''
              : marker(one.shape, [x.at(point.x), y.at(point.interval.mean)], { fill: one.colour }, 4),
          ].join(''),
        ),
      ].join(''),
    ),
    ...ends.map(({ name, shape, colour, at }, i) => {
      const moved = Math.abs(heights[i] - at) > 3;
      return [
        moved
          ? element('line', { x1: right + 1, y1: at, x2: right + 12, y2: heights[i], stroke: colour, opacity: 0.6 })
          : '',
        element('line', {
          x1: right + 12,
          x2: right + 27,
          y1: heights[i],
          y2: heights[i],
          stroke: colour,
          'stroke-width': 2.5,
          'stroke-dasharray': colour === 'currentColor' ? '2.5 2' : undefined,
        }),
        shape === null ? '' : marker(shape, [right + 20, heights[i]], { fill: colour }, 4),
        label(shortened(name, 22), [right + 32, heights[i] + 4]),
      ].join('');
    }),
  ].join('');
}

/** Room for the labels at the right of lines. */
function roomFor(names: readonly string[]): number {
  return 42 + Math.max(0, ...names.map((name) => widthOf(shortened(name, 22))));
}

const saidOf = (name: string, points: Line['points'], at: string): string =>
  `${name}: ${points.map((point) => `${written(point.interval)} at ${at} ${figure(point.x)}`).join(', ')}.`;

function temperatureFigure(results: Results, place: Place): string {
  const title = `Slope and L1 by the ratio of the learning rates: ${where(place)}`;
  const paper = byRatio(results, place);
  if (paper.length === 0) return nothing(results, place, title, 'No arm is ttb-paper with both learning rates given.');
  const others = summariesAt(results, place).filter((one) => !paper.some(({ summary }) => summary === one));
  const ratios = paper.map(({ ratio }) => ratio);
  const [from, to] = [Math.min(...ratios) / 1.3, Math.max(...ratios) * 1.3];
  const target = { name: 'the target', value: 1 };
  const levels = { slope: [target], l1: levelsAt(results, place, 'l1') };
  const names = ['ttb-paper', ...others.map(({ arm }) => arm), ...[...levels.l1, target].map(({ name }) => name)];
  const room = roomFor(names);
  const panel = (measure: 'slope' | 'l1', left: number, right: number) => {
    const of = ({ values }: Summary) => values[measure];
    const drawn = [
      {
        name: 'ttb-paper',
        colour: colour(0),
        shape: 'circle' as const,
        points: paper.flatMap(({ ratio, summary }) => {
          const interval = of(summary);
          return interval ? [{ x: ratio, interval }] : [];
        }),
        spread: 'whiskers' as const,
      },
      ...others.map((summary, i) => {
        const interval = of(summary);
        const points = interval ? [from, to].map((x) => ({ x, interval })) : [];
        return { name: summary.arm, colour: colour(i + 1), shape: null, points, spread: 'band' as const };
      }),
    ].filter(({ points }) => points.length > 0);
    const values = drawn.flatMap(({ points }) => points.map(({ interval }) => interval));
    const [least, most] = domainOf(values, [0, 1, ...levels[measure].map(({ value }) => value)]);
    // L1 lies between 0 and 2, whatever Student's t makes of two seeds.
    const y = linear(measure === 'l1' ? [0, Math.min(2, most)] : [least, most], [350, 46]);
    const axes = {
      x: logarithmic([from, to], [left, right], ratios),
      y,
      xTitle: 'backward / forward learning rate',
      yTitle: measure === 'slope' ? 'slope of log π on log R̃^β' : MEASURE_NAMES.l1,
    };
    return {
      svg: lines(axes, drawn, levels[measure]),
      said: drawn.map(({ name, points, shape }) =>
        shape === null
          ? `${MEASURE_NAMES[measure]} of ${name}: ${written(points[0].interval)} at any ratio.`
          : saidOf(`${MEASURE_NAMES[measure]} of ${name}`, points, 'the ratio'),
      ),
    };
  };
  const half = 480;
  const [slope, l1] = [panel('slope', 54, half - room), panel('l1', half + 54, 2 * half - room)];
  return drawing(
    {
      id: idOf(results, place, 'temperature'),
      title,
      desc: [...slope.said, ...l1.said].join(' '),
      width: 2 * half,
      height: 396,
    },
    slope.svg,
    l1.svg,
  );
}

/** By the walks of a batch at the end of training; beside it over training at the largest batch, where that was measured. */
function varianceFigure(results: Results, place: Place): string {
  const measured = varianceLines(results, place.suite);
  const steps = [...new Set(measured.map(({ step }) => step))].sort((a, b) => a - b);
  const objectives = [...new Set(measured.map(({ objective }) => objective))];
  const known = measured.flatMap(({ objective, step, points }) =>
    points.flatMap(({ walks, interval }) =>
      interval !== null && interval.mean > 0 ? [{ objective, step, walks, interval }] : [],
    ),
  );
  const end = steps[steps.length - 1];
  const most = Math.max(...known.map(({ walks }) => walks));
  const lineOf = (objective: string, among: typeof known, at: 'walks' | 'step'): Line => {
    const i = objectives.indexOf(objective);
    return {
      name: objective,
      colour: colour(i),
      // Colours come again after eight, and then with another shape.
      shape: SHAPES[(i + Math.floor(i / SERIES_COLOURS)) % SHAPES.length],
      points: among.filter((one) => one.objective === objective).map((one) => ({ x: one[at], interval: one.interval })),
      spread: 'whiskers',
    };
  };
  const linesOf = (among: typeof known, at: 'walks' | 'step') =>
    objectives.map((objective) => lineOf(objective, among, at)).filter(({ points }) => points.length > 0);
  const byWalks = linesOf(
    known.filter(({ step }) => step === end),
    'walks',
  );
  const overSteps = linesOf(
    known.filter(({ walks }) => walks === most),
    'step',
  );
  const atEnd = end === undefined ? '' : `step ${end.toLocaleString('en')}`;
  const title = `Variance of the gradient by walks per objective: ${place.suite}`;
  if (byWalks.length === 0) return nothing(results, place, title, 'No variance was measured.');
  const two = steps.length > 1;
  const width = 640;
  const room = roomFor(objectives);
  const panel = (drawn: readonly Line[], left: number, xTitle: string, over: number | null) => {
    const xs = drawn.flatMap(({ points }) => points.map(({ x }) => x));
    const ys = drawn.flatMap(({ points }) => points.map(({ interval }) => interval.mean));
    const [from, to] = [Math.min(...xs), Math.max(...xs)];
    const axes = {
      x: logarithmic(
        [from / 1.1, to * 1.1],
        [left + 64, left + width - room],
        [...new Set(xs)].sort((a, b) => a - b),
      ),
      y: logarithmic([Math.min(...ys) / 1.3, Math.max(...ys, (over ?? 0) / from) * 1.2], [380, 46]),
      xTitle,
      yTitle: 'tr Cov / |mean|² of the gradient',
    };
    const falls = over === null ? [] : [from, to].map((x) => [axes.x.at(x), axes.y.at(over / x)]);
    const fall =
      falls.length === 0
        ? ''
        : element('path', {
            d: `M${falls[0].join(',')}L${falls[1].join(',')}`,
            stroke: 'currentColor',
            'stroke-dasharray': DASHED,
            opacity: 0.6,
            fill: 'none',
          });
    return `${fall}${lines(axes, drawn, [])}`;
  };
  // What independent walks give, a fall as 1 / walks, drawn above the highest line.
  const over = 1.5 * Math.max(...byWalks.flatMap(({ points }) => points.map((p) => p.interval.mean * p.x)));
  return drawing(
    {
      id: idOf(results, place, 'variance'),
      title,
      desc: [
        ...byWalks.map(({ name, points }) => saidOf(`${name}, ${atEnd}`, points, 'walks')),
        ...(two ? overSteps.map(({ name, points }) => saidOf(`${name}, ${most} walks`, points, 'step')) : []),
      ].join(' '),
      width: two ? 2 * width : width,
      height: 466,
    },
    panel(byWalks, 0, `walks in a batch, at ${atEnd}`, over),
    two ? panel(overSteps, width, `step of training, at ${most} walks`, null) : '',
    notes(
      [
        'Dashed: a fall as 1 / walks, which independent walks give.',
        'Means over seeds with 95% intervals where there are several.',
      ],
      64,
      438,
    ),
  );
}

/** Colours come again after eight; then lines have markers too. */
function againShape(i: number): Shape | null {
  const round = Math.floor(i / SERIES_COLOURS);
  return round === 0 ? null : SHAPES[(round - 1) % SHAPES.length];
}

/** The course of a measure over training: mean lines with bands, dashed levels of what needs no learning. */
export function curvesSvg(results: Results, suite: string, split: Split, measure: Measure): string {
  const place = { suite, split };
  const drawn = results.curves
    .filter((one) => one.suite === suite && one.split === split && one.measure === measure && one.points.length > 0)
    .map(
      ({ arm, points }): Line => ({
        name: arm,
        colour: colourOf(results, arm),
        shape: againShape(indexOf(results, arm)) ?? (points.length === 1 ? 'circle' : null),
        points: points.map(({ step, interval }) => ({ x: step, interval })),
        spread: 'band',
      }),
    );
  const title = `${MEASURE_NAMES[measure]} over training: ${where(place)}`;
  if (drawn.length === 0) return nothing(results, place, title, 'No run has a value to draw.');
  const about = { id: idOf(results, place, `curve-${measure}`), title, yTitle: MEASURE_NAMES[measure] };
  return course(about, drawn, levelsAt(results, place, measure));
}

/** Uniform, greedy and target, each where the records hold it. */
function levelsAt(results: Results, place: Place, measure: Measure): readonly Level[] {
  return REFERENCE_POLICIES.flatMap((policy): Level[] => {
    const reference = referenceAt(results, place, policy);
    const exact = reference ? levelOf(reference, measure) : null;
    // The target's own L1 is 0 up to rounding.
    const value = exact !== null && Math.abs(exact) < 1e-12 ? 0 : exact;
    const name = POLICY_NAMES[policy];
    return value === null ? [] : [{ name: hasLibraries(results) ? `${name.split(' ')[0]} at first` : name, value }];
  });
}

/** The course of every credit of an arm against one exact credit; null where none was measured. */
export function creditCourseSvg(
  results: Results,
  place: Place,
  {
    arm,
    against,
    score,
  }: { readonly arm: string; readonly against: CreditTruth; readonly score: 'spearman' | 'hitAtOne' },
): string | null {
  const drawn = results.creditCurves
    .filter((one) => one.suite === place.suite && one.split === place.split && one.arm === arm)
    .filter((one) => one.against === against)
    .flatMap(({ credit, points }): Line[] => {
      const held = points.flatMap(({ step, [score]: interval }) => (interval === null ? [] : [{ x: step, interval }]));
      if (held.length === 0) return [];
      const shape = held.length === 1 ? 'circle' : null;
      return [
        { name: creditName(credit), colour: colour(CREDITS.indexOf(credit)), shape, points: held, spread: 'band' },
      ];
    });
  if (drawn.length === 0) return null;
  const yTitle = score === 'spearman' ? "Spearman's ρ" : 'hit@1';
  const id = idOf(results, place, `course-${indexOf(results, arm)}-${against}-${score}`);
  return course({ id, title: `${yTitle} with ${truthName(against)}: ${arm}, ${where(place)}`, yTitle }, drawn, []);
}

/** Lines over training steps. */
function course(
  { id, title, yTitle }: { readonly id: string; readonly title: string; readonly yTitle: string },
  drawn: readonly Line[],
  levels: readonly Level[],
): string {
  const all = drawn.flatMap(({ points }) => points);
  const values = [...all.map(({ interval }) => interval.mean), ...levels.map(({ value }) => value)];
  const names = [...drawn, ...levels].map(({ name }) => name);
  const rows = Math.max(260, names.length * 15);
  const axes = {
    x: linear([0, Math.max(1, ...all.map(({ x }) => x))], [54, 560 - roomFor(names)], 4),
    y: linear([Math.min(0, ...values), Math.max(1, ...values)], [46 + rows, 46]),
    xTitle: 'training step',
    yTitle,
    xName: (tick: number) => tick.toLocaleString('en'),
  };
  const desc = [
    ...drawn.map(({ name, points }) => saidOf(name, points.slice(-1), 'step')),
    ...levels.map(({ name, value }) => `${name}: ${figure(value)}.`),
  ].join(' ');
  return drawing({ id, title, desc, width: 560, height: 46 + rows + 46 }, lines(axes, drawn, levels));
}

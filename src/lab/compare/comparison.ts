/** A comparison of runs: a curve per measure, and the last evaluations as rows of a table. Pure. */
import type { Split } from '../../graph/world.ts';
import { REFERENCE_POLICIES, type StepMetrics } from '../../training/records.ts';
import { type Mark, marksOf } from '../curves/marks.ts';
import { type Curve, type Line, type Point, pointsOf } from '../curves/series.ts';
import { figure } from '../format.ts';
import type { KeptRun } from '../kept/keptRun.ts';
import { BY_OBJECTIVE, groupRuns, type RunGroup } from './groups.ts';
import { MEASURES, type Measure } from './measures.ts';
import { evaluationsOf, type ResultRow, resultRow } from './results.ts';
import { settingsOf } from './settings.ts';
import { binned, interval, spreadOf } from './spread.ts';
import { lossWords, measureWords } from './words.ts';

export interface Asked {
  readonly by: string;
  readonly suite: string;
  readonly split: Split;
}

export interface Comparison {
  readonly groups: readonly RunGroup[];
  readonly marks: ReadonlyMap<string, Mark>;
  /** By a run's id: the mark and the label of the line that it is in. */
  readonly marksOfRuns: ReadonlyMap<string, Mark>;
  readonly labelOfRun: ReadonlyMap<string, string>;
  readonly curves: readonly Curve[];
  readonly rows: readonly ResultRow[];
  /** The last step of the longest run. */
  readonly total: number;
  /** Of the chosen runs, those that were never evaluated on this split. */
  readonly without: readonly KeptRun[];
}

const ROUNDING = 1e-9;
/** References closer than this are of the same tasks. */
const SAME = 1e-6;
/** Where in a plot the reference policies are named: apart, as their lines may lie together. */
const LABEL_AT = { optimal: 0.4, greedy: 0.7, random: 0.99 } as const;

/** Points of a curve of losses: a pixel holds many steps. */
const LOSS_POINTS = 60;

export function compareRuns(runs: readonly KeptRun[], { by, suite, split }: Asked): Comparison {
  const measured = runs.filter((run) => evaluationsOf(run, suite, split).length > 0);
  const groups = groupRuns(measured, by);
  // By its label, so that a line keeps its mark while other runs come and go.
  const byLabel = marksOf(groups.map(({ label }) => label));
  const marks = new Map(
    groups.flatMap(({ key, label }) => {
      const mark = byLabel.get(label);
      return mark === undefined ? [] : [[key, mark] as const];
    }),
  );
  const total = measured.reduce((most, { record }) => Math.max(most, record.steps.at(-1)?.step ?? 0), 1);
  const rows = groups.map((group) => resultRow(group, suite, split));
  const curves = MEASURES.map((measure): Curve => {
    const lines = groups.map((group) =>
      spreadLine(
        group,
        marks,
        group.runs.map((run) => pointsOf(evaluationsOf(run, suite, split), measure.of)),
        'linear',
      ),
    );
    return {
      id: measure.id,
      title: measure.title,
      caption: measureWords(measure, rows),
      lines: [
        ...lines,
        ...targetLine(measure, measured, suite, split),
        ...references(measure, measured, suite, split, total),
      ],
      from: measure.from ?? (lines.some((line) => line.points.some(([, value]) => value < 0)) ? -1 : 0),
      to: measure.to,
      scale: 'linear',
    };
  });
  return {
    groups,
    marks,
    marksOfRuns: new Map(
      groups.flatMap(({ key, runs: members }) => {
        const mark = marks.get(key);
        return mark === undefined ? [] : members.map(({ id }) => [id, mark] as const);
      }),
    ),
    labelOfRun: new Map(groups.flatMap(({ label, runs: members }) => members.map(({ id }) => [id, label] as const))),
    curves: [...curves, lossCurve(groups, marks, total)],
    rows,
    total,
    without: runs.filter((run) => !measured.includes(run)),
  };
}

function spreadLine(
  { key, label }: RunGroup,
  marks: ReadonlyMap<string, Mark>,
  series: readonly (readonly Point[])[],
  scale: 'linear' | 'log',
): Line {
  const spread = spreadOf(series, scale);
  return {
    label,
    style: 'compared',
    mark: marks.get(key),
    points: spread.map(({ step, mean }) => [step, mean]),
    spread,
  };
}

function lossCurve(groups: readonly RunGroup[], marks: ReadonlyMap<string, Mark>, total: number): Curve {
  // A surrogate loss of either sign has no place on a logarithmic axis.
  const signed = groups.filter(({ runs }) => runs.some(({ record }) => !isPositive(record.steps)));
  const drawn = groups.filter((group) => !signed.includes(group));
  const lines = drawn.map((group) => {
    const series = group.runs.map(({ record }) =>
      binned(
        pointsOf(record.steps, ({ loss }) => (loss > 0 ? loss : null)),
        total,
        LOSS_POINTS,
      ),
    );
    return spreadLine(group, marks, series, 'log');
  });
  const kinds = new Set(drawn.flatMap(({ runs }) => runs.map((run) => settingsOf(run).get(BY_OBJECTIVE))));
  return {
    id: 'loss',
    title: 'Loss',
    caption: lossWords(
      lines,
      kinds.size > 1,
      signed.map(({ label }) => label),
    ),
    lines,
    from: null,
    to: null,
    scale: 'log',
  };
}

/** Whether a loss stays above zero but for a few steps. */
function isPositive(steps: readonly StepMetrics[]): boolean {
  return steps.filter(({ loss }) => loss <= 0).length <= FEW * steps.length;
}
const FEW = 0.02;

/** What the target itself has, dashed; its mean where the runs' targets are not one. */
function targetLine({ ofTarget }: Measure, runs: readonly KeptRun[], suite: string, split: Split): readonly Line[] {
  if (ofTarget === undefined) return [];
  const points = spreadOf(
    runs.map((run) => pointsOf(evaluationsOf(run, suite, split), ofTarget)),
    'linear',
  );
  return [{ label: 'target’s', style: 'target', points: points.map(({ step, mean }) => [step, mean]) }];
}

/** Policies that need no learning; their mean where the runs' tasks are not the same, and between what it lies. */
function references(
  { ofReference }: Measure,
  runs: readonly KeptRun[],
  suite: string,
  split: Split,
  total: number,
): readonly Line[] {
  if (ofReference === null) return [];
  return REFERENCE_POLICIES.flatMap((policy): Line[] => {
    const values = runs.flatMap(({ record }) => {
      const row = record.references.find((one) => one.policy === policy && one.suite === suite && one.split === split);
      const value = row === undefined ? null : ofReference(row);
      // The optimal policy misses its target by rounding only.
      return value === null ? [] : [Math.abs(value) < ROUNDING ? 0 : value];
    });
    if (values.length === 0) return [];
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const one = high - low <= SAME;
    const mean = one ? values[0] : interval(values).mean;
    const range = !one ? ` (${figure(low, 2)} to ${figure(high, 2)})` : '';
    return [
      {
        label: `${policy}${range}`,
        style: 'reference',
        inPlot: { text: policy, at: LABEL_AT[policy] },
        points: [
          [0, mean],
          [total, mean],
        ],
      },
    ];
  });
}

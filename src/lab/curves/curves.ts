/** The curves of a run: which lines, on which axes, with which words. Pure. */
import type { Evaluation, StepMetrics } from '../../training/records.ts';
import { type Json, valueAt } from '../settings/draft.ts';
import type { LabRun } from '../store/runState.ts';
import { entropyCaption, l1Caption, logZCaption, lossCaption, modesCaption, successCaption } from './captions.ts';
import { type Curve, type Line, type Measured, measuredSplits, pointsOf, splitName } from './series.ts';

/** What curves are made of. */
export type CurveRun = Pick<LabRun, 'name' | 'total' | 'config' | 'steps' | 'evaluations'>;

/**
 * The curves for the tasks of one suite.
 * @param previous drawn behind as far as it is comparable: same suite and split, and for the loss the same kind
 */
export function curvesOf(run: CurveRun, suite: string, previous: CurveRun | null): readonly Curve[] {
  const { steps, evaluations } = run;
  const measured = measuredSplits(evaluations, suite);
  const main = measured[0];
  const train = measured.find(({ split }) => split === 'train');
  const second = train === main ? undefined : train;
  const before = previous === null ? [] : measuredSplits(previous.evaluations, suite);
  const beforeMain = before.find(({ split }) => split === main?.split);
  const behind = <T extends { readonly step: number }>(
    rows: readonly T[] | undefined,
    measure: (row: T) => number | null,
  ): readonly Line[] => {
    const points = pointsOf(rows ?? [], measure).filter(([step]) => step <= run.total);
    return previous === null || points.length === 0 ? [] : [{ label: previous.name, style: 'previous', points }];
  };
  const ofBefore = (measure: Measure): readonly Line[] => behind(beforeMain?.points, measure);
  const sameLoss = previous !== null && before.length > 0 && lossOf(previous) === lossOf(run);
  return [
    {
      id: 'success',
      title: 'Success',
      caption: successCaption(main),
      lines: [
        ...lines(main, second, (one) => one.success),
        ...target(main, 'target’s own', (one) => one.targetSuccess),
        ...ofBefore((one) => one.success),
      ],
      from: 0,
      to: 1,
      scale: 'linear',
    },
    {
      id: 'l1',
      title: 'Distance to the target (L1)',
      caption: l1Caption(main),
      lines: [...lines(main, second, (one) => one.l1), ...target(main, 'exact', () => 0), ...ofBefore((one) => one.l1)],
      from: 0,
      to: null,
      scale: 'linear',
    },
    {
      id: 'modes',
      title: 'Solutions kept',
      caption: modesCaption(main),
      lines: [
        ...lines(main, second, (one) => one.modes),
        ...target(main, 'target’s', (one) => one.modesOfTarget),
        ...ofBefore((one) => one.modes),
      ],
      from: 0,
      to: null,
      scale: 'linear',
    },
    {
      id: 'loss',
      title: 'Loss',
      caption: lossCaption(steps),
      lines: [
        {
          label: 'training batch',
          style: 'learned',
          points: pointsOf(steps, lossPoint),
        },
        ...(sameLoss ? behind(previous.steps, lossPoint) : []),
      ],
      from: null,
      to: null,
      scale: 'log',
    },
    {
      id: 'entropy',
      title: 'Entropy of outcomes',
      caption: entropyCaption(main),
      lines: [
        ...lines(main, second, (one) => one.entropy),
        ...target(main, 'target’s', (one) => one.entropyOfTarget),
        ...ofBefore((one) => one.entropy),
      ],
      from: 0,
      to: null,
      scale: 'linear',
    },
    {
      id: 'logZ',
      title: 'Error of log Z',
      caption: logZCaption(main),
      lines: [
        ...lines(main, second, (one) => one.logZError),
        ...target(main, 'exact', () => 0),
        ...ofBefore((one) => one.logZError),
      ],
      from: 0,
      to: null,
      scale: 'linear',
    },
  ];
}

/** A logarithmic axis has no place for a loss of 0. */
const lossPoint = (row: StepMetrics): number | null => (row.loss > 0 ? row.loss : null);

function lossOf(run: CurveRun): Json | undefined {
  return valueAt(run.config, 'objective.kind');
}

type Measure = (evaluation: Evaluation) => number | null;

function lines(main: Measured | undefined, second: Measured | undefined, measure: Measure): readonly Line[] {
  if (main === undefined) return [];
  const strong: Line = { label: splitName(main.split), style: 'learned', points: pointsOf(main.points, measure) };
  if (second === undefined) return [strong];
  return [strong, { label: splitName(second.split), style: 'also', points: pointsOf(second.points, measure) }];
}

function target(main: Measured | undefined, label: string, measure: Measure): readonly Line[] {
  return main === undefined ? [] : [{ label, style: 'target', points: pointsOf(main.points, measure) }];
}

/** The curves of a run: which lines, on which axes, with which words. Pure. */
import type { Evaluation } from '../../training/records.ts';
import type { LabRun } from '../store/runState.ts';
import { entropyCaption, l1Caption, logZCaption, lossCaption, modesCaption, successCaption } from './captions.ts';
import { type Curve, type Line, type Measured, measuredSplits, pointsOf, splitName } from './series.ts';

/** The curves for the tasks of one suite. */
export function curvesOf(
  { steps, evaluations }: Pick<LabRun, 'steps' | 'evaluations'>,
  suite: string,
): readonly Curve[] {
  const measured = measuredSplits(evaluations, suite);
  const main = measured[0];
  const train = measured.find(({ split }) => split === 'train');
  const second = train === main ? undefined : train;
  return [
    {
      id: 'success',
      title: 'Success',
      caption: successCaption(main),
      lines: [
        ...lines(main, second, (one) => one.success),
        ...target(main, 'target’s own', (one) => one.targetSuccess),
      ],
      from: 0,
      to: 1,
      scale: 'linear',
    },
    {
      id: 'l1',
      title: 'Distance to the target (L1)',
      caption: l1Caption(main),
      lines: [...lines(main, second, (one) => one.l1), ...target(main, 'exact', () => 0)],
      from: 0,
      to: null,
      scale: 'linear',
    },
    {
      id: 'modes',
      title: 'Solutions kept',
      caption: modesCaption(main),
      lines: [...lines(main, second, (one) => one.modes), ...target(main, 'target’s', (one) => one.modesOfTarget)],
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
          points: pointsOf(steps, (row) => (row.loss > 0 ? row.loss : null)),
        },
      ],
      from: null,
      to: null,
      scale: 'log',
    },
    {
      id: 'entropy',
      title: 'Entropy of outcomes',
      caption: entropyCaption(main),
      lines: [...lines(main, second, (one) => one.entropy), ...target(main, 'target’s', (one) => one.entropyOfTarget)],
      from: 0,
      to: null,
      scale: 'linear',
    },
    {
      id: 'logZ',
      title: 'Error of log Z',
      caption: logZCaption(main),
      lines: [...lines(main, second, (one) => one.logZError), ...target(main, 'exact', () => 0)],
      from: 0,
      to: null,
      scale: 'linear',
    },
  ];
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

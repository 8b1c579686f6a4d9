/** The measures that runs are compared by. Pure. */
import type { Evaluation, ReferenceMeasures } from '../../training/records.ts';

/** Which way is better; entropy should be that of the target. */
export type Better = 'more' | 'less' | 'target';

export interface Measure {
  readonly id: string;
  readonly title: string;
  /** In the table's head. */
  readonly short: string;
  readonly of: (evaluation: Evaluation) => number | null;
  /** Of a policy that needs no learning; null where the measure says nothing about one. */
  readonly ofReference: ((reference: ReferenceMeasures) => number | null) | null;
  readonly ofTarget?: (evaluation: Evaluation) => number;
  readonly better: Better;
  /** Why it can be undefined; empty where it never is. */
  readonly undefinedBecause: string;
  readonly from: number | null;
  readonly to: number | null;
}

const share = { from: 0, to: 1, better: 'more', undefinedBecause: '' } as const;

export const MEASURES: readonly Measure[] = [
  {
    id: 'success',
    title: 'Success',
    short: 'Success',
    of: (one) => one.success,
    ofReference: (one) => one.success,
    ...share,
  },
  { id: 'pass3', title: 'Pass@3', short: 'Pass@3', of: (one) => one.pass3, ofReference: (one) => one.pass3, ...share },
  { id: 'pass5', title: 'Pass@5', short: 'Pass@5', of: (one) => one.pass5, ofReference: (one) => one.pass5, ...share },
  {
    id: 'l1',
    title: 'Distance to the target (L1)',
    short: 'L1',
    of: (one) => one.l1,
    ofReference: (one) => one.l1,
    better: 'less',
    undefinedBecause: '',
    from: 0,
    to: null,
  },
  {
    id: 'modes',
    title: 'Solutions kept, share of the target’s',
    short: 'Modes',
    of: (one) => ratio(one.modes, one.modesOfTarget),
    ofReference: (one) => ratio(one.modes, one.modesOfTarget),
    ...share,
    undefinedBecause: 'the target has no solution in these tasks',
  },
  {
    id: 'entropy',
    title: 'Entropy of outcomes, nats',
    short: 'Entropy',
    of: (one) => one.entropy,
    ofReference: (one) => (one.policy === 'optimal' ? null : one.entropy),
    ofTarget: (one) => one.entropyOfTarget,
    better: 'target',
    undefinedBecause: '',
    from: 0,
    to: null,
  },
  {
    id: 'collapse',
    title: 'Collapse onto few solutions',
    short: 'Collapse',
    of: (one) => one.collapse,
    ofReference: (one) => one.collapse,
    better: 'less',
    undefinedBecause: 'nothing is solved, so nothing can collapse',
    from: 0,
    to: 1,
  },
  {
    id: 'logZError',
    title: 'Error of log Z',
    short: 'log Z error',
    of: (one) => one.logZError,
    ofReference: null,
    better: 'less',
    undefinedBecause: 'the objective has no head for log Z',
    from: 0,
    to: null,
  },
  {
    id: 'creditSpearman',
    title: 'Credit against exact credit (Spearman)',
    short: 'Credit ρ',
    of: (one) => one.creditSpearman,
    ofReference: null,
    better: 'more',
    undefinedBecause: 'no walk has three steps or more whose exact credit is not constant',
    from: null,
    to: 1,
  },
];

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

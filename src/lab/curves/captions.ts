/** What each curve shows, in words made from its numbers. Pure. */
import type { Evaluation, StepMetrics } from '../../training/records.ts';
import { figure } from '../format.ts';
import { type Measured, meanOf, splitName } from './series.ts';

const NONE = 'Nothing was measured yet.';
/** Steps over which a noisy figure is averaged. */
const WINDOW = 10;

function last(measured: Measured | undefined): Evaluation | undefined {
  return measured?.points.at(-1);
}

function first(measured: Measured | undefined): Evaluation | undefined {
  return measured?.points[0];
}

export function lossCaption(steps: readonly StepMetrics[]): string {
  if (steps.length === 0) return NONE;
  const now = meanOf(steps, (row) => row.loss, -WINDOW, steps.length);
  if (steps.length < 2 * WINDOW)
    return `Loss ${figure(now)} so far, over ${steps.length} ${steps.length === 1 ? 'step' : 'steps'}.`;
  const then = meanOf(steps, (row) => row.loss, 0, WINDOW);
  const ratio = then / now;
  const change =
    ratio > 1.1
      ? `${figure(ratio, 2)} times smaller than over the first ${WINDOW}`
      : ratio < 0.9
        ? `${figure(1 / ratio, 2)} times larger than over the first ${WINDOW}`
        : `as over the first ${WINDOW}`;
  return `Loss ${figure(now)} over the last ${WINDOW} steps, ${change}.`;
}

export function successCaption(measured: Measured | undefined): string {
  const now = last(measured);
  if (measured === undefined || now === undefined) return NONE;
  const gap = now.targetSuccess - now.success;
  const against =
    Math.abs(gap) < 0.005
      ? 'as often as the target itself'
      : `${figure(Math.abs(gap), 2)} ${gap > 0 ? 'below' : 'above'} the target’s own ${figure(now.targetSuccess)}`;
  const { unexplored = 0 } = now;
  // What a live executor was not asked counts as failed.
  const most =
    unexplored === 0
      ? ''
      : ` At most ${figure(Math.min(1, now.success + unexplored))}: ${(100 * unexplored).toFixed(1)}% of its walks lead to what was not asked.`;
  return `On ${splitName(measured.split)} tasks the policy succeeds with probability ${figure(now.success)}, ${against}.${most}`;
}

export function l1Caption(measured: Measured | undefined): string {
  const now = last(measured);
  const start = first(measured);
  if (now === undefined || start === undefined) return NONE;
  const since =
    start === now ? '' : `, ${now.l1 < start.l1 ? 'down' : 'up'} from ${figure(start.l1)} at step ${start.step}`;
  return `Σ|π − p*| is ${figure(now.l1)} of at most 2${since}. At 0 the policy is the target.`;
}

export function modesCaption(measured: Measured | undefined): string {
  const now = last(measured);
  if (now === undefined) return NONE;
  if (now.modesOfTarget === 0)
    return 'No outcome that is known solves any of these tasks: there is nothing to keep yet.';
  const mean = now.tasks > 1 ? ' a task' : '';
  const lost = now.modesOfTarget - now.modes;
  const kept = lost < 0.05 ? 'all are kept' : `${figure(lost, 2)} ${lost === 1 ? 'is' : 'are'} missing`;
  return `${figure(now.modes)} of ${figure(now.modesOfTarget)} solutions${mean} hold at least half of their share: ${kept}.`;
}

export function entropyCaption(measured: Measured | undefined): string {
  const now = last(measured);
  if (now === undefined) return NONE;
  const gap = now.entropy - now.entropyOfTarget;
  const words = Math.abs(gap) < 0.05 ? 'as spread as it should be' : gap > 0 ? 'too flat' : 'too sharp';
  return `Outcomes have ${figure(now.entropy)} nats, the target ${figure(now.entropyOfTarget)}: ${words}.`;
}

export function logZCaption(measured: Measured | undefined): string {
  const now = last(measured);
  if (now === undefined) return NONE;
  if (now.logZError === null)
    return 'Undefined, because this objective estimates log Z from each batch and has no head for it.';
  return `The learned log Z misses the exact one by ${figure(now.logZError)}: Z by a factor of ${figure(Math.exp(now.logZError))}.`;
}

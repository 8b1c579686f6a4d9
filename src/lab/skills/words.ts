/** What the view as a whole shows, in words made from the numbers. Pure. */
import type { EvolutionEvent } from '../../evolution/events.ts';
import type { EvolutionSettings } from '../../evolution/settings.ts';
import { whenEvidence } from '../../evolution/when.ts';
import type { Skill } from '../../skills/skill.ts';
import type { Evaluation, StepMetrics } from '../../training/records.ts';
import { splitName } from '../curves/series.ts';
import { count, percent } from '../flow/figures.ts';
import { figure } from '../format.ts';
import { changesActs, isChange } from './history.ts';
import type { Lineage } from './lineage.ts';

/** What the library is and does at the moment. */
export function libraryWords(skills: readonly Skill[], { lines, split, unmeasured }: Lineage): string {
  const [success] = lines;
  const best = lines.find(({ style }) => style === 'target');
  const first = best?.points[0]?.[1];
  const now = best?.points.at(-1)?.[1];
  const learned = success?.points.at(-1)?.[1];
  const steps = skills.reduce((sum, { statistics }) => sum + (statistics?.flowShare ?? 0), 0);
  const measured = skills.some(({ statistics }) => statistics !== null);
  const holds =
    skills.length === 0
      ? 'The library is empty.'
      : `${count(skills.length, 'skill')}${measured ? `, invoked in ${percent(steps)} of all steps of the last phase` : ', not measured yet'}.`;
  const them = skills.length === 1 || skills.length === 0 ? 'it' : 'them';
  if (unmeasured !== null) {
    return `${holds} With ${them} ${percent(unmeasured.attainable.after)} of the training tasks can be solved; the policy has not been measured with ${them} yet.`;
  }
  if (first === undefined || now === undefined || learned === undefined || split === null) return holds;
  const of = `${splitName(split)} tasks`;
  const possible =
    first === now
      ? `With ${them} ${percent(now)} of the ${of} can be solved, as at the start`
      : `With ${them} ${percent(now)} of the ${of} can be solved, ${now > first ? 'up' : 'down'} from ${percent(first)} at the start`;
  return `${holds} ${possible}; the policy solves ${percent(learned)}.`;
}

/** What became of the proposals. */
export function lineageWords(events: readonly EvolutionEvent[]): string {
  if (events.length === 0) return 'Nothing has happened to the library yet.';
  const rejected = events.filter(({ kind }) => kind === 'reject').length;
  const byHand = events.filter(({ kind, by }) => kind !== 'reject' && by === 'person').length;
  const adopted = events.length - rejected - byHand;
  const phases = new Set(events.filter(({ by }) => by !== 'person').map(({ step }) => step)).size;
  const parts = [
    ...(phases > 0
      ? [
          `${count(adopted + rejected, 'proposal')} in ${count(phases, 'phase')}: ${adopted} adopted, ${rejected} turned down`,
        ]
      : []),
    ...(byHand > 0 ? [`${count(byHand, 'change')} by hand`] : []),
  ];
  return `${parts.join('; ')}.`;
}

export interface Waiting {
  readonly plateau: string;
  readonly headroom: string;
}

/**
 * What an evolving run waits for before it works on its library. Windows count from the last phase that an event tells
 * of, or the last change by hand that made the tasks be unfolded anew.
 */
export function waitingWords(
  steps: readonly StepMetrics[],
  evaluations: readonly Evaluation[],
  { when, control }: EvolutionSettings,
  events: readonly EvolutionEvent[],
): Waiting {
  if (control === 'none')
    return { plateau: 'Its control is “none”: the flow never changes the library.', headroom: '' };
  if (control === 'schedule') {
    return { plateau: `A phase is held every ${count(when.every, 'step')}, whatever the loss does.`, headroom: '' };
  }
  const since = events.findLast((event) => event.by !== 'person' || changesActs(event))?.step ?? 0;
  const train = attainableNow(evaluations, events);
  const evidence = whenEvidence(windowsOf(steps, when.window, since), train?.attainable ?? 0, when);
  const { falls, losses, plateau } = evidence;
  const flat = `below ${percent(when.rho)} in ${count(when.windows, 'window')} running is a plateau`;
  const size = `windows of ${count(when.window, 'step')}`;
  const seen =
    losses.length === 0
      ? `Plateau: no window of ${count(when.window, 'step')} is complete yet; a fall of the loss ${flat}.`
      : falls.length === 0
        ? `Plateau: one window is complete, with a mean loss of ${figure(losses[0])}; a fall of the loss ${flat}.`
        : `Plateau ${plateau ? 'reached' : 'not reached'}: over the last ${size} the loss ${falls.map(fallWords).join(', then ')}; a fall ${flat}.`;
  const room =
    train === null
      ? 'Headroom: not measured yet.'
      : `Headroom ${1 - train.attainable > when.headroom ? 'there' : 'too small'}: ${percent(1 - train.attainable)} of the training tasks cannot be solved with the present library; more than ${percent(Math.max(0, when.headroom))} is asked for.${train.unexplored < 0.005 ? '' : ` ${percent(train.unexplored)} of the walks over them lead to what was not asked yet, and may solve them.`}`;
  return { plateau: seen, headroom: room };
}

/** What the present library allows on training tasks, as an event or an evaluation last told it; null where none did. */
function attainableNow(
  evaluations: readonly Evaluation[],
  events: readonly EvolutionEvent[],
): { readonly attainable: number; readonly unexplored: number } | null {
  const measured = evaluations.findLast(({ split }) => split === 'train');
  const last = events.at(-1);
  if (last === undefined || last.step < (measured?.step ?? 0)) {
    const { attainable = null, unexplored = 0 } = measured ?? {};
    return attainable === null ? null : { attainable, unexplored };
  }
  return { attainable: isChange(last) ? last.attainable.after : last.attainable.before, unexplored: 0 };
}

function fallWords(fall: number): string {
  return fall >= 0 ? `fell by ${percent(fall)}` : `rose by ${percent(-fall)}`;
}

/** Mean loss of each complete window that begins after `since`. */
function windowsOf(steps: readonly StepMetrics[], window: number, since: number): readonly number[] {
  const means: number[] = [];
  let sum = 0;
  let seen = 0;
  for (const { step, loss } of steps) {
    if (step <= since) continue;
    sum += loss;
    seen += 1;
    if (step % window !== 0) continue;
    means.push(sum / seen);
    sum = 0;
    seen = 0;
  }
  return means;
}

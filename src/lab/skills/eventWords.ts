/** Events of the library in words: what was done, and what the gate said of it. Pure. */
import type { EventKind, EvolutionEvent } from '../../evolution/events.ts';
import type { GateResult } from '../../evolution/gate.ts';
import type { Control } from '../../evolution/settings.ts';
import type { SkillLineage } from '../../skills/skill.ts';
import { fixed, percent, signed } from '../flow/figures.ts';

/** What was done, as a participle; of a reject, see `titleOf`. */
const DONE: Readonly<Record<EventKind, string>> = {
  create: 'Created',
  refine: 'Refined',
  prune: 'Pruned',
  merge: 'Merged',
  split: 'Split',
  reject: 'Turned down',
  rollback: 'Rolled back',
  manual: 'By hand',
};

export function kindName(kind: EventKind): string {
  return DONE[kind];
}

const PROPOSED: Readonly<Record<EventKind, string>> = {
  create: 'to create',
  refine: 'to refine into',
  prune: 'to prune',
  merge: 'to merge away',
  split: 'to split into',
  reject: 'a proposal',
  rollback: 'to roll back',
  manual: 'by hand',
};

/** What a reject would have done, to stand before a skill's name. */
export function proposalName(kind: EventKind): string {
  return PROPOSED[kind];
}

/** `Created take-heat`, `Turned down: to prune take-heat`. */
export function titleOf({ kind, proposed, skill }: Pick<EvolutionEvent, 'kind' | 'proposed' | 'skill'>): string {
  return kind === 'reject' ? `${DONE.reject}: ${PROPOSED[proposed]} ${skill.name}` : `${DONE[kind]}: ${skill.name}`;
}

const CONTROL_WORDS: Readonly<Record<Control, string>> = {
  flow: 'the flow',
  none: 'nobody',
  schedule: 'a fixed schedule',
  'random-place': 'chance, by place',
  'random-prune': 'chance, by pruning',
  'paper-prune': 'the published rule of pruning',
  'no-gate': 'the first proposal, without a gate',
  'uniform-credit': 'uniform credit',
};

/** Who decided. */
export function byWords(by: EvolutionEvent['by']): string {
  return by === 'person' ? 'a person' : CONTROL_WORDS[by];
}

/** What the gate measured and concluded, in a sentence. */
export function gateWords({ gain, standardError, threshold, verdict }: GateResult, kind: EventKind): string {
  const measured = `Mean reward on validation tasks changed by ${signed(gain, 3)} ± ${fixed(standardError, 3)}`;
  const most = fixed(threshold, 3);
  if (verdict === 'gains') {
    const more = kind === 'reject' ? ' It passed; another proposal of the phase gained more.' : '';
    return `${measured}, more than the ${most} asked for: it gains.${more}`;
  }
  if (verdict === 'loses') return `${measured}, a fall of more than ${most}: it loses.`;
  return `${measured}, within the ± ${most} that count as nothing.`;
}

/** What it did, or would have done, to what the training tasks allow; empty where it did nothing. */
export function attainableWords({
  attainable: { before, after },
  kind,
}: Pick<EvolutionEvent, 'attainable' | 'kind'>): string {
  if (before === after) return `The best possible on training tasks stays at ${percent(before)}.`;
  const would = kind === 'reject' ? 'would go' : 'went';
  return `The best possible on training tasks ${would} from ${percent(before)} to ${percent(after)}.`;
}

/** Why a proposal was turned down, in a few words. */
export function refusalOf({ gate, proposed, attainable }: EvolutionEvent): string {
  const removes = proposed === 'prune' || proposed === 'merge';
  if (removes) {
    if (gate?.verdict === 'loses') return 'reward falls without it';
    if (attainable.after < attainable.before) return 'it alone solves some tasks';
    return 'it stays';
  }
  if (gate === null) return 'it was not tried';
  if (gate.verdict === 'gains') return 'another gained more';
  return gate.verdict === 'loses' ? 'reward falls with it' : 'it changes too little';
}

const ORIGINS: Readonly<Record<SkillLineage['origin'], string>> = {
  lifted: 'lifted from walks',
  refined: 'refined',
  merged: 'merged',
  split: 'split off',
  imported: 'imported',
  manual: 'by hand',
};

export function originName(origin: SkillLineage['origin']): string {
  return ORIGINS[origin];
}

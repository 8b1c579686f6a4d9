/** What is tried with a skill that neither goes nor is good as it is: to narrow it down, or to let it do one act more. */

import { describePlan } from '../skills/describe.ts';
import { liftPlan } from '../skills/lift.ts';
import { kindOfAct, planKey } from '../skills/plan.ts';
import type { Library, Skill, SkillDraft, SkillSource } from '../skills/skill.ts';
import { skillDraftSchema } from '../skills/skill.ts';
import type { SkillDiagnostics } from './diagnostics.ts';
import type { EvolutionSettings } from './settings.ts';
import type { CreditedWalk } from './walks.ts';
import type { Judgement } from './what.ts';
import { sourceOf } from './where.ts';

export interface Refinement {
  readonly kind: 'split' | 'refine';
  readonly skill: Skill;
  readonly draft: SkillDraft;
  readonly sources: readonly SkillSource[];
  readonly reason: string;
  readonly diagnostics: SkillDiagnostics;
}

const MOST_ACTS = 8;

/** Acts that a skill's action stands for. */
export function actsOf(action: string, name: string): readonly string[] {
  return action.slice(name.length + 2).split(', then ');
}

/**
 * For every skill with the verdict `refine`, what is tried first: where it pays in one situation (its `g` above 0) and
 * costs in another (below 0) that lacks a kind of act of the first, it is offered where all those of the first are
 * allowed; else the act that most often follows it on walks that are solved becomes part of it. What no document of a
 * skill may hold is not tried.
 * @param known keys of plans that are not proposed
 */
export function refinementsOf(
  judgements: readonly Judgement[],
  diagnostics: readonly SkillDiagnostics[],
  walks: readonly CreditedWalk[],
  library: Library,
  known: ReadonlySet<string>,
  { leastVisits }: EvolutionSettings['what'],
): readonly Refinement[] {
  return judgements.flatMap(({ slot, verdict }): Refinement[] => {
    const skill = library.skills.find((one) => one.slot === slot);
    const own = diagnostics.find((one) => one.slot === slot);
    if (verdict !== 'refine' || !skill || !own) return [];
    return [split(skill, own, leastVisits), extended(skill, own, walks)]
      .filter((one) => one !== null)
      .filter(({ draft }) => skillDraftSchema.safeParse(draft).success)
      .filter(({ draft }) => !known.has(planKey(draft.plan, draft.allows)))
      .slice(0, 1);
  });
}

function split(skill: Skill, diagnostics: SkillDiagnostics, leastVisits: number): Refinement | null {
  const seen = diagnostics.bySituation.filter(({ visits }) => visits >= leastVisits);
  const pays = seen.filter(({ g }) => g.low > 0).sort((a, b) => b.g.mean - a.g.mean);
  const costs = seen.filter(({ g }) => g.high < 0);
  // A skill is offered wherever its kinds of act are among those allowed, so one of them must be missing where it costs.
  const keepsOut = (of: string, from: string) => of.split(', ').some((kind) => !from.split(', ').includes(kind));
  const [pair] = pays.flatMap((pay) =>
    costs.filter((cost) => keepsOut(pay.situation, cost.situation)).map((cost) => ({ ...pay, cost })),
  );
  if (!pair) return null;
  const { situation, g, cost } = pair;
  const draft = describePlan(skill.plan, situation.split(', '));
  return {
    kind: 'split',
    skill,
    draft: { ...draft, name: skill.name },
    sources: skill.lineage.sources,
    diagnostics,
    reason: `It pays where one can ${situation} (g ${g.mean.toFixed(2)}) and costs where one can ${cost.situation} (g ${cost.g.mean.toFixed(2)}).`,
  };
}

function extended(skill: Skill, diagnostics: SkillDiagnostics, walks: readonly CreditedWalk[]): Refinement | null {
  const groups = new Map<string, { readonly acts: readonly string[]; readonly source: SkillSource }[]>();
  for (const walk of walks) {
    if (!walk.solved) continue;
    for (const [at, step] of walk.steps.entries()) {
      const next = walk.steps[at + 1];
      if (step.slot !== skill.slot || next?.kind !== 'act') continue;
      const acts = [...actsOf(step.action, skill.name), next.action];
      const credit = step.credit + next.credit;
      const kind = kindOfAct(next.action);
      // With the skill's acts in the place of its one step, so that the plan covers them.
      const actions = walk.steps.flatMap(({ action }, t) => (t === at ? actsOf(action, skill.name) : [action]));
      const source = { ...sourceOf({ walk, first: at, credit }), actions };
      groups.set(kind, [...(groups.get(kind) ?? []), { acts, source }]);
    }
  }
  const [most] = [...groups].sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1));
  if (!most || skill.plan.length >= MOST_ACTS) return null;
  const [kind, stretches] = most;
  const distinct = [...new Map(stretches.map((one) => [one.acts.join('\n'), one])).values()];
  const lifted = liftPlan(distinct.slice(0, 12).map(({ acts }) => acts));
  if (lifted === null) return null;
  return {
    kind: 'refine',
    skill,
    draft: describePlan(lifted.plan, skill.allows),
    sources: distinct.slice(0, 6).map(({ source }) => source),
    diagnostics,
    reason: `On solved walks "${kind}" followed it ${stretches.length} times.`,
  };
}

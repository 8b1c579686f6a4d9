/** What a person may do to a library by hand. */
import { addSkill, findSkill, pinSkill, removeSkill, replaceSkill } from './library.ts';
import { planKey, templateFault } from './plan.ts';
import type { Library, Skill, SkillDraft } from './skill.ts';
import { skillDraftSchema } from './skill.ts';

export type LibraryChange =
  | { readonly kind: 'add'; readonly draft: SkillDraft }
  | { readonly kind: 'edit'; readonly name: string; readonly draft: SkillDraft }
  /** With `forbid`, its plan is not proposed again. */
  | { readonly kind: 'remove'; readonly name: string; readonly forbid: boolean }
  | { readonly kind: 'pin'; readonly name: string; readonly pinned: boolean }
  /** Forbidden plans may be proposed again. */
  | { readonly kind: 'allow'; readonly plan: string }
  /** Back to the library as it was before the event of this number, counted from 0. */
  | { readonly kind: 'rollback'; readonly event: number };

/** A plan that no executor could carry out. */
export class BadPlan extends Error {
  override readonly name = 'BadPlan';
}

/** A draft that a person wrote. @throws BadPlan naming the line and the fix */
export function checkDraft(input: unknown): SkillDraft {
  const parsed = skillDraftSchema.safeParse(input);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new BadPlan(`${issue.path.length === 0 ? 'The skill' : issue.path.join('.')}: ${issue.message}.`);
  }
  for (const [i, template] of parsed.data.plan.entries()) {
    const fault = templateFault(template);
    if (fault !== null) throw new BadPlan(`Line ${i + 1} of the plan, "${template}": ${fault}.`);
  }
  return parsed.data;
}

/** What a change leaves, and the skill that it is about; none for `allow`. */
export interface Changed {
  readonly library: Library;
  readonly skill: Skill | null;
}

/**
 * The library after a change by hand.
 * @param step of training, for the lineage
 * @throws BadPlan, LibraryFull, PlanRefused, NoSuchSkill
 */
export function changeByHand(
  library: Library,
  change: Exclude<LibraryChange, { kind: 'rollback' }>,
  step: number,
  slots: number,
): Changed {
  switch (change.kind) {
    case 'add': {
      const lineage = { origin: 'manual' as const, step, parents: [], sources: [] };
      const next = addSkill(library, { ...checkDraft(change.draft), lineage }, slots);
      return { library: next, skill: next.skills.find((skill) => !library.skills.includes(skill)) ?? null };
    }
    case 'edit': {
      const old = findSkill(library, change.name);
      const lineage = { origin: 'manual' as const, step, parents: [old.name], sources: old.lineage.sources };
      const next = replaceSkill(library, change.name, { ...checkDraft(change.draft), lineage });
      return { library: next, skill: next.skills.find(({ slot }) => slot === old.slot) ?? null };
    }
    case 'remove': {
      const skill = findSkill(library, change.name);
      const next = removeSkill(library, change.name);
      const key = planKey(skill.plan, skill.allows);
      return { library: change.forbid ? { ...next, forbidden: [...next.forbidden, key] } : next, skill };
    }
    case 'pin': {
      const next = pinSkill(library, change.name, change.pinned);
      return { library: next, skill: findSkill(next, change.name) };
    }
    case 'allow':
      return {
        library: { ...library, forbidden: library.forbidden.filter((key) => key !== change.plan) },
        skill: null,
      };
  }
}

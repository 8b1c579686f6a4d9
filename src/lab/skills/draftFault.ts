/** What a person is writing as a skill, and what is wrong with it while it is written. Pure. */
import { changeByHand, checkDraft, type LibraryChange } from '../../skills/libraryChange.ts';
import type { Library, Skill, SkillDraft } from '../../skills/skill.ts';

/** A draft as the fields of a form hold it: a plan is a text of lines, kinds of act a text of words. */
export interface Written {
  readonly name: string;
  readonly description: string;
  readonly plan: string;
  readonly pitfall: string;
  readonly constraint: string;
  readonly allows: string;
}

export const FIELDS = [
  'name',
  'description',
  'plan',
  'pitfall',
  'constraint',
  'allows',
] as const satisfies readonly (keyof Written)[];

export const BLANK: Written = { name: '', description: '', plan: '', pitfall: '', constraint: '', allows: '' };

export function writtenOf({ name, description, plan, pitfall, constraint, allows }: SkillDraft): Written {
  return { name, description, plan: plan.join('\n'), pitfall, constraint, allows: allows.join(' ') };
}

export function draftOf({ plan, allows, ...texts }: Written): SkillDraft {
  const lines = plan.split('\n').map((line) => line.trim());
  return {
    ...texts,
    name: texts.name.trim(),
    plan: lines.filter((line) => line !== ''),
    allows: allows.split(/[\s,]+/).filter((word) => word !== ''),
  };
}

/** The six fields that a person writes, of a skill. */
export function draftOfSkill({ name, description, plan, pitfall, constraint, allows }: SkillDraft): SkillDraft {
  return { name, description, plan, pitfall, constraint, allows };
}

export interface Fault {
  /** The field that is wrong; null where it is the skill as a whole. */
  readonly field: keyof Written | null;
  readonly message: string;
}

/** A draft in which nothing is wrong, to look at one field at a time. */
const PLAIN: SkillDraft = { name: 'x', description: '', plan: ['x'], pitfall: '', constraint: '', allows: [] };

/** What is wrong with a draft, field by field; where nothing is, what is wrong with it beside the library. @param old the skill that is edited */
export function faultsOf(draft: SkillDraft, old: Skill | null, library: Library, slots: number): readonly Fault[] {
  const own = FIELDS.flatMap((field): Fault[] => {
    if (field === 'plan' && draft.plan.length === 0) return [{ field, message: 'It needs an act, one on each line.' }];
    const message = refusal(() => checkDraft({ ...PLAIN, [field]: draft[field] }))?.message;
    return message === undefined ? [] : [{ field, message: message.replace(`${field}: `, '') }];
  });
  if (own.length > 0) return own;
  const change: Exclude<LibraryChange, { kind: 'rollback' }> =
    old === null ? { kind: 'add', draft } : { kind: 'edit', name: old.name, draft };
  const error = refusal(() => changeByHand(library, change, 0, slots));
  return error === null ? [] : [{ field: error.name === 'PlanRefused' ? 'plan' : null, message: error.message }];
}

/** Why something cannot be done; null where it can. */
function refusal(work: () => unknown): Error | null {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}

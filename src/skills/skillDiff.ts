/** What is different between two documents of a skill, for a reader: field by field, a plan line by line. */
import type { Skill, SkillDraft } from './skill.ts';

/** A line of a plan: in both, in the first alone, or in the second alone. */
export interface PlanLine {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
}

/** A field that differs. */
export type FieldChange =
  | {
      readonly field: 'name' | 'description' | 'pitfall' | 'constraint' | 'allows' | 'pinned' | 'version';
      readonly before: string;
      readonly after: string;
    }
  | { readonly field: 'plan'; readonly lines: readonly PlanLine[] };

type Document = SkillDraft & Partial<Pick<Skill, 'version' | 'pinned'>>;

/**
 * The fields that differ, in the order of the document; none where nothing does. Lineage and statistics say how a skill
 * came about and how it fares, and are not compared; `version` and `pinned` are where both documents have them.
 */
export function diffSkills(before: Document, after: Document): readonly FieldChange[] {
  const text = (field: Exclude<FieldChange['field'], 'plan'>, value: (skill: Document) => string | undefined) => {
    const [was, is] = [value(before), value(after)];
    return was === undefined || is === undefined || was === is ? [] : [{ field, before: was, after: is }];
  };
  const lines = diffPlans(before.plan, after.plan);
  return [
    ...text('name', ({ name }) => name),
    ...text('description', ({ description }) => description),
    ...(lines.every(({ kind }) => kind === 'same') ? [] : [{ field: 'plan' as const, lines }]),
    ...text('pitfall', ({ pitfall }) => pitfall),
    ...text('constraint', ({ constraint }) => constraint),
    ...text('allows', ({ allows }) => [...new Set(allows)].sort().join(', ')),
    ...text('version', ({ version }) => (version === undefined ? version : `${version}`)),
    ...text('pinned', ({ pinned }) => (pinned === undefined ? pinned : pinned ? 'yes' : 'no')),
  ];
}

/** A shortest way from one plan to another: a longest common subsequence stays, what goes stands before what comes. */
export function diffPlans(before: readonly string[], after: readonly string[]): readonly PlanLine[] {
  // lengths[i][j]: of the longest common subsequence of before[i ..] and after[j ..].
  const lengths = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0));
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      lengths[i][j] =
        before[i] === after[j] ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  const lines: PlanLine[] = [];
  for (let i = 0, j = 0; i < before.length || j < after.length; ) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      lines.push({ kind: 'same', text: before[i] });
      i++;
      j++;
    } else if (j === after.length || (i < before.length && lengths[i + 1][j] >= lengths[i][j + 1])) {
      lines.push({ kind: 'removed', text: before[i] });
      i++;
    } else {
      lines.push({ kind: 'added', text: after[j] });
      j++;
    }
  }
  return lines;
}

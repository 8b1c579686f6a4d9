/** The library as a tree of capabilities: suite, kind of first act, skills. Pure. */
import { kindOfAct } from '../../skills/plan.ts';
import type { Skill } from '../../skills/skill.ts';

export interface Branch {
  readonly suite: string;
  readonly acts: readonly { readonly act: string; readonly skills: readonly Kin[] }[];
}

/** A skill with those that were made from it. */
export interface Kin {
  readonly skill: Skill;
  /** Names of parents that stand in the library no more. */
  readonly gone: readonly string[];
  readonly children: readonly Kin[];
}

const UNKNOWN = 'no suite named';

/** @param suites of the run: where there is one, a skill without sources is of it */
export function treeOf(skills: readonly Skill[], suites: readonly string[]): readonly Branch[] {
  const held = new Set(skills.map(({ name }) => name));
  const parentOf = (skill: Skill): string | undefined =>
    skill.lineage.parents.find((parent) => held.has(parent) && parent !== skill.name);
  const placed = new Set<string>();
  const kin = (skill: Skill): Kin => {
    placed.add(skill.name);
    return {
      skill,
      gone: skill.lineage.parents.filter((parent) => !held.has(parent)),
      children: skills.filter((one) => !placed.has(one.name) && parentOf(one) === skill.name).map(kin),
    };
  };
  const suiteOf = (skill: Skill): string =>
    skill.lineage.sources[0]?.suite ?? (suites.length === 1 ? suites[0] : UNKNOWN);
  const roots = skills.filter((skill) => parentOf(skill) === undefined).map(kin);
  // Names may be used again: skills that are each other's parents have no root.
  const all = [
    ...roots,
    ...skills.filter(({ name }) => !placed.has(name)).flatMap((skill) => (placed.has(skill.name) ? [] : [kin(skill)])),
  ];
  const branches = new Map<string, Map<string, Kin[]>>();
  for (const one of all) {
    const acts = branches.get(suiteOf(one.skill)) ?? new Map<string, Kin[]>();
    branches.set(suiteOf(one.skill), acts);
    const act = kindOfAct(one.skill.plan[0] ?? '');
    acts.set(act, [...(acts.get(act) ?? []), one]);
  }
  return [...branches].map(([suite, acts]) => ({
    suite,
    acts: [...acts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([act, kins]) => ({ act, skills: kins })),
  }));
}

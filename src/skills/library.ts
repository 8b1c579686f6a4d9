/** What may be done to a library. It is never changed: each operation returns another one. */
import type { Composite } from '../graph/world.ts';
import { planKey } from './plan.ts';
import type { Library, Skill, SkillDraft, SkillLineage } from './skill.ts';

export class LibraryFull extends Error {
  override readonly name = 'LibraryFull';
  constructor(slots: number) {
    super(`The library has room for ${slots} skills and is full. Remove one, or raise evolution.slots.`);
  }
}

/** A plan that is in the library already, or that a person has forbidden. */
export class PlanRefused extends Error {
  override readonly name = 'PlanRefused';
}

export class NoSuchSkill extends Error {
  override readonly name = 'NoSuchSkill';
  constructor(name: string, library: Library) {
    const names = library.skills.map((skill) => skill.name).join(', ');
    super(`The library has no skill "${name}"; it has ${names === '' ? 'none' : names}.`);
  }
}

/** What the executor needs of the skills. */
export function compositesOf(library: Library): readonly Composite[] {
  return library.skills.map(({ slot, name, plan, allows }) => ({ slot, name, plan, allows }));
}

/** The same with what a language model reads of each, where one carries them out. */
export function documentedOf(library: Library): readonly Composite[] {
  return library.skills.map(({ slot, name, plan, allows, version, description, pitfall, constraint }) => ({
    slot,
    name,
    plan,
    allows,
    document: { version, text: [description, pitfall, constraint].filter((part) => part !== '').join(' ') },
  }));
}

const MOST_OF_NAME = 64;

/** `name`, or with a number after it where there is such a skill already. */
export function freeName(library: Library, name: string): string {
  const taken = new Set(library.skills.map((skill) => skill.name));
  if (!taken.has(name)) return name;
  for (let i = 2; ; i++) {
    const end = `-${i}`;
    const next = name.slice(0, MOST_OF_NAME - end.length).replace(/-$/, '') + end;
    if (!taken.has(next)) return next;
  }
}

function inOrder(skills: readonly Skill[]): readonly Skill[] {
  return [...skills].sort((a, b) => a.slot - b.slot);
}

function checkPlan(library: Library, draft: Pick<SkillDraft, 'plan' | 'allows'>): void {
  const key = planKey(draft.plan, draft.allows);
  if (library.forbidden.includes(key)) throw new PlanRefused('This plan was forbidden; allow it first.');
  const same = library.skills.find((skill) => planKey(skill.plan, skill.allows) === key);
  if (same) throw new PlanRefused(`The library has this plan already: it is that of "${same.name}".`);
}

/**
 * With one more skill, in the lowest free place.
 * @param slots places that there are
 * @throws LibraryFull, PlanRefused
 */
export function addSkill(
  library: Library,
  draft: SkillDraft & { readonly lineage: SkillLineage },
  slots: number,
): Library {
  checkPlan(library, draft);
  const taken = new Set(library.skills.map(({ slot }) => slot));
  const slot = Array.from({ length: slots }, (_, i) => i).find((i) => !taken.has(i));
  if (slot === undefined) throw new LibraryFull(slots);
  const skill: Skill = {
    ...draft,
    name: freeName(library, draft.name),
    slot,
    version: 1,
    statistics: null,
    pinned: false,
  };
  return { ...library, skills: inOrder([...library.skills, skill]) };
}

export function findSkill(library: Library, name: string): Skill {
  const skill = library.skills.find((one) => one.name === name);
  if (!skill) throw new NoSuchSkill(name, library);
  return skill;
}

/** @throws NoSuchSkill */
export function removeSkill(library: Library, name: string): Library {
  const { slot } = findSkill(library, name);
  return { ...library, skills: library.skills.filter((skill) => skill.slot !== slot) };
}

/** With another document in the place of a skill, as its next version. @throws NoSuchSkill, PlanRefused */
export function replaceSkill(
  library: Library,
  name: string,
  draft: SkillDraft & { readonly lineage: SkillLineage },
): Library {
  const old = findSkill(library, name);
  const rest = removeSkill(library, name);
  checkPlan(rest, draft);
  const next: Skill = {
    ...draft,
    name: freeName(rest, draft.name),
    slot: old.slot,
    version: old.version + 1,
    statistics: null,
    pinned: old.pinned,
  };
  return { ...rest, skills: inOrder([...rest.skills, next]) };
}

/** What a person wants kept is never removed by the flow. @throws NoSuchSkill */
export function pinSkill(library: Library, name: string, pinned: boolean): Library {
  const { slot } = findSkill(library, name);
  return { ...library, skills: library.skills.map((skill) => (skill.slot === slot ? { ...skill, pinned } : skill)) };
}

/** With what a phase measured of the skills. */
export function withStatistics(library: Library, statistics: ReadonlyMap<number, Skill['statistics']>): Library {
  return {
    ...library,
    skills: library.skills.map((skill) => ({ ...skill, statistics: statistics.get(skill.slot) ?? skill.statistics })),
  };
}

/** The library before a change, from the one after it. */
export function undone(
  library: Library,
  change: { readonly removed: readonly Skill[]; readonly added: readonly Skill[] },
): Library {
  const gone = new Set(change.added.map(({ slot }) => slot));
  return { ...library, skills: inOrder([...library.skills.filter(({ slot }) => !gone.has(slot)), ...change.removed]) };
}

/** What a change took out of a library and what it put in: documents, whatever is known of them. */
export function differenceOf(
  before: Library,
  after: Library,
): { readonly removed: readonly Skill[]; readonly added: readonly Skill[] } {
  const key = ({ statistics: _, ...document }: Skill): string => JSON.stringify(document);
  const [old, next] = [before, after].map(({ skills }) => new Set(skills.map(key)));
  return {
    removed: before.skills.filter((skill) => !next.has(key(skill))),
    added: after.skills.filter((skill) => !old.has(key(skill))),
  };
}

/** What the events of a run say of one skill: its versions, what was measured of it, how it came and went. Pure. */
import type { EvolutionEvent } from '../../evolution/events.ts';
import { compositesOf } from '../../skills/library.ts';
import type { Skill, SkillStatistics } from '../../skills/skill.ts';
import type { Evaluation } from '../../training/records.ts';

/** An event with its number, as a rollback names it. */
export interface Numbered {
  readonly number: number;
  readonly event: EvolutionEvent;
}

/** A version of a skill, and the event that brought it; null for one that the run began with. */
export interface Version {
  readonly skill: Skill;
  readonly by: Numbered | null;
}

export function numbered(events: readonly EvolutionEvent[]): readonly Numbered[] {
  return events.map((event, number) => ({ number, event }));
}

/** Whether an event changed the library. */
export function isChange({ removed, added }: Pick<EvolutionEvent, 'removed' | 'added'>): boolean {
  return removed.length > 0 || added.length > 0;
}

/** Whether an event changed what can be done, and so made the run unfold its tasks anew; a pin or another pitfall does not. */
export function changesActs({ removed, added }: Pick<EvolutionEvent, 'removed' | 'added'>): boolean {
  const acts = (skills: readonly Skill[]): string => JSON.stringify(compositesOf({ skills, forbidden: [] }));
  return acts(removed) !== acts(added);
}

/** Whether two are one document: what is known of them may differ. */
function isSame(first: Skill, second: Skill): boolean {
  return documentOf(first) === documentOf(second);
}

function documentOf({ statistics: _, ...document }: Skill): string {
  return JSON.stringify(document);
}

/** The versions of a skill that stands in the library, the newest first, as far back as the events tell. */
export function versionsOf(skill: Skill, events: readonly EvolutionEvent[]): readonly Version[] {
  const versions: Version[] = [];
  let now = skill;
  for (const { number, event } of [...numbered(events)].reverse()) {
    const added = event.added.find((one) => one.slot === now.slot && isSame(one, now));
    if (!added) continue;
    versions.push({ skill: now, by: { number, event } });
    const before = event.removed.find((one) => one.slot === now.slot);
    // What stood in the place before and went by another event was another skill.
    if (!before) return versions;
    now = before;
  }
  versions.push({ skill: now, by: null });
  return versions;
}

/**
 * The skill of a name, or what it became where it was refined or edited under another one; undefined where neither is
 * in the library.
 */
export function heirOf(name: string, skills: readonly Skill[], events: readonly EvolutionEvent[]): Skill | undefined {
  const held = skills.find((skill) => skill.name === name);
  if (held) return held;
  const last = events.findLastIndex(({ removed }) => removed.some((skill) => skill.name === name));
  const gone = events[last]?.removed.find((skill) => skill.name === name);
  const next = gone && events[last].added.find(({ slot }) => slot === gone.slot);
  return next && heirOf(next.name, skills, events.slice(last + 1));
}

/** What was measured of a skill, phase by phase, the oldest first: what the events and its document hold, no more. */
export function measuredOf(skill: Skill, events: readonly EvolutionEvent[]): readonly SkillStatistics[] {
  const since = versionsOf(skill, events).at(-1)?.by?.event.step ?? 0;
  const found = new Map<number, SkillStatistics>();
  const keep = (statistics: SkillStatistics | null): void => {
    if (statistics !== null && statistics.step >= since) found.set(statistics.step, statistics);
  };
  const names = new Set([skill.name]);
  for (const event of events) {
    const { diagnostics } = event.evidence;
    if (diagnostics?.slot === skill.slot && isAbout(event, names)) keep(diagnostics);
    for (const one of [...event.removed, ...event.added, event.skill]) {
      if (one.slot === skill.slot && one.name === skill.name) keep(one.statistics);
    }
  }
  keep(skill.statistics);
  return [...found.values()].sort((a, b) => a.step - b.step);
}

/**
 * A skill's share of all steps at each evaluation of one split since it entered, by the policy of the time: steps and
 * shares of 0 to 1. An evaluation comes before what is done to the library at its step.
 */
export function sharesOf(
  skill: Skill,
  events: readonly EvolutionEvent[],
  evaluations: readonly Pick<Evaluation, 'step' | 'skillShares'>[],
): readonly (readonly [step: number, share: number])[] {
  const since = versionsOf(skill, events).at(-1)?.by?.event.step ?? -1;
  return evaluations.flatMap(({ step, skillShares = [] }) => {
    const own = skillShares.find(({ slot }) => slot === skill.slot);
    return step > since && own ? [[step, own.share] as const] : [];
  });
}

/** The events that were about a skill, the newest first, those that turned a change of it down included. */
export function eventsOf(skill: Skill, events: readonly EvolutionEvent[]): readonly Numbered[] {
  const names = new Set(versionsOf(skill, events).map((version) => version.skill.name));
  return numbered(events)
    .filter(({ event }) => {
      const touched = [...event.removed, ...event.added].some(
        ({ slot, name }) => slot === skill.slot && names.has(name),
      );
      const concerned = event.proposed !== 'create' && event.skill.slot === skill.slot && isAbout(event, names);
      return touched || concerned;
    })
    .reverse();
}

function isAbout({ skill }: EvolutionEvent, names: ReadonlySet<string>): boolean {
  return names.has(skill.name) || skill.lineage.parents.some((parent) => names.has(parent));
}

/** The last change, where a person made it: what Undo takes back. */
export function lastByHand(events: readonly EvolutionEvent[]): Numbered | null {
  const number = events.length - 1;
  const event = events[number];
  return event?.by === 'person' ? { number, event } : null;
}

/** Proposals that were turned down, the newest phase first. */
export function rejectsOf(events: readonly EvolutionEvent[]): readonly Numbered[] {
  return numbered(events)
    .filter(({ event }) => event.kind === 'reject')
    .reverse();
}

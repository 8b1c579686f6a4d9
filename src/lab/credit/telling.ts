/** What to call each of several walks, so that they are told apart: what they share is left out. */
import type { CreditedTrajectory } from '../../session/protocol.ts';

export interface Telling {
  /** Where the walk ends: all of it where it is short, else the facts that not all walks end in. */
  readonly outcome: string;
  /** The acts that tell the walk from others that end the same; empty where none does. */
  readonly acts: readonly string[];
}

/** Outcomes up to this length are read at a glance. */
const SHORT = 40;

/** Names for walks, in their order. */
export function tellApart(walks: readonly Pick<CreditedTrajectory, 'outcome' | 'steps'>[]): readonly Telling[] {
  const outcomes = walks.map(({ outcome }) => outcome);
  const facts = withoutShared(outcomes.map((outcome) => outcome.split(', ')));
  return walks.map(({ outcome, steps }, i) => {
    const same = walks.filter((other) => other.outcome === outcome);
    const acts = withoutShared(same.map((other) => actsOf(other)))[same.findIndex((other) => other.steps === steps)];
    return {
      outcome: outcome.length <= SHORT || facts[i].length === 0 ? outcome : facts[i].join(', '),
      acts: same.length > 1 ? acts : [],
    };
  });
}

function actsOf({ steps }: Pick<CreditedTrajectory, 'steps'>): readonly string[] {
  return steps.map(({ action }) => action);
}

/** Each list without what is in all of them. */
export function withoutShared(lists: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return lists.map((list) => list.filter((part) => !lists.every((other) => other.includes(part))));
}

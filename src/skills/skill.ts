/**
 * A skill as a document: what it is for, its plan, where it comes from and what it was measured to do. An executor
 * carries out the plan as one step of the Supervisor (Composite); a language model reads the same text.
 */
import type { Composite, Split } from '../graph/world.ts';

/** How a skill came to be. */
export const SKILL_ORIGINS = ['lifted', 'refined', 'merged', 'split', 'imported', 'manual'] as const;

/** A stretch of a trajectory that a plan was lifted from. */
export interface SkillSource {
  readonly suite: string;
  readonly split: Split;
  /** Position of the task within the split. */
  readonly task: number;
  readonly text: string;
  /** Texts of the trajectory's actions, and which of them the plan covers: `first .. first + plan.length - 1`. */
  readonly actions: readonly string[];
  readonly first: number;
  /** Sum of the credits of those steps. */
  readonly credit: number;
}

export interface SkillLineage {
  readonly origin: (typeof SKILL_ORIGINS)[number];
  /** Training step at which it entered the library. */
  readonly step: number;
  /** Names of the skills that it was made from. */
  readonly parents: readonly string[];
  readonly sources: readonly SkillSource[];
}

/** A mean with a bootstrap interval. */
export interface Estimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** What a phase measured of a skill; see evolution/diagnostics.ts. */
export interface SkillStatistics {
  readonly step: number;
  /** How often it was invoked in the phase's walks, and its share of all steps. */
  readonly visits: number;
  readonly flowShare: number;
  /** Null where it was not visited. */
  readonly G: Estimate | null;
  readonly J: Estimate | null;
  readonly lambda: Estimate | null;
  readonly g: Estimate | null;
}

export interface Skill extends Composite {
  /** How often its document has changed, from 1. */
  readonly version: number;
  /** When to use it. */
  readonly description: string;
  readonly pitfall: string;
  /** What must hold where it is used, in words; `allows` is what the executor checks. */
  readonly constraint: string;
  readonly lineage: SkillLineage;
  readonly statistics: SkillStatistics | null;
  /** A person has said that it stays. */
  readonly pinned: boolean;
}

/** The skills at one time. */
export interface Library {
  /** In the order of their slots. */
  readonly skills: readonly Skill[];
  /** Keys of plans (`planKey`) that a person has forbidden. */
  readonly forbidden: readonly string[];
}

export const EMPTY_LIBRARY: Library = { skills: [], forbidden: [] };

/**
 * A skill as a document: what it is for, its plan, where it comes from and what it was measured to do. An executor
 * carries out the plan as one step of the Supervisor (Composite); a language model reads the same text.
 */
import { z } from 'zod';
import type { Composite, Split } from '../graph/world.ts';
import { SPLITS } from '../graph/world.ts';
import { planSchema, planShape } from './plan.ts';

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

/** What a person writes of a skill: `pitfall` is what to beware of, the rest see Skill. */
export const skillDraftSchema = z.strictObject({
  name: z
    .string()
    .max(64)
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'lower-case letters and digits, words with hyphens between them'),
  /** When to use it. */
  description: z.string().max(1024).default(''),
  plan: planShape,
  pitfall: z.string().max(1024).default(''),
  constraint: z.string().max(1024).default(''),
  allows: z.array(z.string().max(40).regex(/^\S+$/, 'a word: a kind of act')).max(16).default([]),
});
export interface SkillDraft {
  readonly name: string;
  readonly description: string;
  readonly plan: readonly string[];
  readonly pitfall: string;
  readonly constraint: string;
  readonly allows: readonly string[];
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

/** Places that a library may have at most. */
const MOST_SKILLS = 64;

const count = z.int().min(0);
const text = z.string().max(4096);

export const estimateSchema = z.strictObject({
  mean: z.number(),
  low: z.number(),
  high: z.number(),
}) satisfies z.ZodType<Estimate>;

export const statisticsSchema = z.strictObject({
  step: count,
  visits: count,
  flowShare: z.number(),
  G: estimateSchema.nullable(),
  J: estimateSchema.nullable(),
  lambda: estimateSchema.nullable(),
  g: estimateSchema.nullable(),
}) satisfies z.ZodType<SkillStatistics>;

/** A skill of unknown origin. */
export const skillSchema = z.strictObject({
  ...skillDraftSchema.shape,
  plan: planSchema,
  slot: count.max(MOST_SKILLS - 1),
  version: z.int().min(1),
  lineage: z.strictObject({
    origin: z.enum(SKILL_ORIGINS),
    step: count,
    parents: z.array(text),
    sources: z.array(
      z.strictObject({
        suite: text,
        split: z.enum(SPLITS),
        task: count,
        text,
        actions: z.array(text),
        first: count,
        credit: z.number(),
      }),
    ),
  }),
  statistics: statisticsSchema.nullable(),
  pinned: z.boolean(),
}) satisfies z.ZodType<Skill>;

/** A library of unknown origin: its skills in the order of their slots, no two with one slot or one name. */
export const librarySchema = z
  .strictObject({
    skills: z.array(skillSchema).max(MOST_SKILLS),
    forbidden: z.array(text),
  })
  .superRefine(({ skills }, context) => {
    for (const [i, { slot, name }] of skills.entries()) {
      const before = skills.slice(0, i);
      const refuse = (field: string, message: string): void => {
        context.addIssue({ code: 'custom', path: ['skills', i, field], message });
      };
      if (before.some((other) => other.slot >= slot)) refuse('slot', 'slots rise, and each skill has one of its own');
      if (before.some((other) => other.name === name)) refuse('name', 'each skill has a name of its own');
    }
  }) satisfies z.ZodType<Library>;

/** What happened to the library, with all the evidence it was decided on; a record's events replay every decision. */
import { z } from 'zod';
import type { Skill } from '../skills/skill.ts';
import { estimateSchema, skillSchema, statisticsSchema } from '../skills/skill.ts';
import type { SkillDiagnostics } from './diagnostics.ts';
import type { GateResult } from './gate.ts';
import type { Control } from './settings.ts';
import { CONTROLS } from './settings.ts';
import type { WhenEvidence } from './when.ts';
import type { Candidate } from './where.ts';

export const EVENT_KINDS = ['create', 'refine', 'prune', 'merge', 'split', 'reject', 'rollback', 'manual'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

export interface Evidence {
  /** In a sentence. */
  readonly reason: string;
  readonly when: WhenEvidence | null;
  readonly cluster: Candidate['cluster'] | null;
  /** What the skill that was judged was measured to do. */
  readonly diagnostics: SkillDiagnostics | null;
  /** Of two skills that lead to the same states. */
  readonly sameness: number | null;
}

export interface EvolutionEvent {
  readonly step: number;
  readonly kind: EventKind;
  /** What a reject would have been; else the kind itself. */
  readonly proposed: EventKind;
  readonly by: Control | 'person';
  /** The skill that it is about: what came, or what would have; what went, where nothing came. */
  readonly skill: Skill;
  /** What left the library and what entered it; both empty for a reject. Undone in reverse, they are the library before. */
  readonly removed: readonly Skill[];
  readonly added: readonly Skill[];
  readonly evidence: Evidence;
  /** Null where nothing was tried. */
  readonly gate: GateResult | null;
  /** Best success that the library allows on the training tasks, exactly: before, and with the change. */
  readonly attainable: { readonly before: number; readonly after: number };
}

const count = z.int().min(0);

const gateSchema = z.strictObject({
  before: z.number(),
  after: z.number(),
  gain: z.number(),
  standardError: z.number(),
  pairs: count,
  threshold: z.number(),
  verdict: z.enum(['gains', 'loses', 'changes nothing']),
}) satisfies z.ZodType<GateResult>;

const whenSchema = z.strictObject({
  losses: z.array(z.number()),
  falls: z.array(z.number()),
  plateau: z.boolean(),
  attainable: z.number(),
  headroom: z.number(),
}) satisfies z.ZodType<WhenEvidence>;

const clusterSchema = z.strictObject({
  suite: z.string(),
  situation: z.string(),
  triggers: count,
  steps: count,
  mean: z.number(),
  variance: z.number(),
  score: z.number(),
}) satisfies z.ZodType<Candidate['cluster']>;

const diagnosticsSchema = z.strictObject({
  ...statisticsSchema.shape,
  slot: count,
  bySituation: z.array(z.strictObject({ situation: z.string(), visits: count, g: estimateSchema })),
}) satisfies z.ZodType<SkillDiagnostics>;

export const eventSchema = z.strictObject({
  step: count,
  kind: z.enum(EVENT_KINDS),
  proposed: z.enum(EVENT_KINDS),
  by: z.enum([...CONTROLS, 'person']),
  skill: skillSchema,
  removed: z.array(skillSchema),
  added: z.array(skillSchema),
  evidence: z.strictObject({
    reason: z.string(),
    when: whenSchema.nullable(),
    cluster: clusterSchema.nullable(),
    diagnostics: diagnosticsSchema.nullable(),
    sameness: z.number().nullable(),
  }),
  gate: gateSchema.nullable(),
  attainable: z.strictObject({ before: z.number(), after: z.number() }),
}) satisfies z.ZodType<EvolutionEvent>;

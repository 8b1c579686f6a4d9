/**
 * The settings of skill evolution: every threshold of METHOD's when, what, where and gate, with the controls it is
 * compared with.
 */
import { z } from 'zod';

/**
 * What decides. `flow`: all of it. `none`: nothing is ever changed. `schedule`: a fixed number of steps in place of
 * plateau and headroom. `random-place`: stretches from anywhere in the walks. `random-prune`: a random skill is
 * condemned. `paper-prune`: by the published rule, without confirmation. `no-gate`: the first proposal stays.
 * `uniform-credit`: credit by a uniform backward policy.
 */
export const CONTROLS = [
  'flow',
  'none',
  'schedule',
  'random-place',
  'random-prune',
  'paper-prune',
  'no-gate',
  'uniform-credit',
] as const;
export type Control = (typeof CONTROLS)[number];

/**
 * What puts proposals in their order. `published`: the score of the cluster, `n max(0, -mean c-) + Var c-`. `stakes`: in
 * turn what is walked where no walk solves the task, and what pays where one does (stakes.ts).
 */
export const SCORES = ['published', 'stakes'] as const;
export type Score = (typeof SCORES)[number];

export const evolutionSchema = z.strictObject({
  enabled: z.boolean().default(true),
  control: z.enum(CONTROLS).default('flow'),
  /** Skills that the library has room for. */
  slots: z.int().min(4).max(64).multipleOf(4).default(8),
  when: z
    .strictObject({
      /** Steps of a window of the loss, and of the rest after a phase. */
      window: z.int().min(1).max(10_000).default(10),
      /** A plateau: the loss fell by less than this fraction, in so many windows running. */
      rho: z.number().min(-1).max(1).default(0.05),
      windows: z.int().min(1).max(100).default(2),
      /** A loss below this is a plateau, whatever it does. */
      least: z.number().min(0).default(1e-6),
      /** Evolve only where less than 1 minus this can be attained with the present library; below 0: wherever there is a plateau. */
      headroom: z.number().min(-1).max(1).default(0.05),
      /** Steps between phases with the control `schedule`. */
      every: z.int().min(1).max(1_000_000).default(100),
    })
    .prefault({}),
  what: z
    .strictObject({
      /** Walks of a task that a phase looks at, and tasks that it walks. */
      walks: z.int().min(2).max(1024).default(32),
      tasks: z.int().min(1).max(256).default(48),
      /** Coverage of the bootstrap intervals. */
      confidence: z.number().min(0.5).max(0.999).default(0.9),
      /** A skill is judged from so many visits on. */
      leastVisits: z.int().min(1).max(10_000).default(8),
      /** Condemned in so many phases running, or not visited in so many: then its removal is tried. */
      phases: z.int().min(1).max(100).default(2),
      unvisited: z.int().min(1).max(100).default(3),
      /** A skill whose share of all steps is below this is doubted: where nothing else is, the removal of the least used is tried. */
      doubt: z.number().min(0).max(1).default(0.02),
      /** Retained from this G on: the library's median, or a number (the paper's is 0); and up to this J. */
      retainG: z.union([z.literal('median'), z.number()]).default('median'),
      retainJ: z.number().min(0).default(1),
      /** Skills that lead to the same states from so large a share of where either is offered are merged. */
      same: z.number().min(0).max(1).default(0.9),
    })
    .prefault({}),
  where: z
    .strictObject({
      /** Centred credit from which a step of a solved walk is a trigger. */
      credit: z.number().default(1),
      /** Difference of rewards from which two walks of a task show a decision gap where they part. */
      gap: z.number().min(0).max(1).default(0.3),
      /** Tasks that a plan must be lifted from at least. */
      least: z.int().min(1).max(256).default(2),
      /** Acts of a plan. */
      shortest: z.int().min(2).max(8).default(2),
      longest: z.int().min(2).max(8).default(3),
      /** Proposals that a phase tries. */
      candidates: z.int().min(1).max(16).default(3),
      /** Phases for which a plan that was turned down is not proposed again. */
      rest: z.int().min(0).max(1000).default(2),
      /**
       * What puts proposals in their order; `published` where it is left out, and a resolved config that says so leaves it
       * out: runs from before there was a choice keep their names.
       */
      score: z.enum(SCORES).optional().meta({ default: 'published' }),
    })
    .prefault({})
    .refine(({ shortest, longest }) => shortest <= longest, {
      path: ['longest'],
      message: 'the longest plan cannot be shorter than the shortest',
    }),
  gate: z
    .strictObject({
      /** Steps of a trial, and seeds that it is repeated with. */
      steps: z.int().min(1).max(10_000).default(60),
      seeds: z.int().min(1).max(16).default(2),
      /** A change stays where the mean reward on validation tasks gains more than this and than so many standard errors. */
      gain: z.number().min(0).max(1).default(0.05),
      errors: z.number().min(0).max(10).default(2),
    })
    .prefault({}),
});

export type EvolutionInput = z.input<typeof evolutionSchema>;
export type EvolutionSettings = z.output<typeof evolutionSchema>;

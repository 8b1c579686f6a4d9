/**
 * The configuration of a run, version 1: the one source of presets, examples and results.
 *
 * Later versions only add fields. Every field but `version` and `suites` has a default; those of
 * `beta` and `eps` come from the suite, those of the rates and of what only some objectives read from
 * the objective, and are filled in by `resolveConfig` (resolve.ts).
 */
import { z } from 'zod';
import { PROVIDERS, type Provider } from '../encoder/provider.ts';
import { evolutionSchema } from '../evolution/settings.ts';
import { executorSchema } from '../executor/settings.ts';
import { skillDraftSchema } from '../skills/skill.ts';
import { BACKWARD_STARTS, FLOW_FORMS } from '../supervisor/parameters.ts';

export const OBJECTIVES = [
  'ttb',
  'ttb-paper',
  'tb',
  'vargrad',
  'db',
  'subtb',
  'flowrl',
  'reinforce',
  'grpo',
  'ppo',
  'sft',
] as const;
export const ENCODERS = ['hashed', 'onnx'] as const;
export const MATCHES = ['vectors', 'words'] as const;
export const BACKWARD_POLICIES = ['uniform', 'learned', 'tlm', 'maxent'] as const;

const count = (max: number) => z.int().min(0).max(max);
const positive = (max: number) => z.int().min(1).max(max);
const place = z.string().trim().min(1).max(2048);
const rate = z.number().min(0).max(10);

const suiteSchema = z.strictObject({
  name: z.string(),
  settings: z.record(z.string(), z.unknown()).default({}),
  train: positive(4096).default(16),
  validation: count(4096).default(0),
  heldOut: count(4096).default(0),
});

export const configSchema = z.strictObject({
  version: z.literal(1),
  seed: z.int().min(0).max(0xffffffff).default(0),
  device: z.enum(['auto', 'webgpu', 'cpu']).default('auto'),
  steps: positive(1_000_000).default(250),
  evaluation: z
    .strictObject({ every: positive(1_000_000).default(50), tasks: positive(4096).default(16) })
    .prefault({}),
  suites: z.array(suiteSchema).min(1).max(8),
  encoder: z
    .strictObject({
      kind: z.enum(ENCODERS).default('hashed'),
      /** 256 for `hashed`; for `onnx` what the model gives, and checked where it is given. */
      dimensions: z.int().min(16).max(1024).multipleOf(4).optional(),
      /**
       * What the likeness of an action and what it may match is taken of: `vectors` where it is left out, and a resolved
       * config that says so leaves it out, so that runs from before there was a choice keep their names.
       */
      match: z.enum(MATCHES).optional().meta({ default: 'vectors' }),
      /** For `onnx`, which needs both: an absolute address, or the name of a file. */
      model: place.optional(),
      tokenizer: place.optional(),
      /** What `onnx` runs on; `wasm` where nothing is said, or where there is no WebGPU. */
      provider: z.enum(PROVIDERS).optional(),
    })
    .prefault({}),
  supervisor: z
    .strictObject({
      width: z.int().min(8).max(512).multipleOf(4).default(64),
      heads: z.int().min(1).max(16).default(4),
      depth: z.int().min(0).max(8).default(1),
      /**
       * How a learned P_B begins; `random` where it is left out, and a resolved config in which it makes no difference
       * leaves it out: runs from before there was a choice keep their names.
       */
      backwardStart: z.enum(BACKWARD_STARTS).optional().meta({ default: 'random' }),
      /** How log F is had, for the objectives that balance it; `head` where a resolved config leaves it out. */
      logF: z.enum(FLOW_FORMS).optional().meta({ default: 'head' }),
    })
    .prefault({})
    .refine((s) => s.width % s.heads === 0, { path: ['heads'], message: 'heads must divide width' }),
  objective: z
    .strictObject({
      kind: z.enum(OBJECTIVES).default('ttb'),
      backward: z.enum(BACKWARD_POLICIES).optional(),
      beta: z.number().min(0).max(1000).optional(),
      eps: z.number().min(0).max(10).optional(),
      huber: z.number().positive().max(1e6).default(10),
      lambda: z.number().min(0).max(1).optional(),
      updatesPerBatch: positive(16).optional(),
      ratioClip: z.number().positive().max(1).default(0.2),
      entropyBonus: z.number().min(0).max(10).optional(),
      klWeight: z.number().min(0).max(10).default(0),
      flowBeta: z.number().min(0).max(1000).default(15),
      demonstrations: z.boolean().default(false),
    })
    .prefault({}),
  optimiser: z
    .strictObject({
      lr: rate.optional(),
      lrZ: rate.optional(),
      lrBackward: rate.optional(),
      lrFlow: rate.optional(),
      schedule: z.enum(['constant', 'linear', 'cosine']).default('linear'),
      weightDecay: z.number().min(0).max(1).default(1e-4),
      clip: z.number().positive().max(1e6).default(1),
    })
    .prefault({}),
  rollout: z
    .strictObject({
      tasksPerStep: positive(256).default(8),
      trajectoriesPerTask: positive(1024).default(16),
      epsilon: z.number().min(0).max(1).optional(),
      epsilonEnd: z.number().min(0).max(1).default(0),
      temperature: z.number().min(1).max(100).default(1),
      replay: z
        .strictObject({
          capacity: count(1024).default(0),
          share: z.number().min(0).max(0.9).default(0.5),
          by: z.enum(['uniform', 'reward']).default('uniform'),
        })
        .prefault({}),
    })
    .prefault({}),
  /** Absent, or `enabled: false`: the library stays as it is. */
  evolution: evolutionSchema.optional(),
  /** Who carries out the acts of live suites; without live suites there is none. */
  executor: executorSchema.optional(),
  /** The skills that the run begins with. */
  library: z.array(skillDraftSchema).max(64).optional(),
});

/** What a person writes. */
export type ConfigInput = z.input<typeof configSchema>;

type Parsed = z.output<typeof configSchema>;
type Filled<Fields> = { readonly [Field in keyof Fields]-?: Exclude<Fields[Field], undefined> };
interface MatchSetting {
  readonly match?: (typeof MATCHES)[number];
}
/** A sentence encoder as a config names it. */
export interface OnnxSettings extends MatchSetting {
  readonly kind: 'onnx';
  readonly model: string;
  readonly tokenizer: string;
  readonly provider: Provider;
  readonly dimensions?: number;
}
export interface HashedSettings extends MatchSetting {
  readonly kind: 'hashed';
  readonly dimensions: number;
}
export type EncoderSettings = HashedSettings | OnnxSettings;

/** A config in which every default has been filled in. `beta` and `eps` are one pair per run. */
export type RunConfig = Omit<Parsed, 'encoder' | 'objective' | 'optimiser' | 'rollout'> & {
  readonly encoder: EncoderSettings;
  readonly objective: Filled<Parsed['objective']>;
  readonly optimiser: Filled<Parsed['optimiser']>;
  readonly rollout: Filled<Parsed['rollout']>;
};

function isFilled<Fields extends object>(fields: Fields): fields is Fields & Filled<Fields> {
  return Object.values(fields).every((value) => value !== undefined);
}

/** The settings of an encoder with nothing that it does not read, or null where something is missing. */
export function encoderSettings({
  kind,
  dimensions,
  match,
  model,
  tokenizer,
  provider,
}: Parsed['encoder']): EncoderSettings | null {
  const matching = match === 'words' ? { match } : {};
  if (kind === 'hashed') return dimensions === undefined ? null : { kind, dimensions, ...matching };
  if (model === undefined || tokenizer === undefined || provider === undefined) return null;
  return { kind, model, tokenizer, provider, ...(dimensions === undefined ? {} : { dimensions }), ...matching };
}

/** The config if every default stands in it, else null. @param parsed by `configSchema` */
export function asResolved(parsed: Parsed): RunConfig | null {
  // A field that is left out is not among the values: it must be looked for by name.
  const whole = <Fields extends object>(fields: Fields, schema: z.ZodPipe | z.ZodType): Fields => {
    const names = Object.keys(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }).properties ?? {});
    return { ...Object.fromEntries(names.map((name) => [name, undefined])), ...fields };
  };
  const objective = whole(parsed.objective, configSchema.shape.objective);
  const optimiser = whole(parsed.optimiser, configSchema.shape.optimiser);
  const rollout = whole(parsed.rollout, configSchema.shape.rollout);
  const encoder = encoderSettings(parsed.encoder);
  if (encoder === null || !isFilled(objective) || !isFilled(optimiser) || !isFilled(rollout)) return null;
  return { ...parsed, encoder, objective, optimiser, rollout };
}

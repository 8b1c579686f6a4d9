/** The settings panel's fields, read off the zod schema of the config and of a suite's settings. */
import { z } from 'zod';
import { configSchema } from '../../training/config.ts';
import type { Json } from './draft.ts';

export type Control =
  | {
      readonly kind: 'number';
      readonly integer: boolean;
      readonly min: number | null;
      readonly max: number | null;
      readonly step: number | null;
    }
  | { readonly kind: 'choice'; readonly options: readonly string[] }
  | { readonly kind: 'switch' }
  | { readonly kind: 'text' }
  /** Anything else is written as JSON. */
  | { readonly kind: 'json' };

export interface Field {
  readonly path: string;
  readonly control: Control;
  /** What holds when the field is left out; undefined where the suite or the objective decides. */
  readonly fallback: Json | undefined;
}

/** The part of JSON Schema that zod writes for the lab's settings. */
interface Shape {
  readonly type?: string;
  readonly enum?: readonly Json[];
  readonly const?: Json;
  readonly default?: Json;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
  readonly properties?: { readonly [key: string]: Shape };
}

/** Fields of a zod object, nested objects flattened into dotted paths under `prefix`. */
export function fieldsOf(schema: z.ZodType, prefix: string): readonly Field[] {
  const shape = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as unknown as Shape;
  return collect(shape, prefix, shape.default);
}

function collect(shape: Shape, prefix: string, given: Json | undefined): Field[] {
  if (shape.properties === undefined) return [];
  return Object.entries(shape.properties).flatMap(([key, child]) => {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    const outer = given !== null && typeof given === 'object' && !Array.isArray(given) ? given : {};
    const fallback = child.default ?? (outer as { readonly [key: string]: Json })[key];
    if (child.const !== undefined) return [];
    if (child.properties !== undefined) return collect(child, path, fallback);
    return [{ path, control: controlOf(child), fallback }];
  });
}

function controlOf(shape: Shape): Control {
  if (shape.enum?.every((option) => typeof option === 'string')) {
    return { kind: 'choice', options: shape.enum as readonly string[] };
  }
  switch (shape.type) {
    case 'integer':
    case 'number':
      return {
        kind: 'number',
        integer: shape.type === 'integer',
        min: shape.minimum ?? shape.exclusiveMinimum ?? null,
        max: shape.maximum ?? shape.exclusiveMaximum ?? null,
        step: shape.multipleOf ?? null,
      };
    case 'boolean':
      return { kind: 'switch' };
    case 'string':
      return { kind: 'text' };
    default:
      return { kind: 'json' };
  }
}

const ALL = fieldsOf(configSchema, '');

/** The group that is there only with a live suite; see ExecutorFields. */
export const EXECUTOR = 'Executor';

/** The group that is there only while evolution is switched on; see EvolutionFields. */
export const EVOLUTION = 'Evolution';

/** The group whose fields depend on the kind of the encoder; see EncoderFields. */
export const ENCODER = 'Text encoder';

/** Fields of the config by group; the suites' own fields are made per suite. */
export const GROUPS: readonly { readonly title: string; readonly fields: readonly Field[] }[] = [
  { title: 'Objective', fields: under('objective') },
  { title: 'Supervisor', fields: under('supervisor') },
  { title: ENCODER, fields: under('encoder') },
  { title: 'Optimiser', fields: under('optimiser') },
  { title: 'Rollout', fields: under('rollout') },
  { title: EXECUTOR, fields: under('executor') },
  { title: EVOLUTION, fields: under('evolution') },
  { title: 'Evaluation', fields: under('evaluation') },
  { title: 'Run', fields: ALL.filter((field) => ['seed', 'device', 'steps'].includes(field.path)) },
];

function under(section: string): readonly Field[] {
  return ALL.filter((field) => field.path.startsWith(`${section}.`));
}

/** Numbers of tasks of suite `index`. */
export function splitFields(index: number): readonly Field[] {
  const fields = fieldsOf(configSchema.shape.suites.element, `suites[${index}]`);
  return fields.filter((field) => /\.(train|validation|heldOut)$/.test(field.path));
}

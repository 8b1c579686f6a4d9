/**
 * A checkpoint: everything from which a run goes on as if it had never stopped, as one safetensors
 * file. The trainer's tensors (parameters, moments, counters) stand under their own names, the
 * metrics of every step as one float64 column each under `history/`, all else in the metadata,
 * and a CRC-32 over everything.
 */
import { z } from 'zod';
import { BadCheckpoint } from './badCheckpoint.ts';
import { asResolved, configSchema, type RunConfig } from './config.ts';
import { crc32 } from './crc32.ts';
import { evaluationSchema } from './recordSchema.ts';
import type { Evaluation, StepMetrics } from './records.ts';
import { decodeSafetensors, encodeSafetensors, type StoredTensor, type TensorFile } from './safetensors.ts';

/** The whole state of a Trainer. Tensors are flat; the trainer knows their shapes. */
export interface Snapshot {
  readonly tensors: Readonly<Record<string, Float32Array | Uint32Array>>;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface Checkpoint {
  readonly config: RunConfig;
  readonly step: number;
  readonly snapshot: Snapshot;
  /** Metrics of every step so far, and every evaluation. */
  readonly steps: readonly StepMetrics[];
  readonly evaluations: readonly Evaluation[];
  /** The only part that is not reproducible. `trainingSeconds` is `seconds` without the evaluations. */
  readonly timing: { readonly startedAt: string; readonly seconds: number; readonly trainingSeconds: number };
}

const FORMAT = 'skillflow-checkpoint';
/** 2: the flow head is a group of its own, at the end of the arena. */
const VERSION = '2';
const HISTORY = 'history/';

const STEP_FIELDS: Readonly<Record<keyof StepMetrics, true>> = {
  step: true,
  loss: true,
  logZ: true,
  success: true,
  reward: true,
  length: true,
  gradPolicy: true,
  gradBackward: true,
  gradLogZ: true,
  states: true,
  executed: true,
};
const stepFields = Object.keys(STEP_FIELDS) as (keyof StepMetrics)[];

const count = z.int().min(0);
const evaluationsSchema: z.ZodType<readonly Evaluation[]> = z.array(evaluationSchema);
const timingSchema = z.strictObject({
  startedAt: z.string(),
  seconds: z.number().min(0),
  trainingSeconds: z.number().min(0),
});
const stateSchema = z.record(z.string(), z.string());

/** @throws RangeError where a tensor of the trainer is called `history/...` */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array<ArrayBuffer> {
  const tensors = new Map<string, StoredTensor>();
  for (const [name, data] of Object.entries(checkpoint.snapshot.tensors)) {
    if (name.startsWith(HISTORY)) throw new RangeError(`a trainer's tensor cannot be called "${name}"`);
    tensors.set(name, { shape: [data.length], data });
  }
  for (const field of stepFields) {
    const data = Float64Array.from(checkpoint.steps, (metrics) => metrics[field]);
    tensors.set(HISTORY + field, { shape: [data.length], data });
  }
  const metadata = new Map([
    ['format', FORMAT],
    ['version', VERSION],
    ['step', String(checkpoint.step)],
    ['config', JSON.stringify(checkpoint.config)],
    ['evaluations', JSON.stringify(checkpoint.evaluations)],
    ['timing', JSON.stringify(checkpoint.timing)],
    ['trainer', JSON.stringify(checkpoint.snapshot.metadata)],
  ]);
  metadata.set('checksum', checksum({ tensors, metadata }));
  return encodeSafetensors({ tensors, metadata });
}

/** Reads bytes of unknown origin. @throws BadCheckpoint naming the place and the fix */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  const file = decodeSafetensors(bytes);
  const text = (key: string): string => {
    const value = file.metadata.get(key);
    if (value === undefined) throw new BadCheckpoint(`metadata "${key}"`, 'is missing');
    return value;
  };
  if (file.metadata.get('format') !== FORMAT) {
    throw new BadCheckpoint(
      'metadata "format"',
      `is ${JSON.stringify(file.metadata.get('format') ?? null)}, not "${FORMAT}"`,
    );
  }
  if (text('version') !== VERSION) {
    throw new BadCheckpoint(
      'metadata "version"',
      `is ${JSON.stringify(text('version'))}; this lab reads "${VERSION}"`,
      'Open it with the version of the lab that wrote it, or start the run at step 0.',
    );
  }
  if (text('checksum') !== checksum(file))
    throw new BadCheckpoint('metadata "checksum"', 'does not match: the file is damaged');

  const steps = readSteps(file);
  const step = parse('step', text('step'), count);
  if (steps.length !== step) {
    throw new BadCheckpoint('metadata "step"', `is ${step}; the file holds the metrics of ${steps.length} steps`);
  }
  return {
    config: parseConfig(text('config')),
    step,
    steps,
    evaluations: parse('evaluations', text('evaluations'), evaluationsSchema),
    timing: parse('timing', text('timing'), timingSchema),
    snapshot: { tensors: trainersTensors(file), metadata: parse('trainer', text('trainer'), stateSchema) },
  };
}

function trainersTensors(file: TensorFile): Record<string, Float32Array | Uint32Array> {
  const tensors: Record<string, Float32Array | Uint32Array> = {};
  for (const [name, { data }] of file.tensors) {
    if (name.startsWith(HISTORY)) continue;
    if (data instanceof Float64Array)
      throw new BadCheckpoint(`tensor "${name}"`, 'is F64; the state of a trainer is F32 or U32');
    tensors[name] = data;
  }
  return tensors;
}

function readSteps(file: TensorFile): StepMetrics[] {
  const columns = stepFields.map((field) => {
    const tensor = file.tensors.get(HISTORY + field);
    if (!(tensor?.data instanceof Float64Array))
      throw new BadCheckpoint(`tensor "${HISTORY}${field}"`, 'is missing or not F64');
    return [field, tensor.data] as const;
  });
  const length = columns[0][1].length;
  for (const [field, column] of columns) {
    if (column.length !== length) {
      throw new BadCheckpoint(
        `tensor "${HISTORY}${field}"`,
        `has ${column.length} steps; "${HISTORY}${columns[0][0]}" has ${length}`,
      );
    }
  }
  return Array.from({ length }, (_, i) => {
    return Object.fromEntries(columns.map(([field, column]) => [field, column[i]])) as Record<
      keyof StepMetrics,
      number
    >;
  });
}

function parse<T>(key: string, json: string, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new BadCheckpoint(`metadata "${key}"`, 'is not JSON');
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new BadCheckpoint(`metadata "${[key, ...issue.path].join('.')}"`, issue.message);
}

function parseConfig(json: string): RunConfig {
  const config = parse('config', json, configSchema);
  const resolved = asResolved(config);
  if (resolved === null) {
    throw new BadCheckpoint('metadata "config"', 'is not resolved: every default must stand in it');
  }
  return resolved;
}

/** CRC-32 over names, shapes and bytes of the tensors and over the metadata but the checksum itself. */
function checksum(file: TensorFile): string {
  const encoder = new TextEncoder();
  const byKey = <T>(entries: Iterable<readonly [string, T]>) => [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  const metadata = byKey(file.metadata).filter(([key]) => key !== 'checksum');
  let sum = crc32(encoder.encode(JSON.stringify(metadata)));
  for (const [name, { shape, data }] of byKey(file.tensors)) {
    sum = crc32(encoder.encode(JSON.stringify([name, shape])), sum);
    sum = crc32(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), sum);
  }
  return sum.toString(16).padStart(8, '0');
}

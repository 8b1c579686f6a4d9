/**
 * The recorded run of the first paint, `public/recorded/first.json`: a run's record, one task with
 * its flows and the credit of some trajectories. Typed arrays are base64, floats as float32 and
 * integers in the narrowest width that holds them; single numbers keep seven digits.
 */
import { z } from 'zod';
import type { CreditView, TaskView } from '../session/protocol.ts';
import type { RunRecord } from '../training/records.ts';
import { resolveConfig } from '../training/resolve.ts';

export interface RecordedRun {
  readonly record: RunRecord;
  readonly view: TaskView;
  readonly credit: CreditView;
  /** The parameters as safetensors, so that the figures can be computed again. */
  readonly parameters?: Uint8Array | undefined;
}

const ARRAYS = { Float64Array, Float32Array, Uint32Array, Uint16Array, Uint8Array } as const;
type ArrayName = keyof typeof ARRAYS;
type AnyArray = InstanceType<(typeof ARRAYS)[ArrayName]>;

const packedSchema = z.strictObject({
  array: z.enum(['Float64Array', 'Float32Array', 'Uint32Array', 'Uint16Array', 'Uint8Array']),
  stored: z.enum(['Float32Array', 'Uint32Array', 'Uint16Array', 'Uint8Array']),
  base64: z.base64(),
});

/** The JSON text of a recorded run. */
export function encodeRecorded(run: RecordedRun): string {
  const { record, view, credit, parameters } = run;
  return JSON.stringify({
    version: 1,
    // The config stays exact: it is compared with the settings on the page.
    record: { ...(compact(record) as RunRecord), config: record.config },
    view: compact(view),
    credit: compact(credit),
    ...(parameters === undefined ? {} : { parameters: compact(parameters) }),
  });
}

function compact(value: unknown): unknown {
  if (isTypedArray(value)) return pack(value);
  if (Array.isArray(value)) return value.map(compact);
  if (typeof value === 'number' && !Number.isInteger(value)) {
    // JSON has no infinities; a record says null where a measure does not exist.
    return Number.isFinite(value) ? Number(value.toPrecision(7)) : null;
  }
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, compact(held)]));
}

/** The run in a recorded file's text. @throws Error that names the place of what is wrong. */
export function decodeRecorded(text: string): RecordedRun {
  const raw: unknown = JSON.parse(text, (_key, value: unknown) => {
    const packed = packedSchema.safeParse(value);
    return packed.success ? unpack(packed.data) : value;
  });
  const parsed = recordedSchema.safeParse(raw);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Error(`${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'not a recorded run'}`);
  }
  const { record, view, credit, parameters } = parsed.data;
  return { record: { ...record, config: resolveConfig(record.config) }, view, credit, parameters };
}

function isTypedArray(value: unknown): value is AnyArray {
  return Object.values(ARRAYS).some((type) => value instanceof type);
}

function pack(values: AnyArray): z.input<typeof packedSchema> {
  const array = Object.entries(ARRAYS).find(([, type]) => values instanceof type)?.[0] as ArrayName;
  const stored = array.startsWith('Float') ? 'Float32Array' : narrowest(values);
  const copy = new ARRAYS[stored](values);
  const bytes = new Uint8Array(copy.buffer, copy.byteOffset, copy.byteLength);
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return { array, stored, base64: btoa(binary) };
}

function narrowest(values: AnyArray): 'Uint8Array' | 'Uint16Array' | 'Uint32Array' {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, value);
  return largest < 256 ? 'Uint8Array' : largest < 65536 ? 'Uint16Array' : 'Uint32Array';
}

function unpack(packed: z.output<typeof packedSchema>): AnyArray {
  const bytes = Uint8Array.from(atob(packed.base64), (character) => character.charCodeAt(0));
  const stored = new ARRAYS[packed.stored](bytes.buffer);
  return packed.array === packed.stored ? stored : new ARRAYS[packed.array](stored);
}

const split = z.enum(['train', 'validation', 'heldOut']);
const f64 = z.instanceof(Float64Array<ArrayBuffer>);
const u32 = z.instanceof(Uint32Array<ArrayBuffer>);
const u8 = z.instanceof(Uint8Array<ArrayBuffer>);
const texts = z.array(z.string());
const nullable = z.number().nullable();

const flows = z.object({
  logZ: z.number(),
  logPF: f64,
  logPB: f64,
  logReach: f64,
  logReachEdge: f64,
  centredCredit: f64,
  success: z.number(),
  entropy: z.number(),
});

const graph = z.object({
  suite: z.string(),
  text: z.string(),
  states: z.int(),
  outcomes: z.int(),
  edges: z.int(),
  horizon: z.int(),
  outStart: u32,
  source: u32,
  target: u32,
  action: u32,
  kind: u8,
  inStart: u32,
  inEdge: u32,
  itemStart: u32,
  item: u32,
  step: u32,
  reward: f64,
  solved: u8,
  actionText: texts,
  itemText: texts,
  nodeText: texts,
});

const place = { suite: z.string(), split, index: z.int(), step: z.int() };

const creditedStep = z.object({
  edge: z.int(),
  action: z.string(),
  kind: z.enum(['act', 'skill', 'accept']),
  state: z.string(),
  credit: z.number(),
  centred: z.number(),
  exactCredit: z.number(),
  exactCentred: z.number(),
  advantage: z.number(),
  logPF: z.number(),
  logPB: z.number(),
});

const stepMetrics = z.object({
  step: z.int(),
  loss: z.number(),
  logZ: z.number(),
  success: z.number(),
  reward: z.number(),
  length: z.number(),
  gradPolicy: z.number(),
  gradBackward: z.number(),
  gradLogZ: z.number(),
  states: z.number(),
});

const evaluation = z.object({
  step: z.int(),
  suite: z.string(),
  split,
  tasks: z.int(),
  success: z.number(),
  targetSuccess: z.number(),
  l1: z.number(),
  jsd: z.number(),
  logZError: nullable,
  slope: nullable,
  modes: z.number(),
  modesOfTarget: z.number(),
  entropy: z.number(),
  entropyOfTarget: z.number(),
  creditSpearman: nullable,
  executorCalls: z.number(),
});

const recordedSchema = z.object({
  version: z.literal(1),
  record: z.object({
    version: z.literal(1),
    // Checked by resolveConfig.
    config: z.unknown(),
    device: z.object({ backend: z.enum(['webgpu', 'cpu']), adapter: z.string(), software: z.boolean() }),
    steps: z.array(stepMetrics),
    evaluations: z.array(evaluation),
    timing: z.object({ startedAt: z.string(), seconds: z.number(), stepsPerSecond: z.number() }),
    stopped: z.union([z.enum(['finished', 'cancelled']), z.object({ error: z.string() })]),
  }),
  view: z.object({ ...place, graph, beta: z.number(), eps: z.number(), learned: flows, exact: flows }),
  credit: z.object({
    ...place,
    text: z.string(),
    trajectories: z.array(
      z.object({
        outcome: z.string(),
        reward: z.number(),
        solved: z.boolean(),
        total: z.number(),
        exactTotal: z.number(),
        residualPerStep: z.number(),
        groupAdvantage: nullable,
        steps: z.array(creditedStep),
      }),
    ),
  }),
  parameters: u8.optional(),
});

/**
 * The recorded run of the first paint, `public/recorded/first.json`: a run's record, one task with
 * its flows, the credit of some trajectories, and the parameters that give both. Typed arrays are
 * base64, floats as float32 and integers in the narrowest width that holds them; the metrics of the
 * steps are columns; single numbers keep seven digits, credits' agreements four.
 */

import { z } from 'zod';
import { eventSchema } from '../evolution/events.ts';
import { evaluatePolicy, exactAdvantage } from '../graph/exact.ts';
import { SPLITS } from '../graph/world.ts';
import type { CreditView, Flows, TaskView } from '../session/protocol.ts';
import { skillSchema } from '../skills/skill.ts';
import { evaluationSchema, referenceSchema } from '../training/recordSchema.ts';
import type { CreditScore, Evaluation, RunRecord, StepMetrics } from '../training/records.ts';
import { CREDIT_TRUTHS, CREDITS } from '../training/records.ts';
import { resolveConfig } from '../training/resolve.ts';

export interface RecordedRun {
  readonly record: RunRecord;
  readonly view: TaskView;
  readonly credit: CreditView;
  /** So that the figures can be computed again; the page does not need them. */
  readonly parameters?: RecordedParameters | undefined;
}

/**
 * What training added to the first values of each tensor, by its name: `scale * (levels - 32768)`.
 * Layers on texts are kept along the vectors of the task's texts (scripts/record/parameters.ts).
 */
export type RecordedParameters = Readonly<Record<string, { readonly scale: number; readonly levels: Uint16Array }>>;

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
    record: {
      ...(compact({ ...record, steps: columnsOf(record.steps), evaluations: withoutCredits(record) }) as object),
      config: record.config,
      credits: creditColumns(record),
    },
    view: compact(withoutDerived(view)),
    credit: compact(credit),
    ...(parameters === undefined ? {} : { parameters: compact(parameters) }),
  });
}

/** Metrics leave the device as float32, so that nothing is lost here. */
function columnsOf(steps: readonly StepMetrics[]): Record<keyof StepMetrics, Float32Array | Uint32Array> {
  const floats = (field: keyof StepMetrics) => Float32Array.from(steps, (metrics) => metrics[field]);
  const counts = (field: keyof StepMetrics) => Uint32Array.from(steps, (metrics) => metrics[field]);
  return {
    step: counts('step'),
    loss: floats('loss'),
    logZ: floats('logZ'),
    success: floats('success'),
    reward: floats('reward'),
    length: floats('length'),
    gradPolicy: floats('gradPolicy'),
    gradBackward: floats('gradBackward'),
    gradLogZ: floats('gradLogZ'),
    states: counts('states'),
    executed: counts('executed'),
  };
}

function stepsOf(columns: z.output<typeof stepColumns>): StepMetrics[] {
  return Array.from(columns.step, (step, i) => ({
    step,
    loss: columns.loss[i],
    logZ: columns.logZ[i],
    success: columns.success[i],
    reward: columns.reward[i],
    length: columns.length[i],
    gradPolicy: columns.gradPolicy[i],
    gradBackward: columns.gradBackward[i],
    gradLogZ: columns.gradLogZ[i],
    states: columns.states[i],
    executed: columns.executed[i],
  }));
}

/** What follows from the rest of a view is not kept. */
function withoutDerived({ advantage: _, residual: __, ...view }: TaskView): unknown {
  const primary = ({ logReachEdge: _, ...flows }: Flows) => flows;
  return { ...view, learned: primary(view.learned), exact: primary(view.exact) };
}

function withDerived(view: z.output<typeof recordedSchema>['view']): TaskView {
  const graph = {
    ...view.graph,
    skill: view.graph.skill ?? new Uint8Array(view.graph.edges),
    planText: view.graph.actionText,
    pending: new Map(),
  };
  const whole = (flows: Omit<Flows, 'logReachEdge'>): Flows => ({
    ...flows,
    logReachEdge: Float64Array.from(graph.source, (s, e) => flows.logReach[s] + flows.logPF[e]),
  });
  const { learned, exact } = view;
  return {
    ...view,
    graph,
    learned: whole(learned),
    exact: whole(exact),
    advantage: exactAdvantage(graph, evaluatePolicy(graph, learned.logPF).value),
    residual: learned.logPF.map((logPF, e) => logPF - exact.logPF[e]),
  };
}

/** Every credit beside every truth, in the order in which an evaluation lists them. */
const CREDIT_ROWS = CREDITS.flatMap((credit) => CREDIT_TRUTHS.map((against) => ({ credit, against })));

function withoutCredits({ evaluations }: RunRecord): readonly Omit<Evaluation, 'credits'>[] {
  return evaluations.map(({ credits: _, ...rest }) => rest);
}

/** Of all evaluations, one number per row of CREDIT_ROWS: `10,000 (value + 2)`; 0 where it is null, 1 where there is no such row. */
function creditColumns({ evaluations }: RunRecord): { readonly spearman: unknown; readonly hitAtOne: unknown } {
  const column = (of: 'spearman' | 'hitAtOne') =>
    pack(
      Uint16Array.from(
        evaluations.flatMap(({ credits }) =>
          CREDIT_ROWS.map(({ credit, against }) => {
            const row = credits.find((one) => one.credit === credit && one.against === against);
            if (row === undefined) return MISSING_ROW;
            const value = row[of];
            return value === null ? NULL_CREDIT : Math.round(CREDIT_LEVELS * (value + 2));
          }),
        ),
      ),
    );
  return { spearman: column('spearman'), hitAtOne: column('hitAtOne') };
}
const CREDIT_LEVELS = 10_000;
const NULL_CREDIT = 0;
const MISSING_ROW = 1;

function creditsOf(
  columns: { readonly spearman: Uint16Array; readonly hitAtOne: Uint16Array },
  evaluation: number,
): CreditScore[] {
  const credit = (level: number | undefined) =>
    level === undefined || level === NULL_CREDIT ? null : (level - 2 * CREDIT_LEVELS) / CREDIT_LEVELS;
  return CREDIT_ROWS.flatMap((row, i) => {
    const at = evaluation * CREDIT_ROWS.length + i;
    if (columns.spearman[at] === MISSING_ROW || columns.spearman[at] === undefined) return [];
    return [{ ...row, spearman: credit(columns.spearman[at]), hitAtOne: credit(columns.hitAtOne[at]) }];
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
  const config = resolveConfig(record.config);
  const { credits, ...rest } = record;
  const evaluations = record.evaluations.map((row, i) => ({ ...row, credits: creditsOf(credits, i) }));
  return {
    record: { ...rest, config, steps: stepsOf(record.steps), evaluations },
    view: withDerived(view),
    credit,
    parameters,
  };
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

const split = z.enum(SPLITS);
const f64 = z.instanceof(Float64Array<ArrayBuffer>);
const f32 = z.instanceof(Float32Array<ArrayBuffer>);
const u32 = z.instanceof(Uint32Array<ArrayBuffer>);
const u16 = z.instanceof(Uint16Array<ArrayBuffer>);
const u8 = z.instanceof(Uint8Array<ArrayBuffer>);
const texts = z.array(z.string());
const nullable = z.number().nullable();

const flows = z.object({
  logZ: z.number(),
  logPF: f64,
  logPB: f64,
  logReach: f64,
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
  // Recorded before there were skills, it has none.
  skill: u8.optional(),
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

const stepColumns = z
  .object({
    step: u32,
    loss: f32,
    logZ: f32,
    success: f32,
    reward: f32,
    length: f32,
    gradPolicy: f32,
    gradBackward: f32,
    gradLogZ: f32,
    states: u32,
    executed: u32,
  })
  .refine((columns) => Object.values(columns).every((column) => column.length === columns.step.length), {
    message: 'columns of different lengths',
  });

const recordedSchema = z.object({
  version: z.literal(1),
  record: z.object({
    version: z.literal(1),
    // Checked by resolveConfig.
    config: z.unknown(),
    device: z.object({ backend: z.enum(['webgpu', 'cpu']), adapter: z.string(), software: z.boolean() }),
    steps: stepColumns,
    evaluations: z.array(evaluationSchema.omit({ credits: true })),
    credits: z.object({ spearman: u16, hitAtOne: u16 }),
    references: z.array(referenceSchema),
    library: z.array(skillSchema).default([]),
    events: z.array(eventSchema).default([]),
    timing: z.object({ startedAt: z.string(), seconds: z.number(), stepsPerSecond: z.number() }),
    stopped: z.union([z.enum(['finished', 'cancelled']), z.object({ error: z.string() })]),
  }),
  view: z.object({
    ...place,
    graph,
    beta: z.number(),
    eps: z.number(),
    learned: flows,
    exact: flows, // A residual against the flow head would have to be kept.
    residualOf: z.literal('answer key'),
  }),
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
  parameters: z.record(z.string(), z.object({ scale: z.number(), levels: u16 })).optional(),
});

/**
 * What an exported Supervisor is given, made from texts. Needs nothing of the lab but the encoder, so that it can be
 * used where the model is: docs/deploy.md.
 */
import type { Encoder } from '../../encoder/encoder.ts';
import type { Feed } from '../../encoder/onnxRuntime.ts';
import { likeness } from '../../encoder/textFeatures.ts';
import { taskTokens } from '../taskTokens.ts';

/** Tensors before they are onnxruntime's: `new ort.Tensor(type, data, dims)`. */
export type Feeds = Readonly<Record<string, Feed>>;

/** Kinds of action in the order of their numbers. */
export const KIND_NUMBERS = ['act', 'skill', 'accept'] as const;

/** A state in words. */
export interface TextState {
  /** the whole text of the task */
  readonly task: string;
  /** what the state holds, as a set; may be empty */
  readonly items: readonly string[];
  /** steps taken over the most steps that the task allows, 0 .. 1; for an outcome, of the longest way to it */
  readonly step: number;
}

/** An action that a state allows. */
export interface TextAction {
  readonly text: string;
  readonly kind: (typeof KIND_NUMBERS)[number];
  /** the place in the library of the skill that it invokes, from 0; needed for a skill */
  readonly slot?: number;
}

/** An edge that enters a node: the action, and the state that it leaves. */
export interface TextEdge {
  readonly action: string;
  readonly parent: Omit<TextState, 'task'>;
  /** all actions that the parent allows, its own too; read only where P_B is over all actions (`ttb-paper`) */
  readonly legal?: readonly string[];
}

/** `[texts, dimensions]` */
function vectors(encoder: Encoder, texts: readonly string[]): Feed {
  const { dimensions } = encoder;
  const data = new Float32Array(texts.length * dimensions);
  for (const [i, text] of texts.entries()) data.set(encoder.encode(text), i * dimensions);
  return { type: 'float32', data, dims: [texts.length, dimensions] };
}

/** `[rows, columns]` */
function cosines(
  features: NonNullable<Encoder['features']>,
  rows: readonly string[],
  columns: readonly string[],
): Feed {
  const [ofRows, ofColumns] = [rows.map(features), columns.map(features)];
  return {
    type: 'float32',
    data: Float32Array.from(ofRows.flatMap((row) => ofColumns.map((column) => likeness(row, column)))),
    dims: [rows.length, columns.length],
  };
}

const floats = (values: readonly number[]): Feed => ({
  type: 'float32',
  data: Float32Array.from(values),
  dims: [values.length],
});
const integers = (values: readonly number[]): Feed => ({
  type: 'int32',
  data: Int32Array.from(values),
  dims: [values.length],
});

/** Of some lists, all that stands in them and which list each thing is from. */
function joined(lists: readonly (readonly string[])[]): { readonly all: string[]; readonly of: number[] } {
  return { all: lists.flat(), of: lists.flatMap((list, i) => list.map(() => i)) };
}

/**
 * Inputs of `policy.onnx`.
 * @throws RangeError where there is no action, or a skill without its place
 */
export function policyFeeds(encoder: Encoder, state: TextState, actions: readonly TextAction[]): Feeds {
  if (actions.length === 0) throw new RangeError('A state without actions has no policy; give one action or more.');
  const slotOf = ({ text, kind, slot }: TextAction): number => {
    if (kind !== 'skill') return 0;
    if (slot === undefined) throw new RangeError(`The skill "${text}" needs "slot", its place in the library.`);
    return slot + 1;
  };
  const texts = actions.map(({ text }) => text);
  const ofTask = taskTokens(state.task);
  const tokens = [...state.items, ...ofTask];
  const { features } = encoder;
  return {
    task: vectors(encoder, [state.task]),
    words: vectors(encoder, ofTask.slice(0, -1)),
    items: vectors(encoder, state.items),
    step: floats([state.step]),
    actions: vectors(encoder, texts),
    ...(features && {
      cosines: cosines(features, texts, tokens),
      taskCosines: cosines(features, [state.task], tokens),
    }),
    kind: integers(actions.map(({ kind }) => KIND_NUMBERS.indexOf(kind))),
    skill: integers(actions.map(slotOf)),
  };
}

/**
 * Inputs of `backward.onnx`.
 * @param over what its log P_B is over, as `supervisor.json` says
 * @throws RangeError where no edge enters, or one lacks what the model reads
 */
export function backwardFeeds(
  encoder: Encoder,
  entered: TextState,
  edges: readonly TextEdge[],
  over: 'entering' | 'actions' = 'entering',
): Feeds {
  if (edges.length === 0) throw new RangeError('A node that no edge enters has no backward policy; give one or more.');
  const common = {
    task: vectors(encoder, [entered.task]),
    items: vectors(encoder, entered.items),
    step: floats([entered.step]),
    actions: vectors(
      encoder,
      edges.map(({ action }) => action),
    ),
  };
  if (over === 'actions') {
    const legal = joined(
      edges.map(({ action, legal: of = [] }) => {
        if (!of.includes(action)) throw new RangeError(`The edge "${action}" needs "legal", with itself in it.`);
        return of;
      }),
    );
    return { ...common, legal: vectors(encoder, legal.all), legalOf: integers(legal.of) };
  }
  const parents = joined(edges.map(({ parent }) => parent.items));
  return {
    ...common,
    parentItems: vectors(encoder, parents.all),
    parentOf: integers(parents.of),
    parentStep: floats(edges.map(({ parent }) => parent.step)),
  };
}

/**
 * The two small interfaces from which every task graph grows.
 *
 * A World says which actions are legal and what each leads to; it is deterministic. A Suite makes
 * tasks from settings and a seed. Nothing here knows about learning, text vectors or a GPU.
 */
import type { Call, Results } from './call.ts';
import type { ActionKind, TaskGraph } from './taskGraph.ts';

export type { ActionKind } from './taskGraph.ts';

/** One categorical choice of the Supervisor. `text` is all that the network reads of it. */
export interface Action {
  readonly kind: ActionKind;
  readonly text: string;
  /** How a plan names it, where that is not its text: two actions of one text are named alike. */
  readonly plan?: string;
  /** For a skill, its place in the library. */
  readonly slot?: number;
}

/** A skill as an executor carries it out. */
export interface Composite {
  /** Its place in the library, from 0: skills keep theirs for life. */
  readonly slot: number;
  readonly name: string;
  /** Texts of acts with variables in braces, e.g. `take {a} from the {b}`; the same variable holds the same text. */
  readonly plan: readonly string[];
  /** Kinds of act (their first words) that a state must allow for the skill to be offered; empty: anywhere. */
  readonly allows: readonly string[];
  /** What a language model reads of it, and the version of that; absent where no model reads it. */
  readonly document?: { readonly version: number; readonly text: string };
}

/** How a world lets several acts pass as one step of the Supervisor. */
export interface Composites<State> {
  /** Acts that are legal in a state, however many steps are left. */
  acts(state: State): readonly Action[];
  /** Where one of them leads. It costs no step. */
  act(state: State, action: Action): State;
  /** Whether a step is left to take, and `state` as it is one step later. */
  canStep(state: State): boolean;
  afterStep(state: State): State;
}

/** A terminal state. The reward depends on it alone and never on the path that led there. */
export interface Outcome {
  /** Two arrivals with equal keys are ONE outcome; keys of outcomes and of states do not collide. */
  readonly key: string;
  /** What a person reads, e.g. the answer that was given. */
  readonly text: string;
  /** Texts of which the backward policy reads the outcome as a set. */
  readonly items: readonly string[];
  /** `R >= 0`, computed by a program. */
  readonly reward: number;
  readonly solved: boolean;
}

/** Where a step leads. `unknown`: nobody knows before this call is carried out. */
export type Arrival<State> = { readonly state: State } | { readonly outcome: Outcome } | { readonly unknown: Call };

/**
 * A deterministic environment for one task. `State` is the world's own notion of a state; the
 * rest of the lab sees only its key, its items and its text.
 */
export interface World<State> {
  initial(): State;
  /** The legal actions, in a fixed order. Never empty: a state that cannot go on must be able to finish. */
  actions(state: State): readonly Action[];
  step(state: State, action: Action): Arrival<State>;
  /** States with equal keys are one state, however they were reached. */
  key(state: State): string;
  /** The state as a set of texts (results in working memory, or facts of the situation). Distinct. */
  items(state: State): readonly string[];
  /** Number of steps taken so far, as the network reads it. */
  stepOf(state: State): number;
  /** The state in words, for a person. */
  describe(state: State): string;
  /** Absent where no skill can be carried out. */
  readonly composites?: Composites<State>;
  /** Length in edges of the longest trajectory, where a world that is only partly known can tell it beforehand. */
  readonly horizon?: number;
}

/** Which tasks may be learned from, which may be used to decide, and which are only ever evaluated. Seeds count by this order. */
export const SPLITS = ['train', 'validation', 'heldOut'] as const;
export type Split = (typeof SPLITS)[number];

/** One problem with a verifier. `compile` unfolds it into its task graph. */
export interface Task {
  readonly suite: string;
  readonly split: Split;
  readonly index: number;
  /** The problem as the Supervisor reads it. */
  readonly text: string;
  /** The right answers in words, for a person: neither Supervisor nor executor reads them. Absent where the text says all. */
  readonly answers?: readonly string[];
  /** Enumerates the task. @throws GraphTooLarge when a limit is met. */
  compile(options?: CompileOptions): TaskGraph;
}

export interface CompileOptions {
  readonly limits?: GraphLimits;
  /** Skills that the executor can carry out, each an action wherever a binding of its plan is legal. */
  readonly skills?: readonly Composite[];
  /** What a live executor has answered so far; nothing if left out. An enumerated suite needs none. */
  readonly results?: Results;
}

/** Sizes beyond which enumeration stops with an error. */
export interface GraphLimits {
  readonly maxStates: number;
  readonly maxEdges: number;
}

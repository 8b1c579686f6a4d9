/** What a live executor is asked, and what it has answered. */

/**
 * One step as a live executor carries it out. Its answer depends on nothing but these fields, so equal calls are one
 * call, and the order in which independent steps were taken cannot matter.
 */
export interface Call {
  /** The name of the act, e.g. `search`: which prompt or tool carries it out. */
  readonly act: string;
  /** The task as the executor reads it. */
  readonly task: string;
  /** The declared inputs, as texts in a fixed order: never the whole history. */
  readonly inputs: readonly string[];
  /** The skill in whose name the act is done; its text changes with its version. */
  readonly skill: { readonly name: string; readonly version: number; readonly text: string } | null;
}

/** What live executors have answered so far. */
export interface Results {
  /** The answer to a call, or undefined where it was not carried out yet. */
  get(call: Call): string | undefined;
}

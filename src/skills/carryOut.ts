/** The ways in which a plan can be carried out from a state: a depth-first search over acts and bindings. */
import type { Composites, World } from '../graph/world.ts';
import type { Binding } from './plan.ts';
import { matchTemplate, variablesOf } from './plan.ts';

/** One way to carry out a plan: the texts of its acts, and the state they end in, as many steps in as the first. */
export interface Row<State> {
  readonly acts: readonly string[];
  readonly end: State;
}

/** Bindings tried before dead ends are remembered: to name the states costs more than a short search. */
const SHORT_SEARCH = 24;
/**
 * Bindings tried from one state after which the search ends with what it has found. Plans of two to six acts needed up
 * to some 300 in the suites at their default sizes. Without it, the work for a plan whose last acts read many variables
 * doubles with each reading; with it, such a plan is still slow where a task has many states.
 */
const MOST_TRIED = 4096;

const NONE: ReadonlyMap<string, Binding> = new Map();

const neededOf = new WeakMap<readonly string[], readonly (readonly string[])[]>();

/** `[act]` the variables that later acts read. A plan is asked in every state. */
function neededAfter(plan: readonly string[]): readonly (readonly string[])[] {
  const held = neededOf.get(plan);
  if (held) return held;
  const needed = plan.map((_, i) => variablesOf(plan.slice(i + 1)));
  neededOf.set(plan, needed);
  return needed;
}

/**
 * The first `most` rows of acts that are legal one after the other and agree with the plan, in the order of the
 * world's acts; a row that several bindings read is one.
 *
 * Two things keep the search small without changing what it finds: of a binding only the variables that a later act
 * needs are kept, so that readings which differ in the others are one; and from where nothing was found once (the same
 * act of the plan, state and binding) nothing is looked for again. Beyond `MOST_TRIED` bindings it ends.
 * @param counts whether an end is worth a row; it must depend on the state's key alone
 */
export function waysToCarryOut<State>(
  keyOf: World<State>['key'],
  { acts: actsAt, act: after }: Pick<Composites<State>, 'acts' | 'act'>,
  plan: readonly string[],
  start: State,
  most: number,
  counts: (end: State) => boolean,
): readonly Row<State>[] {
  const needed = neededAfter(plan);
  const found = new Map<string, Row<State>>();
  const deadEnds = new Set<string>();
  let tried = 0;
  const isOver = (): boolean => found.size === most || tried === MOST_TRIED;

  /** The distinct bindings of what is needed after act `i`, with a name for each. */
  const bindingsAfter = (i: number, text: string, binding: Binding): ReadonlyMap<string, Binding> => {
    const readings = matchTemplate(plan[i], text, binding);
    if (readings.length === 0) return NONE;
    const kept = new Map<string, Binding>();
    for (const bound of readings) {
      const still = needed[i].flatMap((name): [string, string][] => {
        const held = bound.get(name);
        return held === undefined ? [] : [[name, held]];
      });
      const key = still.map(([name, held]) => `${name} ${held}`).join('\n');
      if (!kept.has(key)) kept.set(key, new Map(still));
    }
    return kept;
  };

  /** Whether anything that counts was reached from here, new or not. */
  const search = (at: State, done: readonly string[], binding: Binding, bindingKey: string): boolean => {
    const i = done.length;
    if (i === plan.length) {
      if (!counts(at)) return false;
      const key = done.join('\n');
      if (!found.has(key)) found.set(key, { acts: done, end: at });
      return true;
    }
    const here = tried < SHORT_SEARCH ? null : [i, keyOf(at), bindingKey].join('\n');
    if (here !== null && deadEnds.has(here)) return false;
    let isAlive = false;
    for (const action of actsAt(at)) {
      const bindings = bindingsAfter(i, action.text, binding);
      if (bindings.size === 0) continue;
      const next = after(at, action);
      for (const [key, bound] of bindings) {
        tried++;
        isAlive = search(next, [...done, action.text], bound, key) || isAlive;
        if (isOver()) return true;
      }
    }
    if (here !== null && !isAlive) deadEnds.add(here);
    return isAlive;
  };
  if (most > 0) search(start, [], new Map(), '');
  return [...found.values()];
}

/** Skills as actions of a world: every legal binding of a skill's plan is one step of the Supervisor. */
import type { Action, Composite, Composites, World } from '../graph/world.ts';
import { waysToCarryOut } from './carryOut.ts';
import { kindOfAct } from './plan.ts';

export interface OfferOptions {
  /** Bindings of one skill in one state beyond which no more are offered; 64 if left out. */
  readonly most?: number;
}

/** A world that lets no acts pass as one step was asked to carry out skills. */
export class NoComposites extends Error {
  override readonly name = 'NoComposites';
  constructor() {
    super('This suite carries out single acts alone, so it cannot be used with a library of skills.');
  }
}

/** A way to carry out a skill in a state. */
interface Way<State> {
  readonly action: Action;
  readonly state: State;
}

/**
 * `world` with the skills as further actions of every state that has a step left, allows the kinds of act that the skill
 * asks for, and in which its acts are legal one after the other. They come after the world's own actions. What leads
 * back to where it began is not offered.
 * @throws NoComposites
 */
export function withSkills<State>(
  world: World<State>,
  skills: readonly Composite[] = [],
  { most = 64 }: OfferOptions = {},
): World<State> {
  if (skills.length === 0) return world;
  const { composites } = world;
  if (!composites) throw new NoComposites();
  // States may be primitive values, so they are known by their keys. One state is asked many times in a row.
  let known: { readonly key: string; readonly ways: readonly Way<State>[] } | null = null;
  const waysAt = (state: State): readonly Way<State>[] => {
    const key = world.key(state);
    if (known?.key !== key) known = { key, ways: waysOf(world, composites, skills, state, most) };
    return known.ways;
  };
  return {
    ...world,
    actions: (state) => [...world.actions(state), ...waysAt(state).map(({ action }) => action)],
    step(state, action) {
      if (action.kind !== 'skill') return world.step(state, action);
      const way = waysAt(state).find((one) => one.action.text === action.text);
      if (!way) throw new RangeError(`"${action.text}" is not legal when ${world.describe(state)}`);
      return { state: way.state };
    },
  };
}

function waysOf<State>(
  world: World<State>,
  composites: Composites<State>,
  skills: readonly Composite[],
  state: State,
  most: number,
): readonly Way<State>[] {
  if (!composites.canStep(state)) return [];
  const kinds = new Set(composites.acts(state).map(({ text }) => kindOfAct(text)));
  const idle = world.key(composites.afterStep(state));
  const found = new Map<string, Way<State>>();
  for (const { slot, name, plan, allows } of skills) {
    if (!allows.every((kind) => kinds.has(kind))) continue;
    const counts = (end: State): boolean => world.key(composites.afterStep(end)) !== idle;
    for (const { acts, end } of waysToCarryOut(world.key, composites, plan, state, most, counts)) {
      const text = `${name}: ${acts.join(', then ')}`;
      const action: Action = { kind: 'skill', slot, text };
      if (!found.has(text)) found.set(text, { action, state: composites.afterStep(end) });
    }
  }
  return [...found.values()];
}

/** Which goal a task gets: goals are dealt out to the splits by the seed. */
import type { Split } from '../../graph/world.ts';
import { randomSource } from '../random.ts';
import type { Goal } from './layout.ts';
import { allGoals } from './layout.ts';
import { CONTAINERS, TREATED } from './vocabulary.ts';
import { inOrOn } from './world.ts';

/** Shares of the goals: three fifths to train, three twentieths to validate, the rest held out. */
const BOUNDS: Readonly<Record<Split, readonly [number, number]>> = {
  train: [0, 0.6],
  validation: [0.6, 0.75],
  heldOut: [0.75, 1],
};

/** Goal `index` of a split, over and over, and as a text. */
export function goalAt(seed: number, split: Split, index: number): { readonly goal: Goal; readonly text: string } {
  const goals = goalsOf(seed, split);
  const goal = goals[index % goals.length];
  return { goal, text: goalText(goal) };
}

function goalText({ kind, treatment, container }: Goal): string {
  return `put a ${TREATED[treatment]} ${kind} ${inOrOn({ name: container, ...CONTAINERS[container] })}`;
}

function goalsOf(seed: number, split: Split): Goal[] {
  const goals = randomSource(seed).shuffle(allGoals());
  const [from, to] = BOUNDS[split];
  return goals.slice(Math.round(from * goals.length), Math.round(to * goals.length));
}

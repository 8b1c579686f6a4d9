/** How much of what a policy does is invoking each skill, exactly. */
import type { PolicyEvaluation } from '../graph/exact.ts';
import type { TaskGraph } from '../graph/taskGraph.ts';

/** A skill's share of all steps: those that walks of a policy take, in expectation. */
export interface SkillShare {
  readonly slot: number;
  readonly name: string;
  /** 0 to 1 */
  readonly share: number;
}

/** What walks of a task come to in expectation: their steps, and how many of them invoke the skill of each slot. */
export interface ExpectedSteps {
  readonly steps: number;
  readonly invoked: ReadonlyMap<number, number>;
}

/** @param logPF `[edges]` of a policy, and what `evaluatePolicy` says of it */
export function expectedSteps(
  graph: TaskGraph,
  logPF: Float64Array,
  { logReach, meanLength }: Pick<PolicyEvaluation, 'logReach' | 'meanLength'>,
): ExpectedSteps {
  const invoked = new Map<number, number>();
  for (const [edge, place] of graph.skill.entries()) {
    if (place === 0) continue;
    const slot = place - 1;
    invoked.set(slot, (invoked.get(slot) ?? 0) + Math.exp(logReach[graph.source[edge]] + logPF[edge]));
  }
  return { steps: meanLength, invoked };
}

/**
 * Invocations of each skill over steps, both summed over the tasks: what `flowShare` of a phase estimates from sampled
 * walks. 0 where there are no tasks.
 */
export function skillShares(
  skills: readonly { readonly slot: number; readonly name: string }[],
  tasks: readonly ExpectedSteps[],
): readonly SkillShare[] {
  const all = tasks.reduce((sum, { steps }) => sum + steps, 0);
  return skills.map(({ slot, name }) => {
    const own = tasks.reduce((sum, { invoked }) => sum + (invoked.get(slot) ?? 0), 0);
    return { slot, name, share: all === 0 ? 0 : own / all };
  });
}

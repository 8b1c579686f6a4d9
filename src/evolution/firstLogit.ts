/** The first value of a new skill's scalar. */
import { evaluatePolicy, logSumExp } from '../graph/exact.ts';
import type { TaskGraph } from '../graph/taskGraph.ts';
import { ACTION_KINDS } from '../graph/taskGraph.ts';

/**
 * By how much the mean logit of a new skill falls short of that of the skills that were there before (of the acts,
 * where a state offers none), summed over the states that offer it, each weighted by how often the policy without the
 * new skills passes through it.
 * @param logPF `[edges]` normalised over all edges that leave each state
 * @param slot the new skill's place; `fresh` those of all new ones
 */
export function logitShortfall(
  graph: TaskGraph,
  logPF: Float64Array,
  slot: number,
  fresh: readonly number[],
): { readonly sum: number; readonly weight: number } {
  const isFresh = (e: number) => fresh.includes(graph.skill[e] - 1);
  const before = logPF.slice();
  for (let s = 0; s < graph.states; s++) {
    const edges = range(graph.outStart[s], graph.outStart[s + 1]).filter((e) => !isFresh(e));
    const total = logSumExp(edges.length, (i) => logPF[edges[i]]);
    for (let e = graph.outStart[s]; e < graph.outStart[s + 1]; e++)
      before[e] = isFresh(e) ? -Infinity : logPF[e] - total;
  }
  const { logReach } = evaluatePolicy(graph, before);
  let [sum, weight] = [0, 0];
  for (let s = 0; s < graph.states; s++) {
    const reach = Math.exp(logReach[s]);
    if (reach === 0) continue;
    const edges = range(graph.outStart[s], graph.outStart[s + 1]);
    const own = edges.filter((e) => graph.skill[e] === slot + 1);
    const old = edges.filter((e) => !isFresh(e));
    const skills = old.filter((e) => ACTION_KINDS[graph.kind[e]] === 'skill');
    const others = skills.length > 0 ? skills : old.filter((e) => ACTION_KINDS[graph.kind[e]] === 'act');
    if (own.length === 0 || others.length === 0) continue;
    const mean = (of: readonly number[]) => of.reduce((total, e) => total + logPF[e], 0) / of.length;
    sum += reach * (mean(others) - mean(own));
    weight += reach;
  }
  return { sum, weight };
}

function range(first: number, end: number): number[] {
  return Array.from({ length: end - first }, (_, i) => first + i);
}

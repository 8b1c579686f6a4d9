/** The numbers that the Flow caption is made from. */
import { unexplored } from '../../graph/taskGraph.ts';
import type { TaskView } from '../../session/protocol.ts';

export interface FlowFacts {
  /** The thickest edge that leaves the start. */
  readonly choice: { readonly action: string; readonly learned: number; readonly exact: number };
  /** Those that are known. */
  readonly outcomes: number;
  readonly solvedOutcomes: number;
  /** Solved outcomes that hold at least half of their target share. */
  readonly alive: number;
  /** Probability of a solved outcome, learned and exact. */
  readonly success: number;
  readonly targetSuccess: number;
  /** What a live executor was not asked yet: the choices, and the flow that leads there; null where all is known. */
  readonly unasked: { readonly choices: number; readonly flow: number } | null;
  /** Sum over outcomes of |pi - p*|. */
  readonly l1: number;
}

export function flowFacts({ graph, learned, exact }: TaskView): FlowFacts {
  let first = graph.outStart[0];
  for (let e = first; e < graph.outStart[1]; e++) if (learned.logPF[e] > learned.logPF[first]) first = e;
  const unknown = unexplored(graph);
  let solvedOutcomes = 0;
  let alive = 0;
  let l1 = 0;
  for (let x = 0; x < graph.outcomes; x++) {
    const pi = Math.exp(learned.logReach[graph.states + x]);
    const target = Math.exp(exact.logReach[graph.states + x]);
    l1 += Math.abs(pi - target);
    if (graph.solved[x] !== 1) continue;
    solvedOutcomes++;
    if (pi >= target / 2) alive++;
  }
  return {
    choice: {
      action: graph.actionText[graph.action[first]],
      learned: Math.exp(learned.logPF[first]),
      exact: Math.exp(exact.logPF[first]),
    },
    outcomes: graph.outcomes - (unknown === null ? 0 : 1),
    solvedOutcomes,
    alive,
    success: learned.success,
    targetSuccess: exact.success,
    unasked:
      unknown === null
        ? null
        : { choices: graph.pending.size, flow: Math.exp(learned.logReach[graph.states + unknown]) },
    l1,
  };
}

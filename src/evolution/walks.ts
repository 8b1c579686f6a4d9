/** Walks of the present policy with the credit of each step: all that the diagnostics of a phase are made from. */
import type { BalancedPolicy, Trajectory } from '../flow/credit.ts';
import { outcomeOf, trajectoryCredit } from '../flow/credit.ts';
import { sampleTrajectory } from '../flow/sampleTrajectory.ts';
import type { TaskGraph } from '../graph/taskGraph.ts';
import { ACTION_KINDS } from '../graph/taskGraph.ts';
import type { Split } from '../graph/world.ts';
import { kindOfAct } from '../skills/plan.ts';
import type { RandomSource } from '../worlds/random.ts';

/** A task that walks are taken on. */
export interface WalkedTask {
  readonly suite: string;
  readonly split: Split;
  /** Position of the task within the split. */
  readonly task: number;
  readonly text: string;
  readonly graph: TaskGraph;
  /** `[outcomes]` beta log R~ */
  readonly logTarget: Float64Array;
}

export interface WalkStep {
  readonly edge: number;
  /** The state that the step leaves, as a number of the graph. */
  readonly source: number;
  /** As a plan names it, and as it reads. */
  readonly action: string;
  readonly said: string;
  readonly kind: 'act' | 'skill' | 'accept';
  /** The skill's place in the library; null for what is no skill. */
  readonly slot: number | null;
  /** What the state allows: the kinds of act (first words), each once, in order. */
  readonly situation: string;
  readonly credit: number;
  readonly centred: number;
  /** `log F` of the state that the step leads to, less `log Z`. */
  readonly logFlow: number;
}

export interface CreditedWalk {
  readonly task: WalkedTask;
  readonly steps: readonly WalkStep[];
  readonly outcome: string;
  readonly reward: number;
  readonly solved: boolean;
}

/** Kinds of act that each state allows, `[states]`, the words in alphabetical order with commas; primitives alone. */
export function situationsOf(graph: TaskGraph): readonly string[] {
  return Array.from({ length: graph.states }, (_, s) => {
    const kinds = new Set<string>();
    for (let e = graph.outStart[s]; e < graph.outStart[s + 1]; e++) {
      if (ACTION_KINDS[graph.kind[e]] === 'act') kinds.add(kindOfAct(graph.planText[graph.action[e]]));
    }
    return kinds.size === 0 ? 'nothing but to finish' : [...kinds].sort().join(', ');
  });
}

/** A walk with its credits. */
export function creditWalk(
  task: WalkedTask,
  trajectory: Trajectory,
  policy: BalancedPolicy,
  situations = situationsOf(task.graph),
): CreditedWalk {
  const { graph, logTarget } = task;
  const { credit, centred, logFlow, residualPerStep } = trajectoryCredit(graph, trajectory, policy, logTarget);
  const x = outcomeOf(graph, trajectory);
  return {
    task,
    outcome: graph.nodeText[graph.states + x],
    reward: graph.reward[x],
    solved: graph.solved[x] === 1,
    steps: trajectory.map((edge, t) => ({
      edge,
      source: graph.source[edge],
      action: graph.planText[graph.action[edge]],
      said: graph.actionText[graph.action[edge]],
      kind: ACTION_KINDS[graph.kind[edge]],
      slot: graph.skill[edge] === 0 ? null : graph.skill[edge] - 1,
      situation: situations[graph.source[edge]],
      credit: credit[t],
      centred: centred[t],
      // With the residual spread over the steps, as in their credits: the last is then beta log R~ - log Z.
      logFlow: logFlow[t + 1] - policy.logZ - (t + 1) * residualPerStep,
    })),
  };
}

/** `count` walks of a policy on one task. */
export function walksOf(
  task: WalkedTask,
  policy: BalancedPolicy,
  count: number,
  random: RandomSource,
): readonly CreditedWalk[] {
  const situations = situationsOf(task.graph);
  return Array.from({ length: count }, () =>
    creditWalk(task, sampleTrajectory(task.graph, policy.logPF, random), policy, situations),
  );
}

/** Makes views of a task from a policy, in float64. */
import type { BalancedPolicy } from '../flow/credit.ts';
import {
  centreCredit,
  edgeCredit,
  exactTrajectoryCredit,
  groupAdvantage,
  outcomeOf,
  trajectoryCredit,
} from '../flow/credit.ts';
import { sampleTrajectory } from '../flow/sampleTrajectory.ts';
import { evaluatePolicy, exactAdvantage, exactFlows } from '../graph/exact.ts';
import type { TaskGraph } from '../graph/taskGraph.ts';
import { ACTION_KINDS } from '../graph/taskGraph.ts';
import type { Task } from '../graph/world.ts';
import type { RandomSource } from '../worlds/random.ts';
import type { CreditView, Flows, TaskView } from './views.ts';

/** All that is drawn of one policy. */
export function flowsOf(graph: TaskGraph, policy: BalancedPolicy): Flows {
  const { logReach, success, entropy } = evaluatePolicy(graph, policy.logPF);
  return {
    ...policy,
    logReach,
    logReachEdge: Float64Array.from(graph.source, (s, e) => logReach[s] + policy.logPF[e]),
    centredCredit: centreCredit(graph, policy.logPF, edgeCredit(policy)),
    success,
    entropy,
  };
}

/** @param at the step of training, and the target's exponent and floor */
export function taskView(
  task: Task,
  graph: TaskGraph,
  logTarget: Float64Array,
  policy: BalancedPolicy,
  at: { readonly step: number; readonly beta: number; readonly eps: number },
): TaskView {
  const { logZ, logPF } = exactFlows(graph, logTarget, policy.logPB);
  const { suite, split, index } = task;
  const exact = flowsOf(graph, { logZ, logPF, logPB: policy.logPB });
  return { suite, split, index, ...at, graph, learned: flowsOf(graph, policy), exact };
}

/** @param options.count how many trajectories to sample */
export function creditView(
  task: Task,
  graph: TaskGraph,
  logTarget: Float64Array,
  policy: BalancedPolicy,
  options: { readonly step: number; readonly count: number; readonly random: RandomSource },
): CreditView {
  const flows = exactFlows(graph, logTarget, policy.logPB);
  const advantage = exactAdvantage(graph, evaluatePolicy(graph, policy.logPF).value);
  const trajectories = Array.from({ length: options.count }, () =>
    sampleTrajectory(graph, policy.logPF, options.random),
  );
  const outcomes = trajectories.map((trajectory) => outcomeOf(graph, trajectory));
  const group = groupAdvantage(outcomes.map((x) => graph.reward[x]));
  return {
    suite: task.suite,
    split: task.split,
    index: task.index,
    step: options.step,
    text: task.text,
    trajectories: trajectories.map((trajectory, i) => {
      const x = outcomes[i];
      const learned = trajectoryCredit(graph, trajectory, policy, logTarget);
      const exact = exactTrajectoryCredit(graph, trajectory, flows);
      return {
        outcome: graph.nodeText[graph.states + x],
        reward: graph.reward[x],
        solved: graph.solved[x] === 1,
        total: learned.total,
        exactTotal: logTarget[x] - flows.logZ,
        residualPerStep: learned.residualPerStep,
        groupAdvantage: group ? group[i] : null,
        steps: trajectory.map((e, t) => ({
          edge: e,
          action: graph.actionText[graph.action[e]],
          kind: ACTION_KINDS[graph.kind[e]],
          state: graph.nodeText[graph.source[e]],
          credit: learned.credit[t],
          centred: learned.centred[t],
          exactCredit: exact.credit[t],
          exactCentred: exact.centred[t],
          advantage: advantage[e],
          logPF: policy.logPF[e],
          logPB: policy.logPB[e],
        })),
      };
    }),
  };
}

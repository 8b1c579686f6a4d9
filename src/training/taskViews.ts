/** Makes views of a task from a policy, in float64. */
import type { BalancedPolicy, Trajectory } from '../flow/credit.ts';
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
import { ACTION_KINDS, unexplored } from '../graph/taskGraph.ts';
import type { Task } from '../graph/world.ts';
import { followWalk } from '../skills/followWalk.ts';
import type { RandomSource } from '../worlds/random.ts';
import type { LearnedPolicy } from './exactPolicy.ts';
import type { CreditedTrajectory, CreditView, Flows, TaskView, WalkView } from './views.ts';

/** All that is drawn of one policy. */
export function flowsOf(graph: TaskGraph, policy: BalancedPolicy): Flows {
  const { logZ, logPF, logPB } = policy;
  const { logReach, success, entropy } = evaluatePolicy(graph, logPF);
  return {
    logZ,
    logPF,
    logPB,
    logReach,
    logReachEdge: Float64Array.from(graph.source, (s, e) => logReach[s] + logPF[e]),
    centredCredit: centreCredit(graph, logPF, edgeCredit(policy)),
    success,
    entropy,
  };
}

/** @param at the step of training, and the target's exponent and floor */
export function taskView(
  task: Task,
  graph: TaskGraph,
  logTarget: Float64Array,
  policy: LearnedPolicy,
  at: { readonly step: number; readonly beta: number; readonly eps: number; readonly flowHead: boolean },
): TaskView {
  const flows = exactFlows(graph, logTarget, policy.keyLogPB);
  const { suite, split, index } = task;
  const { step, beta, eps } = at;
  const exact = flowsOf(graph, { logZ: flows.logZ, logPF: flows.logPF, logPB: policy.keyLogPB });
  const learned = flowsOf(graph, policy);
  const headLogF = at.flowHead ? policy.logF : null;
  return {
    suite,
    split,
    index,
    step,
    beta,
    eps,
    graph,
    learned,
    exact,
    advantage: exactAdvantage(graph, evaluatePolicy(graph, policy.logPF).value),
    residual: headLogF
      ? detailedBalanceResidual(graph, policy, headLogF, logTarget)
      : policy.logPF.map((logPF, e) => logPF - flows.logPF[e]),
    residualOf: headLogF ? 'flow head' : 'answer key',
  };
}

/**
 * `[edges]` `log F(s) + log P_F - log F(s') - log P_B`, `F(x) = R~(x)^beta`: 0 where the edge is in detailed balance. It
 * says where the model is wrong and never what a step was worth.
 * @param logF `[states]` of the flow head
 */
export function detailedBalanceResidual(
  graph: TaskGraph,
  { logPF, logPB }: BalancedPolicy,
  logF: Float64Array,
  logTarget: Float64Array,
): Float64Array {
  const flowOf = (node: number) => (node < graph.states ? logF[node] : logTarget[node - graph.states]);
  return Float64Array.from(graph.source, (s, e) => logF[s] + logPF[e] - flowOf(graph.target[e]) - logPB[e]);
}

/**
 * @param options.count how many trajectories to sample
 * @param options.walk texts of the actions of a walk that is credited beside them
 */
export function creditView(
  task: Task,
  graph: TaskGraph,
  logTarget: Float64Array,
  policy: LearnedPolicy,
  options: {
    readonly step: number;
    readonly count: number;
    readonly random: RandomSource;
    readonly walk?: readonly string[] | undefined;
  },
): CreditView {
  const flows = exactFlows(graph, logTarget, policy.keyLogPB);
  const advantage = exactAdvantage(graph, evaluatePolicy(graph, policy.logPF).value);
  const trajectories = Array.from({ length: options.count }, () =>
    sampleTrajectory(graph, policy.logPF, options.random),
  );
  const outcomes = trajectories.map((trajectory) => outcomeOf(graph, trajectory));
  const unknown = unexplored(graph);
  /** What GRPO gives each outcome of a group whose rewards are known. */
  const advantagesOf = (group: readonly number[]): ReadonlyMap<number, number> => {
    const known = group.filter((x) => x !== unknown);
    const advantages = groupAdvantage(known.map((x) => graph.reward[x]));
    return new Map(advantages === null ? [] : known.map((x, i) => [x, advantages[i]]));
  };
  const credited = (trajectory: Trajectory, advantages: ReadonlyMap<number, number>): CreditedTrajectory => {
    const x = outcomeOf(graph, trajectory);
    const learned = trajectoryCredit(graph, trajectory, policy, logTarget);
    const exact = exactTrajectoryCredit(graph, trajectory, flows);
    return {
      outcome: graph.nodeText[graph.states + x],
      reward: graph.reward[x],
      solved: graph.solved[x] === 1,
      total: learned.total,
      exactTotal: logTarget[x] - flows.logZ,
      residualPerStep: learned.residualPerStep,
      ...(x === unknown ? { unexplored: true } : {}),
      groupAdvantage: advantages.get(x) ?? null,
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
  };
  const walkView = (actions: readonly string[]): WalkView => {
    const found = followWalk(graph, actions);
    if (found.edges === null) return { actions, found, credited: null };
    const group = [...outcomes, outcomeOf(graph, found.edges)];
    return { actions, found, credited: credited(found.edges, advantagesOf(group)) };
  };
  const advantages = advantagesOf(outcomes);
  return {
    suite: task.suite,
    split: task.split,
    index: task.index,
    step: options.step,
    text: task.text,
    trajectories: trajectories.map((trajectory) => credited(trajectory, advantages)),
    ...(options.walk === undefined ? {} : { walk: walkView(options.walk) }),
  };
}

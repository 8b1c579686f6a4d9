/** Task views and credit views of real tasks, with a policy that is near the exact one but not equal to it. */
import {
  centreCredit,
  edgeCredit,
  exactTrajectoryCredit,
  groupAdvantage,
  outcomeOf,
  type Trajectory,
  trajectoryCredit,
} from '../../flow/credit.ts';
import type { Results } from '../../graph/call.ts';
import {
  evaluatePolicy,
  exactAdvantage,
  exactFlows,
  logTargets,
  normaliseForward,
  uniformLogPB,
} from '../../graph/exact.ts';
import type { TaskGraph } from '../../graph/taskGraph.ts';
import { ACTION_KINDS } from '../../graph/taskGraph.ts';
import type { CreditView, Flows, TaskView } from '../../session/protocol.ts';
import type { Suite } from '../../worlds/suite.ts';

/**
 * @param noise how far the policy's logits are from the exact ones
 * @param results what a live suite is known by
 */
export function taskView<Settings>(
  suite: Suite<Settings>,
  settings: unknown = {},
  noise = 0.5,
  results?: Results,
): TaskView {
  const graph = suite.task(suite.settings.parse(settings), 0, 'train', 0).compile(results ? { results } : {});
  const logPB = uniformLogPB(graph);
  const exact = exactFlows(graph, logTargets(graph, suite.beta, suite.eps), logPB);
  const logits = exact.logPF.map((logPF, e) => logPF + noise * Math.sin(2.3 * graph.action[e] + 0.7 * graph.source[e]));
  const learned = flowsOf(graph, normaliseForward(graph, logits), logPB, exact.logZ + 0.05);
  return {
    suite: suite.name,
    split: 'train',
    index: 0,
    step: 10,
    graph,
    beta: suite.beta,
    eps: suite.eps,
    learned,
    exact: flowsOf(graph, exact.logPF, logPB, exact.logZ),
    advantage: exactAdvantage(graph, evaluatePolicy(graph, learned.logPF).value),
    residual: learned.logPF.map((logPF, e) => logPF - exact.logPF[e]),
    residualOf: 'answer key',
  };
}

function flowsOf(graph: TaskGraph, logPF: Float64Array, logPB: Float64Array, logZ: number): Flows {
  const { logReach, success, entropy } = evaluatePolicy(graph, logPF);
  return {
    logZ,
    logPF,
    logPB,
    logReach,
    logReachEdge: Float64Array.from(graph.source, (s, e) => logReach[s] + logPF[e]),
    centredCredit: centreCredit(graph, logPF, edgeCredit({ logZ, logPF, logPB })),
    success,
    entropy,
  };
}

/** Credits of given trajectories of a view. */
export function creditView(view: TaskView, trajectories: readonly Trajectory[]): CreditView {
  const { graph, learned, exact, beta, eps } = view;
  const logTarget = logTargets(graph, beta, eps);
  const flows = exactFlows(graph, logTarget, exact.logPB);
  const advantage = exactAdvantage(graph, evaluatePolicy(graph, learned.logPF).value);
  const group = groupAdvantage(trajectories.map((edges) => graph.reward[outcomeOf(graph, edges)]));
  return {
    suite: view.suite,
    split: view.split,
    index: view.index,
    step: view.step,
    text: graph.text,
    trajectories: trajectories.map((edges, i) => {
      const outcome = outcomeOf(graph, edges);
      const credit = trajectoryCredit(graph, edges, learned, logTarget);
      const exactCredit = exactTrajectoryCredit(graph, edges, flows);
      return {
        outcome: graph.nodeText[graph.states + outcome],
        reward: graph.reward[outcome],
        solved: graph.solved[outcome] === 1,
        total: credit.total,
        exactTotal: logTarget[outcome] - flows.logZ,
        residualPerStep: credit.residualPerStep,
        groupAdvantage: group === null ? null : group[i],
        steps: edges.map((edge, t) => ({
          edge,
          action: graph.actionText[graph.action[edge]],
          kind: ACTION_KINDS[graph.kind[edge]],
          state: graph.nodeText[graph.source[edge]],
          credit: credit.credit[t],
          centred: credit.centred[t],
          exactCredit: exactCredit.credit[t],
          exactCentred: exactCredit.centred[t],
          advantage: advantage[edge],
          logPF: learned.logPF[edge],
          logPB: learned.logPB[edge],
        })),
      };
    }),
  };
}

/** The most probable walk that starts with edge `first`. */
export function greedyWalk(graph: TaskGraph, logPF: Float64Array, first: number): number[] {
  const edges = [first];
  for (let node = graph.target[first]; node < graph.states; node = graph.target[edges[edges.length - 1]]) {
    let best = graph.outStart[node];
    for (let e = best; e < graph.outStart[node + 1]; e++) if (logPF[e] > logPF[best]) best = e;
    edges.push(best);
  }
  return edges;
}

/** What each outcome draws, and its share of Z: it does not depend on the backward policy. */

import type { TaskGraph } from '../../../graph/taskGraph.ts';
import { fixed } from '../../flow/figures.ts';
import { ProbabilityBar } from '../../flow/ProbabilityBar.tsx';
import type { Derived } from './model.ts';

export function OutcomeShares({ graph, derived }: { graph: TaskGraph; derived: Derived }) {
  const { policy, balanced, flows } = derived;
  return (
    <ul className="lesson-outcomes">
      {Array.from({ length: graph.outcomes }, (_, x) => graph.states + x).map((node) => (
        <li key={node}>
          <span>
            {graph.nodeText[node]}: R = {fixed(graph.reward[node - graph.states], 0)}, draws F ={' '}
            <b>{fixed(Math.exp(flows.logF[node]))}</b>
          </span>
          <ProbabilityBar
            name="share"
            learned={Math.exp(policy.logReach[node])}
            exact={Math.exp(balanced.logReach[node])}
          />
        </li>
      ))}
    </ul>
  );
}

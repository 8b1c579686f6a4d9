/** The nodes that the picture folds into one bar, largest flow first: each can be opened. */
import type { TaskGraph } from '../../graph/taskGraph.ts';
import type { Flows } from '../../session/protocol.ts';
import type { DrawnNode } from './drawing.ts';
import { count, fixed } from './figures.ts';
import { ProbabilityBar } from './ProbabilityBar.tsx';

const LISTED = 24;

interface FoldPanelProps {
  readonly graph: TaskGraph;
  readonly learned: Flows;
  readonly exact: Flows;
  readonly fold: DrawnNode;
  readonly onSelect: (node: number) => void;
}

export function FoldPanel({ graph, learned, exact, fold, onSelect }: FoldPanelProps) {
  const noun = fold.kind === 'state' ? 'state' : `${fold.kind} outcome`;
  const listed = fold.members.slice(0, LISTED);
  return (
    <section className="flow-card flow-panel-node" aria-label="The chosen nodes">
      <h3>
        Folded: <span>{count(fold.members.length, noun)}</span>
      </h3>
      <p className="flow-facts">
        together flow <b>{fixed(fold.learned)}</b> of Z (exact {fixed(fold.exact)})
        {listed.length < fold.members.length ? ` · the ${LISTED} with most flow are listed` : ''}
      </p>
      <div className="flow-edges">
        <div className="flow-edge-list">
          <h4>
            Members <span>flow</span>
          </h4>
          <ul>
            {listed.map((v) => (
              <li key={v}>
                <button type="button" onClick={() => onSelect(v)} title={graph.nodeText[v]}>
                  <span className="flow-edge-name">{graph.nodeText[v]}</span>
                  <ProbabilityBar
                    name="flow"
                    learned={Math.exp(learned.logReach[v])}
                    exact={Math.exp(exact.logReach[v])}
                  />
                </button>
              </li>
            ))}
          </ul>
        </div>
      </div>
    </section>
  );
}

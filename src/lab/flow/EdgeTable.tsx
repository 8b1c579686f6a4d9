/** The table behind the picture: every edge that is drawn by itself. */
import type { TaskView } from '../../session/protocol.ts';
import { fixed, signed } from './figures.ts';

interface EdgeTableProps {
  readonly view: Pick<TaskView, 'graph' | 'advantage' | 'residual' | 'residualOf'>;
  readonly edges: readonly {
    readonly edge: number;
    readonly learned: number;
    readonly exact: number;
    readonly learnedCredit: number;
    readonly exactCredit: number;
  }[];
}

export function EdgeTable({ view, edges }: EdgeTableProps) {
  const { graph, advantage, residual, residualOf } = view;
  /** Nothing stands where it would be read as the worth of what was not asked yet. */
  const known = (edge: number, text: string): string => (graph.pending.has(edge) ? '–' : text);
  const sorted = [...edges].sort((a, b) => b.learned - a.learned || a.edge - b.edge);
  return (
    <details className="flow-table">
      <summary>Table of the {edges.length} edges that are drawn one by one</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region has to be reached by keyboard */}
      <section tabIndex={0} aria-label="Edges in numbers">
        <table>
          <thead>
            <tr>
              <th scope="col">From</th>
              <th scope="col">Action</th>
              <th scope="col">To</th>
              <th scope="col">Flow</th>
              <th scope="col">Exact</th>
              <th scope="col">Centred credit</th>
              <th scope="col">Exact</th>
              <th scope="col" title="E[R | s, a] − E[R | s] under the learned policy">
                Advantage
              </th>
              <th scope="col" title={`Residual of detailed balance against the ${residualOf}: a diagnosis, not credit`}>
                Residual
              </th>
            </tr>
          </thead>
          <tbody>
            {sorted.map((row) => (
              <tr key={row.edge}>
                <td>{graph.nodeText[graph.source[row.edge]]}</td>
                <th scope="row">{graph.actionText[graph.action[row.edge]]}</th>
                <td>{graph.nodeText[graph.target[row.edge]]}</td>
                <td className="flow-number">{fixed(row.learned, 3)}</td>
                <td className="flow-number">{known(row.edge, fixed(row.exact, 3))}</td>
                <td className="flow-number">{signed(row.learnedCredit)}</td>
                <td className="flow-number">{known(row.edge, signed(row.exactCredit))}</td>
                <td className="flow-number">{known(row.edge, signed(advantage[row.edge]))}</td>
                <td className="flow-number">{known(row.edge, signed(residual[row.edge]))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}

/** Both sides of the balance of every edge, and how far apart they are. */
import type { TaskGraph } from '../../../graph/taskGraph.ts';
import { fixed, signed } from '../../flow/figures.ts';
import { PB, PF } from '../symbols.tsx';
import type { Derived } from './model.ts';

interface ResidualsProps {
  readonly graph: TaskGraph;
  readonly logPB: Float64Array;
  readonly derived: Derived;
}

export function Residuals({ graph, logPB, derived }: ResidualsProps) {
  const { flows, logPF, residual, worst } = derived;
  const edges = Array.from({ length: graph.edges }, (_, e) => e);
  return (
    <table className="lesson-residuals">
      <thead>
        <tr>
          <th scope="col">Edge</th>
          <th scope="col">
            F(s) <PF />
          </th>
          <th scope="col">
            F(s′) <PB />
          </th>
          <th scope="col">δ</th>
        </tr>
      </thead>
      <tbody>
        {edges.map((e) => (
          <tr key={e} data-broken={Math.abs(residual[e]) >= 0.02}>
            <th scope="row">
              {graph.nodeText[graph.source[e]]} → {graph.nodeText[graph.target[e]]}
            </th>
            <td>{fixed(Math.exp(flows.logF[graph.source[e]] + logPF[e]))}</td>
            <td>{fixed(Math.exp(flows.logF[graph.target[e]] + logPB[e]))}</td>
            <td data-testid="residual">{signed(residual[e])}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">largest |δ|</th>
          <td colSpan={2} />
          <td data-testid="worst">{fixed(worst)}</td>
        </tr>
      </tfoot>
    </table>
  );
}

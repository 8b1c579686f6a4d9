/** Every number behind the waterfall, to four decimals. */
import type { CreditedTrajectory } from '../../session/protocol.ts';
import { fixed, signed } from '../flow/figures.ts';

export function CreditTable({ trajectory }: { trajectory: CreditedTrajectory }) {
  const sum = (read: (step: CreditedTrajectory['steps'][number]) => number): number =>
    trajectory.steps.reduce((total, step) => total + read(step), 0);
  return (
    <details className="credit-table">
      <summary>Table of these {trajectory.steps.length} steps, with log-probabilities</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region has to be reached by keyboard */}
      <section tabIndex={0} aria-label="Steps in numbers">
        <table>
          <thead>
            <tr>
              <th scope="col">Step</th>
              <th scope="col">State it starts in</th>
              <th scope="col">log P_F</th>
              <th scope="col">log P_B</th>
              <th scope="col">Credit</th>
              <th scope="col">Exact</th>
              <th scope="col">Centred</th>
              <th scope="col">Exact</th>
              <th scope="col">Advantage</th>
            </tr>
          </thead>
          <tbody>
            {trajectory.steps.map((step) => (
              <tr key={step.edge}>
                <th scope="row">{step.action}</th>
                <td>{step.state}</td>
                {[step.logPF, step.logPB].map((value, i) => (
                  <td key={i === 0 ? 'F' : 'B'} className="credit-number">
                    {fixed(value, 4)}
                  </td>
                ))}
                <td className="credit-number">{signed(step.credit, 4)}</td>
                <td className="credit-number">{signed(step.exactCredit, 4)}</td>
                <td className="credit-number">{signed(step.centred, 4)}</td>
                <td className="credit-number">{signed(step.exactCentred, 4)}</td>
                <td className="credit-number">{signed(step.advantage, 4)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row" colSpan={2}>
                Sum
              </th>
              <td className="credit-number">
                {fixed(
                  sum((step) => step.logPF),
                  4,
                )}
              </td>
              <td className="credit-number">
                {fixed(
                  sum((step) => step.logPB),
                  4,
                )}
              </td>
              <td className="credit-number">
                {signed(
                  sum((step) => step.credit),
                  4,
                )}
              </td>
              <td className="credit-number">
                {signed(
                  sum((step) => step.exactCredit),
                  4,
                )}
              </td>
              <td colSpan={3} />
            </tr>
          </tfoot>
        </table>
        <p>
          Credit is log P_F − log P_B − Δ/T, here with Δ/T = {signed(trajectory.residualPerStep, 4)} in every step: the
          residual is spread so that the sum is exact at any moment of training.
        </p>
      </section>
    </details>
  );
}

/** Totals by act or by skill; a row filters the list below. */
import type { ReactNode } from 'react';
import type { Totals } from './calls.ts';
import { money, timeInWords } from './calls.ts';

interface TotalsTableProps {
  readonly by: 'act' | 'skill';
  readonly rows: readonly Totals[];
  readonly chosen: string | null;
  readonly onChoose: (name: string | null) => void;
}

export function TotalsTable({ by, rows, chosen, onChoose }: TotalsTableProps): ReactNode {
  const most = Math.max(1, ...rows.map(({ calls }) => calls));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
    <section aria-label={`Table of totals by ${by}`} tabIndex={0} className="mt-1 max-w-[64rem] overflow-x-auto">
      <table className="w-full min-w-[40rem] border-collapse text-[0.95em] tabular-nums">
        <thead>
          <tr className="border-b border-line text-left text-soft">
            <th scope="col" className="py-1 pr-3 font-normal">
              {by}
            </th>
            <th scope="col" className="w-[22%] py-1 pr-3 font-normal">
              calls
            </th>
            {['known before', 'tokens read', 'written', 'mean time', 'cost', 'cut', 'refused'].map((name) => (
              <th key={name} scope="col" className="py-1 pr-3 text-right font-normal whitespace-nowrap">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name} className="border-b border-line" aria-current={row.name === chosen ? 'true' : undefined}>
              <th scope="row" className="py-1 pr-3 text-left font-normal">
                <button
                  type="button"
                  className={`text-left underline ${row.name === chosen ? 'font-semibold text-focus' : ''}`}
                  aria-pressed={row.name === chosen}
                  onClick={() => onChoose(row.name === chosen ? null : row.name)}
                >
                  {row.name === '' ? 'no skill' : row.name}
                </button>
              </th>
              <td className="py-1 pr-3">
                <span className="flex items-center gap-2">
                  <span className="w-12 text-right">{row.calls.toLocaleString('en')}</span>
                  <span aria-hidden="true" className="h-2 flex-1">
                    <span className="block h-2 rounded-sm bg-flow" style={{ width: `${(100 * row.calls) / most}%` }} />
                  </span>
                </span>
              </td>
              <Cell>{row.cached.toLocaleString('en')}</Cell>
              <Cell>{row.promptTokens.toLocaleString('en')}</Cell>
              <Cell>{row.completionTokens.toLocaleString('en')}</Cell>
              <Cell>{row.milliseconds === null ? '–' : timeInWords(row.milliseconds)}</Cell>
              <Cell>{money(row.cost)}</Cell>
              <Cell>{row.cut.toLocaleString('en')}</Cell>
              <Cell>{row.failed.toLocaleString('en')}</Cell>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Cell({ children }: { readonly children: ReactNode }): ReactNode {
  return <td className="py-1 pr-3 text-right whitespace-nowrap">{children}</td>;
}

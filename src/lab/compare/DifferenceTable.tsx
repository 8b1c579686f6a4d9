/** Only the settings that differ, side by side; what is not as in the first column is marked. */
import { type ReactNode, useMemo } from 'react';
import type { RunGroup } from './groups.ts';
import { differenceTable, pathName } from './settings.ts';

export function DifferenceTable({ groups }: { readonly groups: readonly RunGroup[] }): ReactNode {
  const rows = useMemo(() => differenceTable(groups.map(({ runs }) => runs)), [groups]);
  const runs = groups.reduce((sum, group) => sum + group.runs.length, 0);
  if (runs < 2) return null;
  return (
    <section aria-labelledby="compare-settings" className="mt-4">
      <h3 id="compare-settings" className="heading">
        Settings that differ
      </h3>
      <p className="text-soft">
        {rows.length === 0
          ? `All ${runs} runs have the same settings.`
          : `${rows.length} of the settings ${rows.length === 1 ? 'differs' : 'differ'} between the ${runs} runs; all others are the same.${groups.length > 1 ? ' ≠ marks what is not as in the first column.' : ''}`}
      </p>
      {rows.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
        <section tabIndex={0} aria-label="Settings side by side" className="compare-table">
          <table>
            <thead>
              <tr>
                <th scope="col">Setting</th>
                {groups.map(({ key, label }) => (
                  <th scope="col" key={key}>
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ path, cells }) => (
                <tr key={path}>
                  <th scope="row" title={path}>
                    {pathName(path)}
                  </th>
                  {groups.map(({ key }, i) => (
                    <td key={key} data-differs={cells[i].differs}>
                      {cells[i].differs && (
                        <>
                          <span aria-hidden="true">≠ </span>
                          <span className="sr-only">differs: </span>
                        </>
                      )}
                      {cells[i].text}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  );
}

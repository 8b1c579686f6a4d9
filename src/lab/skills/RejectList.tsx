/** What was proposed and turned down, and why: all gains on one axis. */
import type { ReactNode } from 'react';
import { fixed, percent, signed } from '../flow/figures.ts';
import { proposalName, refusalOf } from './eventWords.ts';
import { GateFigure, GateKey, reachOf } from './GateFigure.tsx';
import type { Numbered } from './history.ts';
import { Template } from './Plan.tsx';

interface RejectListProps {
  readonly rejects: readonly Numbered[];
  readonly chosen: number | null;
  readonly onEvent: (event: number) => void;
}

export function RejectList({ rejects, chosen, onEvent }: RejectListProps): ReactNode {
  if (rejects.length === 0) return <p className="text-soft">Nothing was turned down so far.</p>;
  const reach = reachOf(rejects.map(({ event }) => event.gate));
  return (
    <div className="skill-panel">
      <p>{rejectWords(rejects)}</p>
      <GateKey />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard */}
      <section aria-label="Table of what was turned down" tabIndex={0} className="mt-1 overflow-x-auto">
        <table className="skill-table min-w-[38rem]">
          <thead>
            <tr>
              <th scope="col">step</th>
              <th scope="col">proposal</th>
              <th scope="col">gain at the gate</th>
              <th scope="col">best possible</th>
              <th scope="col">why not</th>
            </tr>
          </thead>
          <tbody>
            {rejects.map(({ number, event }) => (
              <tr key={number} aria-current={number === chosen ? 'true' : undefined}>
                <td className="whitespace-nowrap">
                  <button type="button" className="underline" onClick={() => onEvent(number)}>
                    {event.step.toLocaleString('en')}
                    <span className="sr-only">, event {number + 1}</span>
                  </button>
                </td>
                <th scope="row">
                  <span className="text-soft">{proposalName(event.proposed)}</span> <b>{event.skill.name}</b>
                  <span className="skill-line block font-mono text-[0.92em] text-soft">
                    {event.skill.plan.map((template, i) => (
                      // biome-ignore lint/suspicious/noArrayIndexKey: a line is known by its place
                      <span key={i}>
                        {i > 0 && ' · '}
                        <Template template={template} />
                      </span>
                    ))}
                  </span>
                </th>
                <td>
                  {event.gate === null ? (
                    <span className="text-soft">not tried</span>
                  ) : (
                    <>
                      <GateFigure gate={event.gate} reach={reach} />
                      <span className="block whitespace-nowrap">
                        {signed(event.gate.gain, 3)} ± {fixed(event.gate.standardError, 3)}
                        <span className="text-soft"> of {fixed(event.gate.threshold, 3)}</span>
                      </span>
                    </>
                  )}
                </td>
                <td className="whitespace-nowrap">
                  {percent(event.attainable.before)} <span aria-hidden="true">→</span>
                  <span className="sr-only">to</span> {percent(event.attainable.after)}
                </td>
                <td>{refusalOf(event)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}

/** `25 turned down: 17 change too little, …` */
export function rejectWords(rejects: readonly Numbered[]): string {
  const counts = new Map<string, number>();
  for (const { event } of rejects) counts.set(refusalOf(event), (counts.get(refusalOf(event)) ?? 0) + 1);
  const parts = [...counts].sort((a, b) => b[1] - a[1]).map(([why, n]) => `${n} because ${why}`);
  return `${rejects.length} turned down: ${parts.join(', ')}.`;
}

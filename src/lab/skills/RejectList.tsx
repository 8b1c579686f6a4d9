/** What was proposed and turned down, and why: all gains on one axis. */
import type { ReactNode } from 'react';
import { fixed, signed } from '../flow/figures.ts';
import { AttainableCell, EventTable } from './EventTable.tsx';
import { proposalName, refusalOf } from './eventWords.ts';
import { GateFigure, GateKey, reachOf } from './GateFigure.tsx';
import type { Numbered } from './history.ts';
import { Template } from './Plan.tsx';

interface RejectListProps {
  readonly rejects: readonly Numbered[];
  readonly chosen: number | null;
  readonly onEvent: (event: number) => void;
}

const COLUMNS = [{ name: 'proposal' }, { name: 'gain at the gate' }, { name: 'best possible' }, { name: 'why not' }];

export function RejectList({ rejects, chosen, onEvent }: RejectListProps): ReactNode {
  if (rejects.length === 0) return <p className="text-soft">Nothing was turned down so far.</p>;
  const reach = reachOf(rejects.map(({ event }) => event.gate));
  return (
    <div className="skill-panel">
      <p>{rejectWords(rejects)}</p>
      <GateKey />
      <EventTable
        label="Table of what was turned down"
        columns={COLUMNS}
        rows={rejects}
        chosen={chosen}
        onEvent={onEvent}
        cells={(event) => (
          <>
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
            <AttainableCell attainable={event.attainable} />
            <td>{refusalOf(event)}</td>
          </>
        )}
      />
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

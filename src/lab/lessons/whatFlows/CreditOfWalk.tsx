/** The walks of the graph with their residuals, and the chosen one's credits as bars that add up. */
import { useId } from 'react';
import { along, waterfallOf } from '../../credit/waterfall.ts';
import { fixed, signed } from '../../flow/figures.ts';
import { signOf } from '../../flow/modes.ts';
import type { StageProps } from '../lesson.ts';
import type { Derived, Walk, WhatFlows } from './model.ts';

interface CreditOfWalkProps {
  readonly state: WhatFlows;
  readonly derived: Derived;
  readonly onState: StageProps<WhatFlows>['onState'];
}

export function CreditOfWalk({ state, derived, onState }: CreditOfWalkProps) {
  const name = useId();
  const walk = state.walk === null ? undefined : derived.walks[state.walk];
  return (
    <div className="lesson-credit">
      <fieldset>
        <legend>Walks</legend>
        {derived.walks.map((each, i) => (
          <label key={each.edges.join(' ')} data-on={state.walk === i}>
            <input
              type="radio"
              name={name}
              checked={state.walk === i}
              onChange={() => onState((now) => ({ ...now, walk: i }))}
            />
            <span>{wordsOf(state, each)}</span>
            <span className="lesson-delta" data-broken={Math.abs(each.credit.delta) >= 0.05}>
              Δ {signed(each.credit.delta)}
            </span>
          </label>
        ))}
      </fieldset>
      {walk === undefined ? null : <Bars state={state} walk={walk} />}
    </div>
  );
}

/** `left clue, right clue, good answer` */
function wordsOf({ graph }: WhatFlows, walk: Walk): string {
  const acts = walk.edges.slice(0, -1).map((e) => graph.actionText[graph.action[e]].replace(/^read the /, ''));
  return [...acts, graph.nodeText[walk.outcome]].join(', ');
}

function Bars({ state: { graph }, walk }: { state: WhatFlows; walk: Walk }) {
  const { bars, low, high, shownTotal } = waterfallOf(
    walk.edges.map((_, t) => ({ credit: walk.credit.credit[t], exactCredit: walk.exactCredit.credit[t] })),
    walk.credit.total,
  );
  const hatch = useId();
  const signs = walk.edges.map((_, t) => signOf(walk.credit.centred[t]));
  const x = (value: number): number => along(value, low, high);
  const span = (from: number, to: number) => ({
    x: `${Math.min(x(from), x(to))}%`,
    width: `${Math.max(Math.abs(x(to) - x(from)), 0.6)}%`,
    rx: 2,
  });
  return (
    <table className="lesson-bars">
      <caption>
        <svg width="0" height="0" aria-hidden="true">
          <pattern id={hatch} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <line x1="0" y1="0" x2="0" y2="5" className="lesson-hatch" />
          </pattern>
        </svg>
        Hatched: worse than the policy’s average there. Dashed: exact.
      </caption>
      <tbody>
        {walk.edges.map((e, t) => (
          <tr key={e}>
            <th scope="row">{graph.actionText[graph.action[e]]}</th>
            <td>
              <svg width="100%" height="20" aria-hidden="true">
                <line x1={`${x(0)}%`} x2={`${x(0)}%`} y1="0" y2="20" />
                <rect {...span(bars[t].from, bars[t].to)} y="5" height="10" data-sign={signs[t]} />
                {signs[t] === 'minus' && (
                  <rect {...span(bars[t].from, bars[t].to)} y="5" height="10" style={{ fill: `url(#${hatch})` }} />
                )}
                <rect {...span(bars[t].from, bars[t].exactTo)} y="3" height="14" className="lesson-exact" />
              </svg>
            </td>
            <td data-testid="credit">{signed(bars[t].shown)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">β log R − log Z</th>
          <td>judged: {walk.edges.map((_, t) => signed(walk.credit.centred[t])).join(', ')}</td>
          <td data-testid="total">
            <b>{fixed(shownTotal) === '0.00' ? '0.00' : signed(shownTotal)}</b>
          </td>
        </tr>
      </tfoot>
    </table>
  );
}

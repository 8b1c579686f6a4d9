/**
 * The waterfall, as a table whose cells hold the bars: one row per step, credit as a bar that
 * starts where the last one ended, judgement (centred credit) as colour and as its own column.
 */
import type { KeyboardEvent } from 'react';
import { useId, useRef } from 'react';
import type { CreditedStep, CreditedTrajectory } from '../../session/protocol.ts';
import { signed } from '../flow/figures.ts';
import { isCovered, type MarkedWalk } from '../flow/markedWalk.ts';
import { signOf } from '../flow/modes.ts';
import type { Bar, Waterfall } from './waterfall.ts';
import { along } from './waterfall.ts';

interface WaterfallTableProps {
  readonly trajectory: CreditedTrajectory;
  readonly waterfall: Waterfall;
  /** The step whose state is shown. */
  readonly current: number;
  /** What a skill's plan covers of it, if a skill came from it. */
  readonly walk: MarkedWalk | null;
  readonly onPoint: (step: number | null) => void;
  readonly onFocus: (step: number) => void;
}

export function WaterfallTable({ trajectory, waterfall, current, walk, onPoint, onFocus }: WaterfallTableProps) {
  const hatch = useId();
  const buttons = useRef<(HTMLButtonElement | null)[]>([]);
  const { steps, groupAdvantage } = trajectory;
  const widest = Math.max(0.1, ...steps.flatMap((step) => [Math.abs(step.centred), Math.abs(step.exactCentred)]));
  const move = (event: KeyboardEvent, step: number): void => {
    const to = event.key === 'ArrowDown' ? step + 1 : event.key === 'ArrowUp' ? step - 1 : null;
    if (to === null || to < 0 || to >= steps.length) return;
    event.preventDefault();
    buttons.current[to]?.focus();
  };
  return (
    <>
      <svg width="0" height="0" className="credit-defs" aria-hidden="true">
        <defs>
          <pattern id={hatch} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <line x1="0" y1="0" x2="0" y2="5" className="credit-hatch" />
          </pattern>
        </defs>
      </svg>
      <table className="credit-waterfall">
        <thead>
          <tr>
            <th scope="col">Step</th>
            <th scope="col">Credit, adding up</th>
            <th scope="col" className="credit-number">
              Credit
            </th>
            <th scope="col">Judgement</th>
            <th scope="col" className="credit-number" title="E[R | s, a] − E[R | s] under the learned policy">
              Advantage
            </th>
            <th scope="col" className="credit-number">
              GRPO
            </th>
          </tr>
        </thead>
        <tbody>
          {steps.map((step, i) => (
            <tr
              key={step.edge}
              data-current={i === current}
              data-covered={walk !== null && isCovered(walk, i)}
              onPointerEnter={() => onPoint(i)}
              onPointerLeave={() => onPoint(null)}
            >
              <th scope="row">
                <button
                  type="button"
                  ref={(element) => {
                    buttons.current[i] = element;
                  }}
                  tabIndex={i === current ? 0 : -1}
                  title={step.action}
                  onFocus={() => onFocus(i)}
                  onClick={() => onFocus(i)}
                  onKeyDown={(event) => move(event, i)}
                >
                  <span className="credit-index">{i + 1}</span>
                  <span className="credit-action">
                    {step.action}
                    {walk !== null && isCovered(walk, i) && (
                      <span className="credit-sr"> (covered by the plan of {walk.skill})</span>
                    )}
                  </span>
                </button>
              </th>
              <td className="credit-bars">
                <StepBar bar={waterfall.bars[i]} step={step} waterfall={waterfall} hatch={hatch} />
              </td>
              <td className="credit-number" data-testid="credit">
                {signed(waterfall.bars[i].shown)}
              </td>
              <td>
                <Judgement step={step} widest={widest} hatch={hatch} />
              </td>
              <td className="credit-number credit-soft">{signed(step.advantage)}</td>
              <td className="credit-number credit-soft">{groupAdvantage === null ? '0.00' : signed(groupAdvantage)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">
              Sum <span className="credit-soft">β log R̃ − log Z</span>
            </th>
            <td className="credit-bars">
              <SumBar waterfall={waterfall} exactTotal={trajectory.exactTotal} />
            </td>
            <td className="credit-number" data-testid="total">
              <b>{signed(waterfall.shownTotal)}</b>
            </td>
            <td colSpan={3} className="credit-soft">
              exact {signed(trajectory.exactTotal)}
            </td>
          </tr>
        </tfoot>
      </table>
    </>
  );
}

interface StepBarProps {
  readonly bar: Bar;
  readonly step: CreditedStep;
  readonly waterfall: Waterfall;
  readonly hatch: string;
}

function StepBar({ bar, step, waterfall, hatch }: StepBarProps) {
  const { low, high } = waterfall;
  const x = (value: number): number => along(value, low, high);
  const [left, right] = [Math.min(x(bar.from), x(bar.to)), Math.max(x(bar.from), x(bar.to))];
  const [exactLeft, exactRight] = [Math.min(x(bar.from), x(bar.exactTo)), Math.max(x(bar.from), x(bar.exactTo))];
  const sign = signOf(step.centred);
  const box = { x: `${left}%`, y: 8, width: `${Math.max(right - left, 0.5)}%`, height: 14, rx: 2 };
  return (
    <svg width="100%" height="30" aria-hidden="true">
      <line x1={`${x(0)}%`} x2={`${x(0)}%`} y1="0" y2="30" className="credit-zero" />
      <line x1={`${x(bar.to)}%`} x2={`${x(bar.to)}%`} y1="22" y2="30" className="credit-link" />
      <line x1={`${x(bar.from)}%`} x2={`${x(bar.from)}%`} y1="0" y2="8" className="credit-link" />
      <rect {...box} className="credit-bar" data-sign={sign} />
      {sign === 'minus' ? <rect {...box} fill={`url(#${hatch})`} /> : null}
      <rect
        x={`${exactLeft}%`}
        y="5"
        width={`${Math.max(exactRight - exactLeft, 0.4)}%`}
        height="20"
        rx="2"
        className="credit-exact"
      />
    </svg>
  );
}

function SumBar({ waterfall, exactTotal }: { waterfall: Waterfall; exactTotal: number }) {
  const { low, high, total } = waterfall;
  const x = (value: number): number => along(value, low, high);
  const bar = (value: number) => ({
    x: `${Math.min(x(0), x(value))}%`,
    width: `${Math.max(Math.abs(x(value) - x(0)), 0.4)}%`,
    rx: 2,
  });
  return (
    <svg width="100%" height="30" aria-hidden="true">
      <line x1={`${x(0)}%`} x2={`${x(0)}%`} y1="0" y2="30" className="credit-zero" />
      <line x1={`${x(total)}%`} x2={`${x(total)}%`} y1="0" y2="8" className="credit-link" />
      <rect {...bar(total)} y="8" height="14" className="credit-sum" />
      <rect {...bar(exactTotal)} y="5" height="20" className="credit-exact" />
    </svg>
  );
}

/** Centred credit about zero: plus to the right, minus to the left. */
function Judgement({ step, widest, hatch }: { step: CreditedStep; widest: number; hatch: string }) {
  const x = (value: number): number => along(value, -widest * 1.05, widest * 1.05);
  const box = (value: number) => ({
    x: `${Math.min(x(0), x(value))}%`,
    width: `${Math.max(Math.abs(x(value) - x(0)), 0.8)}%`,
    rx: 1.5,
  });
  const sign = signOf(step.centred);
  return (
    <span className="credit-judgement">
      <svg width="100%" height="22" aria-hidden="true">
        <line x1="50%" x2="50%" y1="0" y2="22" className="credit-zero" />
        <rect {...box(step.centred)} y="6" height="10" className="credit-bar" data-sign={sign} />
        {sign === 'minus' ? <rect {...box(step.centred)} y="6" height="10" fill={`url(#${hatch})`} /> : null}
        <rect {...box(step.exactCentred)} y="4" height="14" className="credit-exact" />
      </svg>
      <span data-sign={sign}>{signed(step.centred)}</span>
    </span>
  );
}

/** What the gate measured, as a picture: the gain with one standard error either side, beside what was asked for. */
import type { ReactNode } from 'react';
import type { GateResult } from '../../evolution/gate.ts';
import { signed } from '../flow/figures.ts';
import { figure } from '../format.ts';

const WIDTH = 150;
const HEIGHT = 22;

interface GateFigureProps {
  readonly gate: GateResult;
  /** The largest gain or loss on the axis, so that several can be compared. */
  readonly reach: number;
}

/** An axis that holds all of these. */
export function reachOf(gates: readonly (GateResult | null)[]): number {
  const most = gates.map((gate) =>
    gate === null ? 0 : Math.max(Math.abs(gate.gain) + gate.standardError, gate.threshold * 1.2),
  );
  return Math.max(0.02, ...most);
}

export function GateFigure({ gate, reach }: GateFigureProps): ReactNode {
  const { gain, standardError, threshold, verdict } = gate;
  const x = (value: number): number => WIDTH / 2 + ((WIDTH / 2 - 5) * value) / reach;
  const tone = verdict === 'gains' ? 'var(--plus)' : verdict === 'loses' ? 'var(--minus)' : 'var(--soft)';
  const words = `Gain ${signed(gain, 3)}, standard error ${figure(standardError, 2)}; ${figure(threshold, 2)} was asked for: ${verdict}.`;
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
      role="img"
      aria-label={words}
      className="inline-block align-middle"
    >
      <title>{words}</title>
      <rect
        x={x(-threshold)}
        y="1"
        width={x(threshold) - x(-threshold)}
        height={HEIGHT - 2}
        fill="var(--line)"
        rx="2"
      />
      <line x1={x(0)} x2={x(0)} y1="1" y2={HEIGHT - 1} stroke="var(--edge)" />
      <line x1="3" x2={WIDTH - 3} y1={HEIGHT / 2} y2={HEIGHT / 2} stroke="var(--edge)" strokeWidth="0.5" />
      <line
        x1={x(gain - standardError)}
        x2={x(gain + standardError)}
        y1={HEIGHT / 2}
        y2={HEIGHT / 2}
        stroke={tone}
        strokeWidth="2.4"
        strokeLinecap="round"
      />
      {verdict === 'gains' && <path d={`M${x(gain)},${HEIGHT / 2 - 5}l5,9h-10Z`} fill={tone} />}
      {verdict === 'loses' && <path d={`M${x(gain)},${HEIGHT / 2 + 5}l5,-9h-10Z`} fill={tone} />}
      {verdict === 'changes nothing' && <circle cx={x(gain)} cy={HEIGHT / 2} r="3.6" fill={tone} />}
    </svg>
  );
}

/** The key to the picture. */
export function GateKey(): ReactNode {
  return (
    <p className="text-[0.92em] text-soft">
      Each mark is the gain in mean reward on validation tasks, paired by task and seed, with one standard error either
      side. The grey band is what counts as no change.
    </p>
  );
}

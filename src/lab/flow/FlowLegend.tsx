/** The key to the Flow picture, per mode. */
import type { Mode } from './modes.ts';

export function FlowLegend({ mode, folded, grid }: { mode: Mode; folded: boolean; grid: boolean }) {
  return (
    <ul className="flow-legend" aria-label="Key">
      {mode === 'difference' ? (
        <>
          <Entry swatch="too-much">+ more flow than exact</Entry>
          <Entry swatch="too-little">− less flow than exact</Entry>
        </>
      ) : (
        <>
          <Entry swatch="flow">width = flow</Entry>
          <Entry swatch="plus">+ credit</Entry>
          <Entry swatch="minus">− blame</Entry>
          {mode === 'learned' ? null : <Entry swatch="exact">exact</Entry>}
        </>
      )}
      {grid ? <Entry swatch="solved">top reward</Entry> : null}
      {folded ? <Entry swatch="folded">folded</Entry> : null}
    </ul>
  );
}

function Entry({ swatch, children }: { swatch: string; children: string }) {
  return (
    <li>
      <i data-swatch={swatch} aria-hidden="true" />
      {children}
    </li>
  );
}

/** The key to the Flow picture, per mode. */
import type { Layer } from './layer.ts';
import type { MarkedWalk } from './markedWalk.ts';
import type { Mode } from './modes.ts';

interface FlowLegendProps {
  readonly mode: Mode;
  readonly folded: boolean;
  readonly grid: boolean;
  /** Whether something was not asked of a live executor yet. */
  readonly unexplored: boolean;
  readonly layer: Layer;
  /** How much differences are enlarged. */
  readonly magnify: number;
  /** A walk that a skill came from, which stands out. */
  readonly walk: MarkedWalk | null;
}

export function FlowLegend({ mode, folded, grid, unexplored, magnify, layer, walk }: FlowLegendProps) {
  return (
    <ul className="flow-legend" aria-label="Key">
      {mode === 'difference' ? (
        <>
          <Entry swatch="too-much">+ more flow than exact</Entry>
          <Entry swatch="too-little">− less flow than exact</Entry>
          {magnify > 1 ? (
            <li>
              {grid ? 'arrows' : 'widths'} × {magnify}
            </li>
          ) : null}
        </>
      ) : (
        <>
          <Entry swatch="flow">width = flow</Entry>
          {layer === 'credit' && (
            <>
              <Entry swatch="plus">+ credit</Entry>
              <Entry swatch="minus">− blame</Entry>
            </>
          )}
          {layer === 'advantage' && (
            <>
              <Entry swatch="plus">+ more reward than average here</Entry>
              <Entry swatch="minus">− less</Entry>
            </>
          )}
          {layer === 'residual' && (
            <>
              <Entry swatch="too-much">+ residual: too much</Entry>
              <Entry swatch="too-little">− residual: too little</Entry>
              <Entry swatch="balanced">in balance</Entry>
            </>
          )}
          {mode === 'learned' ? null : <Entry swatch="exact">exact</Entry>}
        </>
      )}
      {grid ? <Entry swatch="solved">top reward</Entry> : null}
      {unexplored ? <Entry swatch="unexplored">not explored yet</Entry> : null}
      {folded ? <Entry swatch="folded">folded</Entry> : null}
      {walk === null ? null : (
        <>
          <Entry swatch="walk">{`where ${walk.skill} came from`}</Entry>
          <Entry swatch="covered">what its plan covers</Entry>
        </>
      )}
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

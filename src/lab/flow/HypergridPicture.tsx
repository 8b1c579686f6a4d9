/**
 * A two-dimensional hypergrid drawn as what it is. In each cell a filled square is the learned
 * probability of stopping there and a dashed square the exact one (area is probability); arrows
 * between cells carry the flow. Cells are buttons; arrow keys walk the grid.
 */
import type { KeyboardEvent } from 'react';
import { useId, useMemo, useRef, useState } from 'react';
import type { TaskGraph } from '../../graph/taskGraph.ts';
import type { Flows } from '../../session/protocol.ts';
import { fixed, signed } from './figures.ts';
import type { Grid, GridCell, GridMove } from './hypergrid.ts';
import type { EdgeColours } from './layer.ts';
import type { Mode } from './modes.ts';
import { ribbonKind, signOf } from './modes.ts';
import { Scaled, useScale } from './Scaled.tsx';
import { useWidth } from './useWidth.ts';

const AXIS = 22;
/** Largest side of the picture, in its units: with its caption it fits on a screen. */
const MOST = 540;
/** Below this pitch there is no room for arrows between cells. */
const ARROW_PITCH = 14;

interface HypergridPictureProps {
  readonly graph: TaskGraph;
  readonly grid: Grid;
  readonly learned: Flows;
  readonly exact: Flows;
  readonly mode: Mode;
  readonly selected: number;
  readonly onSelect: (node: number) => void;
  readonly label: string;
  readonly magnify: number;
  /** What colour says in the place of credit. */
  readonly colours: EdgeColours | null;
}

export function HypergridPicture(props: HypergridPictureProps) {
  const { graph, grid, learned, exact, mode, selected, onSelect, label, magnify, colours } = props;
  const hatch = useId();
  const scale = useScale();
  const buttons = useRef(new Map<string, HTMLButtonElement>());
  const [frame, width] = useWidth<HTMLDivElement>(424);
  const size = Math.min(width / scale, MOST);
  const pitch = Math.floor((size - AXIS) / grid.side);
  const cellSide = Math.round(pitch * (pitch < ARROW_PITCH ? 0.9 : 0.68));
  const extent = pitch * grid.side;
  const place = (cell: GridCell): { left: number; top: number } => ({
    left: AXIS + cell.x * pitch + (pitch - cellSide) / 2,
    top: (grid.side - 1 - cell.y) * pitch + (pitch - cellSide) / 2,
  });
  const most = useMemo(
    () =>
      Math.max(
        ...grid.cells.map((cell) => Math.exp(Math.max(learned.logReach[cell.outcome], exact.logReach[cell.outcome]))),
      ),
    [grid, learned, exact],
  );
  const chosen = grid.cells.find((cell) => cell.state === selected || cell.outcome === selected) ?? grid.cells[0];
  const [focused, setFocused] = useState<GridCell | null>(null);
  const stop = focused ?? chosen;
  const move = (event: KeyboardEvent, cell: GridCell): void => {
    const [dx, dy] = STEPS[event.key] ?? [0, 0];
    if (dx === 0 && dy === 0) return;
    event.preventDefault();
    buttons.current.get(`${cell.x + dx} ${cell.y + dy}`)?.focus();
  };
  return (
    <div ref={frame}>
      <Scaled scale={scale} width={AXIS + extent} height={extent + AXIS} className="flow-grid">
        <svg width={AXIS + extent} height={extent + AXIS} role="img" aria-label={label}>
          <defs>
            <pattern id={hatch} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
              <line x1="0" y1="0" x2="0" y2="5" className="flow-hatch" />
            </pattern>
          </defs>
          {pitch < ARROW_PITCH
            ? null
            : grid.moves.map((gridMove) => (
                <Arrow
                  key={gridMove.edge}
                  move={gridMove}
                  from={place(gridMove.from)}
                  cellSide={cellSide}
                  pitch={pitch}
                  learned={learned}
                  exact={exact}
                  mode={mode}
                  hatch={hatch}
                  magnify={magnify}
                  colours={colours}
                />
              ))}
          {grid.cells.map((cell) => (
            <Cell
              key={cell.state}
              at={place(cell)}
              side={cellSide}
              learned={Math.exp(learned.logReach[cell.outcome]) / most}
              exact={Math.exp(exact.logReach[cell.outcome]) / most}
              solved={graph.solved[cell.outcome - graph.states] === 1}
              chosen={cell === chosen}
              mode={mode}
            />
          ))}
          <Axes side={grid.side} pitch={pitch} extent={extent} />
        </svg>
        {grid.cells.map((cell) => (
          <button
            key={cell.state}
            type="button"
            className="flow-cell"
            ref={(element) => {
              if (element === null) buttons.current.delete(`${cell.x} ${cell.y}`);
              else buttons.current.set(`${cell.x} ${cell.y}`, element);
            }}
            style={{ ...place(cell), width: cellSide, height: cellSide }}
            tabIndex={cell === stop ? 0 : -1}
            aria-pressed={cell === chosen}
            aria-label={cellWords(graph, cell, learned, exact)}
            title={cellWords(graph, cell, learned, exact)}
            onClick={() => onSelect(cell.state)}
            onFocus={() => setFocused(cell)}
            onBlur={() => setFocused(null)}
            onKeyDown={(event) => move(event, cell)}
          />
        ))}
      </Scaled>
    </div>
  );
}

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

function cellWords(graph: TaskGraph, cell: GridCell, learned: Flows, exact: Flows): string {
  const stops = `stops here ${fixed(Math.exp(learned.logReach[cell.outcome]), 3)} learned, ${fixed(Math.exp(exact.logReach[cell.outcome]), 3)} exact`;
  const passes = `passes ${fixed(Math.exp(learned.logReach[cell.state]))} learned, ${fixed(Math.exp(exact.logReach[cell.state]))} exact`;
  return `x1 = ${cell.x}, x2 = ${cell.y}: reward ${fixed(graph.reward[cell.outcome - graph.states])}, ${stops}; ${passes}`;
}

interface CellProps {
  readonly at: { readonly left: number; readonly top: number };
  readonly side: number;
  /** Shares of the largest probability in the picture. */
  readonly learned: number;
  readonly exact: number;
  readonly solved: boolean;
  readonly chosen: boolean;
  readonly mode: Mode;
}

function Cell({ at, side, learned, exact, solved, chosen, mode }: CellProps) {
  const lengthOf = (share: number): number => Math.max(0.88 * side * Math.sqrt(share), 1.5);
  const square = (share: number, className: string) => {
    const length = lengthOf(share);
    const inset = (side - length) / 2;
    return (
      <rect
        x={at.left + inset}
        y={at.top + inset}
        width={length}
        height={length}
        rx={1.5}
        className={className}
        data-small={length < 8}
      />
    );
  };
  // Dashes around a speck that they cannot be told from would only blur it.
  const told = lengthOf(exact) >= 9 || Math.abs(lengthOf(exact) - lengthOf(learned)) >= 1.2;
  const outlined = mode === 'exact' || (mode === 'both' && told);
  const difference = learned - exact;
  return (
    <g>
      <rect
        x={at.left}
        y={at.top}
        width={side}
        height={side}
        rx={3}
        className="flow-cell-ground"
        data-solved={solved}
      />
      {mode === 'both' || mode === 'learned' ? square(learned, 'flow-bar') : null}
      {outlined ? square(exact, 'flow-bar-exact') : null}
      {mode === 'difference'
        ? square(Math.abs(difference), difference > 0 ? 'flow-too-much' : 'flow-too-little')
        : null}
      {chosen ? (
        <rect
          x={at.left - 2.5}
          y={at.top - 2.5}
          width={side + 5}
          height={side + 5}
          rx={5}
          className="flow-bar-selected"
        />
      ) : null}
    </g>
  );
}

interface ArrowProps {
  readonly move: GridMove;
  readonly from: { readonly left: number; readonly top: number };
  readonly cellSide: number;
  readonly pitch: number;
  readonly learned: Flows;
  readonly exact: Flows;
  readonly mode: Mode;
  readonly hatch: string;
  /** How much differences are enlarged. */
  readonly magnify: number;
  readonly colours: EdgeColours | null;
}

function Arrow({ move, from, cellSide, pitch, learned, exact, mode, hatch, magnify, colours }: ArrowProps) {
  const flow = { learned: Math.exp(learned.logReachEdge[move.edge]), exact: Math.exp(exact.logReachEdge[move.edge]) };
  const credit = mode === 'exact' ? exact.centredCredit[move.edge] : learned.centredCredit[move.edge];
  const difference = flow.learned - flow.exact;
  const value = colours === null ? credit : colours.values[move.edge];
  const sign = mode === 'difference' ? signOf(difference, 0.002) : signOf(value, colours?.neutral);
  const length = pitch - cellSide - 1;
  const across = move.to.x > move.from.x;
  const origin = across
    ? { x: from.left + cellSide + 0.5, y: from.top + cellSide / 2 }
    : { x: from.left + cellSide / 2, y: from.top - 0.5 };
  const shape = (share: number): string => {
    const half = Math.max((share * cellSide) / 2, 0.6);
    const body = length * 0.62;
    return `M0,${-half}H${body}L${length},0L${body},${half}H0Z`;
  };
  // An outline narrower than its own dashes says nothing.
  const outlined = mode === 'exact' || (mode === 'both' && Math.max(flow.exact, flow.learned) * cellSide >= 2.5);
  const shown = mode === 'difference' ? Math.abs(difference) * magnify : mode === 'exact' ? flow.exact : flow.learned;
  return (
    <g
      className="flow-ribbon"
      data-kind={ribbonKind(mode, sign, colours)}
      transform={`translate(${origin.x} ${origin.y})${across ? '' : ' rotate(-90)'}`}
    >
      <title>{`flow ${fixed(flow.learned, 3)} learned, ${fixed(flow.exact, 3)} exact\ncentred credit ${signed(credit)}${colours === null ? '' : `\n${colours.name} ${signed(value)}`}`}</title>
      <path d={shape(shown)} className="flow-fill" data-light={mode === 'exact'} />
      {sign === 'minus' ? <path d={shape(shown)} fill={`url(#${hatch})`} /> : null}
      {outlined ? <path d={shape(flow.exact)} className="flow-exact" /> : null}
    </g>
  );
}

function Axes({ side, pitch, extent }: { side: number; pitch: number; extent: number }) {
  const every = Math.ceil(18 / pitch);
  const ticks = Array.from({ length: side }, (_, i) => i).filter((i) => i % every === 0);
  return (
    <g className="flow-axis">
      {ticks.map((i) => (
        <g key={i}>
          <text x={AXIS + (i + 0.5) * pitch} y={extent + 14} textAnchor="middle">
            {i}
          </text>
          <text x={AXIS - 8} y={extent - (i + 0.5) * pitch + 4} textAnchor="middle">
            {i}
          </text>
        </g>
      ))}
    </g>
  );
}

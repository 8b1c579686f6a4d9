/**
 * The task graph in layers: ribbons in SVG, nodes as real buttons over them, so that names wrap,
 * focus and activation are the browser's own. Left and right follow the thickest edge, up and
 * down go through the column.
 */
import type { KeyboardEvent } from 'react';
import { useMemo, useRef, useState } from 'react';
import type { TaskGraph } from '../../graph/taskGraph.ts';
import type { Flows } from '../../session/protocol.ts';
import type { Drawing, DrawnNode } from './drawing.ts';
import { fixed, signed } from './figures.ts';
import type { Placement } from './flowGeometry.ts';
import { BAR, fullFlowFor, LAST_LABEL, placeDrawing } from './flowGeometry.ts';
import type { EdgeColours } from './layer.ts';
import type { MarkedWalk } from './markedWalk.ts';
import type { Mode } from './modes.ts';
import { NodeButton } from './NodeButton.tsx';
import { Ribbons } from './Ribbons.tsx';
import { Scaled, useScale } from './Scaled.tsx';
import { useWidth } from './useWidth.ts';
import { WalkOutline } from './WalkOutline.tsx';

interface FlowGraphProps {
  readonly graph: TaskGraph;
  readonly learned: Flows;
  readonly drawing: Drawing;
  readonly mode: Mode;
  /** Key of the chosen node. */
  readonly selected: string;
  readonly onSelect: (node: DrawnNode) => void;
  readonly label: string;
  readonly fullFlow?: number;
  readonly minHeight?: number;
  readonly lastLabel?: number;
  /** What stands beside a node instead of its flow. */
  readonly nodeValue?: (node: DrawnNode) => string;
  /** What stands on an edge instead of its sign; null for nothing. */
  readonly edgeNote?: (edge: number) => string | null;
  /** What colour says in the place of credit. */
  readonly colours?: EdgeColours | null;
  /** A walk that stands out. */
  readonly walk?: MarkedWalk | null;
}

export function FlowGraph({
  graph,
  learned,
  drawing,
  mode,
  selected,
  onSelect,
  label,
  fullFlow,
  minHeight = 210,
  lastLabel = LAST_LABEL,
  nodeValue,
  edgeNote,
  colours,
  walk = null,
}: FlowGraphProps) {
  const scale = useScale();
  const [frame, outerWidth] = useWidth<HTMLDivElement>(760);
  const width = Math.round(outerWidth / scale);
  const buttons = useRef(new Map<string, HTMLButtonElement>());
  const [focused, setFocused] = useState<string | null>(null);
  const [pointed, setPointed] = useState<string | null>(null);
  const placement = useMemo(
    () => placeDrawing(drawing, { width, fullFlow: fullFlow ?? fullFlowFor(drawing), minHeight, lastLabel }),
    [drawing, width, fullFlow, minHeight, lastLabel],
  );
  const peers = useMemo(
    () => drawing.nodes.flatMap((node) => (node.kind !== 'state' && node.node !== null ? [node.node] : [])),
    [drawing],
  );
  const stop = drawing.nodes.some((node) => node.key === (focused ?? selected))
    ? (focused ?? selected)
    : drawing.nodes[0].key;

  const move = (event: KeyboardEvent, from: number): void => {
    const to = neighbour(drawing, placement, from, event.key);
    if (to === null) return;
    event.preventDefault();
    buttons.current.get(drawing.nodes[to].key)?.focus();
  };

  return (
    <div ref={frame}>
      <Scaled scale={scale} width={placement.width} height={placement.height} className="flow-graph">
        <svg width={placement.width} height={placement.height} role="img" aria-label={label}>
          <Ribbons
            graph={graph}
            drawing={drawing}
            placement={placement}
            mode={mode}
            lit={pointed ?? focused}
            edgeNote={edgeNote}
            colours={colours}
          />
          {drawing.nodes.map((node, i) => (
            <Bar
              key={node.key}
              node={node}
              placement={placement}
              index={i}
              mode={mode}
              selected={node.key === selected}
            />
          ))}
          {walk !== null && <WalkOutline walk={walk} drawing={drawing} placement={placement} />}
        </svg>
        {drawing.nodes.map((node, i) => (
          <NodeButton
            key={node.key}
            graph={graph}
            learned={learned}
            node={node}
            placement={placement}
            index={i}
            last={node.column === drawing.columns - 1}
            peers={peers}
            lastLabel={lastLabel}
            value={nodeValue?.(node) ?? flowDigits(node, mode)}
            selected={node.key === selected}
            tabStop={node.key === stop}
            register={(element) => {
              if (element === null) buttons.current.delete(node.key);
              else buttons.current.set(node.key, element);
            }}
            onSelect={() => onSelect(node)}
            onFocus={() => {
              setFocused(node.key);
              setPointed(null);
            }}
            onBlur={() => setFocused(null)}
            onPoint={(on) => setPointed(on ? node.key : null)}
            onKeyDown={(event) => move(event, i)}
          />
        ))}
      </Scaled>
    </div>
  );
}

/** The node that an arrow key leads to, or null. */
function neighbour(drawing: Drawing, placement: Placement, from: number, key: string): number | null {
  if (key === 'ArrowRight' || key === 'ArrowLeft') {
    const [near, far] = key === 'ArrowRight' ? (['source', 'target'] as const) : (['target', 'source'] as const);
    const edges = drawing.edges.filter((edge) => edge[near] === from);
    edges.sort((a, b) => b.learned - a.learned);
    return edges[0]?.[far] ?? null;
  }
  if (key !== 'ArrowDown' && key !== 'ArrowUp') return null;
  const column = drawing.nodes.flatMap((node, i) => (node.column === drawing.nodes[from].column ? [i] : []));
  column.sort((a, b) => placement.nodes[a].y - placement.nodes[b].y);
  return column[column.indexOf(from) + (key === 'ArrowDown' ? 1 : -1)] ?? null;
}

interface BarProps {
  readonly node: DrawnNode;
  readonly placement: Placement;
  readonly index: number;
  readonly mode: Mode;
  readonly selected: boolean;
}

function Bar({ node, placement, index, mode, selected }: BarProps) {
  const { x, y, learnedHeight, exactHeight } = placement.nodes[index];
  const bar = (height: number, className: string) => (
    <rect x={x} y={y - height / 2} width={BAR} height={height} rx={2.5} className={className} />
  );
  const tallest = Math.max(learnedHeight, exactHeight);
  return (
    <g data-folded={node.node === null} data-unexplored={node.kind === 'unexplored'}>
      {mode === 'exact' ? null : bar(learnedHeight, 'flow-bar')}
      {mode === 'learned' || node.kind === 'unexplored' ? null : bar(exactHeight, 'flow-bar-exact')}
      {selected ? (
        <rect
          x={x - 4}
          y={y - tallest / 2 - 4}
          width={BAR + 8}
          height={tallest + 8}
          rx={5}
          className="flow-bar-selected"
        />
      ) : null}
    </g>
  );
}

function flowDigits(node: DrawnNode, mode: Mode): string {
  if (mode === 'difference') return signed(node.learned - node.exact);
  return fixed(mode === 'exact' ? node.exact : node.learned);
}

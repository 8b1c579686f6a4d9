/** The edges of a drawing: learned filled, exact dashed, credit as hue, hatching and sign. */
import { useId } from 'react';
import type { TaskGraph } from '../../graph/taskGraph.ts';
import type { Drawing, DrawnEdge } from './drawing.ts';
import { fixed, signed } from './figures.ts';
import type { PlacedEdge, Placement } from './flowGeometry.ts';
import type { EdgeColours } from './layer.ts';
import type { Mode, Sign } from './modes.ts';
import { magnification, ribbonKind, signOf } from './modes.ts';
import type { Point, Ribbon } from './ribbon.ts';
import { ribbon } from './ribbon.ts';

/** Differences of flow nearer to zero than this are drawn as neutral. */
const SAME_FLOW = 0.005;
/** A ribbon has to be this thick to carry its sign. */
const SIGNED_WIDTH = 5;
const DOUBLE_LINE = 3;

interface RibbonsProps {
  readonly graph: TaskGraph;
  readonly drawing: Drawing;
  readonly placement: Placement;
  readonly mode: Mode;
  /** Key of a node whose edges stand out, or null. */
  readonly lit: string | null;
  readonly edgeNote?: ((edge: number) => string | null) | undefined;
  /** What colour says in the place of credit. */
  readonly colours?: EdgeColours | null | undefined;
}

export function Ribbons({ graph, drawing, placement, mode, lit, edgeNote, colours = null }: RibbonsProps) {
  const hatch = useId();
  const magnify = magnification(drawing.edges);
  const order = drawing.edges.map((_, i) => i);
  // Thin ribbons last, so that thick ones do not hide them.
  order.sort((a, b) => widest(placement.edges[b]) - widest(placement.edges[a]) || a - b);
  return (
    <>
      <defs>
        <pattern id={hatch} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <line x1="0" y1="0" x2="0" y2="5" className="flow-hatch" />
        </pattern>
      </defs>
      {order.map((i) => {
        const edge = drawing.edges[i];
        const dimmed = lit !== null && drawing.nodes[edge.source].key !== lit && drawing.nodes[edge.target].key !== lit;
        return (
          <RibbonShape
            key={edge.edge ?? `${drawing.nodes[edge.source].key} to ${drawing.nodes[edge.target].key}`}
            edge={edge}
            unknown={drawing.nodes[edge.target].kind === 'unexplored'}
            placed={placement.edges[i]}
            mode={mode}
            dimmed={dimmed}
            hatch={hatch}
            magnify={magnify}
            title={edgeTitle(graph, edge, colours)}
            colours={colours}
            note={edge.edge === null ? null : (edgeNote?.(edge.edge) ?? null)}
          />
        );
      })}
    </>
  );
}

interface RibbonShapeProps {
  readonly edge: DrawnEdge;
  /** It leads to what was not explored yet: neither credit nor an exact flow is known of it. */
  readonly unknown: boolean;
  readonly placed: PlacedEdge;
  readonly mode: Mode;
  readonly dimmed: boolean;
  readonly hatch: string;
  readonly title: string;
  readonly note: string | null;
  /** How much differences are enlarged. */
  readonly magnify: number;
  readonly colours: EdgeColours | null;
}

function RibbonShape({ edge, unknown, placed, mode, dimmed, hatch, title, note, magnify, colours }: RibbonShapeProps) {
  const difference = edge.learned - edge.exact;
  const sign: Sign = unknown
    ? 'neutral'
    : mode === 'difference'
      ? signOf(difference, SAME_FLOW)
      : colours !== null && edge.edge !== null
        ? signOf(colours.values[edge.edge], colours.neutral)
        : signOf(mode === 'exact' ? edge.exactCredit : edge.learnedCredit);
  const thickness =
    mode === 'difference'
      ? Math.abs(placed.learnedWidth - placed.exactWidth) * magnify
      : mode === 'exact'
        ? placed.exactWidth
        : placed.learnedWidth;
  const filled = ribbon(placed.points, Math.max(thickness, 1.2));
  // Two dashed sides need room between them; below it one dashed line stands for both.
  const outlined = (mode === 'both' || mode === 'exact') && !unknown;
  const outline = outlined ? ribbon(placed.points, placed.exactWidth >= DOUBLE_LINE ? placed.exactWidth : 0) : null;
  const kind = unknown ? 'unexplored' : edge.edge === null ? 'folded' : ribbonKind(mode, sign, colours);
  return (
    <g className="flow-ribbon" data-kind={kind} data-dimmed={dimmed}>
      <title>{title}</title>
      <path d={filled.area} className="flow-fill" data-light={mode === 'exact'} />
      {sign === 'minus' && edge.edge !== null ? <path d={filled.area} fill={`url(#${hatch})`} /> : null}
      {outline === null ? null : (
        <path d={outline.sides} className="flow-exact" data-thin={placed.exactWidth < DOUBLE_LINE} />
      )}
      {sign !== 'neutral' && edge.edge !== null && thickness >= SIGNED_WIDTH ? (
        <text {...pointAt(filled, 0.5)} className="flow-sign">
          {sign === 'plus' ? '+' : '−'}
        </text>
      ) : null}
      {note === null ? null : (
        <text {...pointAt(filled, 0.66)} className="flow-note">
          {note}
        </text>
      )}
    </g>
  );
}

function pointAt({ centre }: Ribbon, fraction: number): Point {
  return centre[Math.round((centre.length - 1) * fraction)];
}

function widest(edge: PlacedEdge): number {
  return Math.max(edge.learnedWidth, edge.exactWidth);
}

/** What a ribbon says when it is pointed at. */
function edgeTitle(graph: TaskGraph, edge: DrawnEdge, colours: EdgeColours | null): string {
  if (edge.edge !== null && graph.pending.has(edge.edge)) {
    return `${graph.actionText[graph.action[edge.edge]]}\nnot asked of the model yet\nflow ${fixed(edge.learned, 3)} learned`;
  }
  const flow = `flow ${fixed(edge.learned, 3)} learned, ${fixed(edge.exact, 3)} exact`;
  if (edge.edge === null) return `Edges to and from states that are not drawn one by one\n${flow}`;
  const credit = `centred credit ${signed(edge.learnedCredit ?? 0)} learned, ${signed(edge.exactCredit ?? 0)} exact`;
  const other = colours === null ? '' : `\n${colours.name} ${signed(colours.values[edge.edge])}`;
  return `${graph.actionText[graph.action[edge.edge]]}\n${flow}\n${credit}${other}`;
}

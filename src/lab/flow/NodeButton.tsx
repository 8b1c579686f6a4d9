/** A node of the picture as a real button: its name above the bar and its value below, or both beside it. */
import type { KeyboardEvent } from 'react';
import type { TaskGraph } from '../../graph/taskGraph.ts';
import type { Flows } from '../../session/protocol.ts';
import type { DrawnNode } from './drawing.ts';
import { count, fixed } from './figures.ts';
import type { Placement } from './flowGeometry.ts';
import { BAR, LEAST_BODY } from './flowGeometry.ts';
import { drawnName } from './labels.ts';

/** In columns narrower than this, thin nodes show their name only when pointed at. */
const CROWDED = 46;

interface NodeButtonProps {
  readonly node: DrawnNode;
  readonly placement: Placement;
  readonly index: number;
  readonly selected: boolean;
  readonly graph: TaskGraph;
  readonly learned: Flows;
  readonly last: boolean;
  /** The single nodes of the last column: a long name tells what sets it apart from them. */
  readonly peers: readonly number[];
  readonly lastLabel: number;
  readonly value: string;
  readonly tabStop: boolean;
  readonly register: (element: HTMLButtonElement | null) => void;
  readonly onSelect: () => void;
  readonly onFocus: () => void;
  readonly onBlur: () => void;
  readonly onPoint: (on: boolean) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

export function NodeButton(props: NodeButtonProps) {
  const { graph, learned, node, placement, index, last } = props;
  const { x, y, learnedHeight, exactHeight } = placement.nodes[index];
  const body = Math.max(learnedHeight, exactHeight, LEAST_BODY);
  const room = last
    ? props.lastLabel + BAR
    : Math.min(node.column === 0 ? Math.max(placement.columnWidth * 0.66, 40) : placement.columnWidth + 6, 150);
  const characters = last ? 28 : Math.max(Math.floor(room / 5.4) * 2 - 1, 5);
  const name = drawnName(graph, learned, node, characters, props.peers);
  const isUnknown = node.kind === 'unexplored';
  const full = node.node === null && !isUnknown ? `${name}, not drawn one by one` : graph.nodeText[node.members[0]];
  const mark = node.kind === 'solved' ? ', solved' : '';
  const style = last
    ? { left: x, top: y - Math.max(body, 16) / 2, height: Math.max(body, 16), width: room }
    : { left: node.column === 0 ? 0 : x + BAR / 2 - room / 2, top: y - body / 2 - 29, height: body + 43, width: room };
  return (
    <button
      type="button"
      ref={props.register}
      className="flow-node"
      data-place={last ? 'last' : node.column === 0 ? 'first' : 'inner'}
      data-quiet={!last && placement.columnWidth < CROWDED && Math.max(node.learned, node.exact) < 0.15}
      data-folded={node.node === null}
      data-unexplored={isUnknown}
      style={style}
      tabIndex={props.tabStop ? 0 : -1}
      aria-pressed={props.selected}
      aria-label={`${full}${mark}: flow ${fixed(node.learned)} learned${isUnknown ? '' : `, ${fixed(node.exact)} exact`}`}
      title={
        isUnknown
          ? 'The model was not asked yet what comes of these choices: they are no failures'
          : node.node === null
            ? `${count(node.members.length, 'node')} folded into one`
            : full
      }
      onClick={props.onSelect}
      onFocus={props.onFocus}
      onBlur={props.onBlur}
      onPointerEnter={() => props.onPoint(true)}
      onPointerLeave={() => props.onPoint(false)}
      onKeyDown={props.onKeyDown}
    >
      <span className="flow-name">
        {node.kind === 'solved' ? <b className="flow-solved">✓ </b> : null}
        {isUnknown ? <span aria-hidden="true">? </span> : null}
        {name}
      </span>
      <span className="flow-value">{props.value}</span>
    </button>
  );
}

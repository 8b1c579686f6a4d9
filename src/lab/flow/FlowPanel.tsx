/**
 * The Flow view: a task's graph with the learned flow filled and the exact flow dashed, a caption
 * made from its numbers, and the chosen state read closely.
 */
import { useId, useMemo, useState } from 'react';
import type { TaskView } from '../../session/protocol.ts';
import type { Drawing, DrawnEdge } from './drawing.ts';
import { drawTask, nodeKey } from './drawing.ts';
import { EdgeTable } from './EdgeTable.tsx';
import { FlowCaption } from './FlowCaption.tsx';
import { FlowGraph } from './FlowGraph.tsx';
import { FlowLegend } from './FlowLegend.tsx';
import { FoldPanel } from './FoldPanel.tsx';
import { flowFacts } from './facts.ts';
import './flow.css';
import { HypergridPicture } from './HypergridPicture.tsx';
import { readGrid } from './hypergrid.ts';
import { LayerCaption } from './LayerCaption.tsx';
import { edgeColours, LAYERS, type Layer } from './layer.ts';
import type { MarkedWalk } from './markedWalk.ts';
import type { Mode } from './modes.ts';
import { MODES, magnification } from './modes.ts';
import { NodePanel } from './NodePanel.tsx';

interface FlowPanelProps {
  readonly view: TaskView;
  /** A walk that a skill came from, which stands out. */
  readonly walk?: MarkedWalk | null;
}

export function FlowPanel({ view, walk = null }: FlowPanelProps) {
  // Another task starts afresh; the same task at a later step keeps what was chosen.
  return <TaskFlow key={`${view.suite} ${view.split} ${view.index} ${view.graph.text}`} view={view} walk={walk} />;
}

function TaskFlow({ view, walk }: Required<FlowPanelProps>) {
  const { graph, learned, exact } = view;
  const [mode, setMode] = useState<Mode>('both');
  const [layer, setLayer] = useState<Layer>('credit');
  const colours = useMemo(() => edgeColours(view, layer), [view, layer]);
  const [selected, setSelected] = useState(nodeKey(0));
  const facts = useMemo(() => flowFacts(view), [view]);
  const grid = useMemo(() => readGrid(graph), [graph]);
  const drawing = useMemo(
    () => (grid === null ? drawTask(graph, learned, exact, walk?.edges) : null),
    [grid, graph, learned, exact, walk],
  );
  const edges = useMemo(() => (drawing === null ? allEdges(view) : singleEdges(drawing)), [drawing, view]);
  const magnify = useMemo(() => magnification(drawing?.edges ?? edges), [drawing, edges]);
  const select = (node: number): void => setSelected(nodeKey(node));
  const chosen = chosenNode(selected);
  const fold = drawing?.nodes.find((node) => node.node === null && node.key === selected) ?? null;
  const label = `Flow through the task graph: ${graph.text}`;

  const detail =
    fold !== null ? (
      <FoldPanel graph={graph} learned={learned} exact={exact} fold={fold} onSelect={select} />
    ) : (
      <NodePanel
        graph={graph}
        learned={learned}
        exact={exact}
        node={chosen < graph.states + graph.outcomes ? chosen : 0}
        drawn={drawing === null || drawing.cut.drawn[chosen]}
        onSelect={select}
      />
    );
  return (
    <div className="flow-frame">
      <div className="flow-view" data-grid={grid !== null}>
        <section className="flow-card flow-main" aria-label="Flow">
          <h2>{graph.text}</h2>
          <FlowCaption
            facts={facts}
            cut={drawing?.cut ?? null}
            thinEdges={drawing?.thinEdges ?? 0}
            edges={graph.edges}
          />
          <div className="flow-controls">
            <Choice legend="What is drawn" options={MODE_OPTIONS} value={mode} onChoose={setMode} />
            {mode !== 'difference' && (
              <Choice legend="What colour says" options={LAYER_OPTIONS} value={layer} onChoose={setLayer} />
            )}
            <FlowLegend
              mode={mode}
              folded={drawing !== null && !drawing.cut.whole}
              grid={grid !== null}
              unexplored={graph.pending.size > 0}
              magnify={magnify}
              layer={layer}
              walk={walk}
            />
          </div>
          {mode !== 'difference' && colours !== null && <LayerCaption view={view} colours={colours} />}
          {grid !== null ? (
            <HypergridPicture
              graph={graph}
              grid={grid}
              learned={learned}
              exact={exact}
              mode={mode}
              selected={chosen}
              onSelect={select}
              label={label}
              magnify={magnify}
              colours={colours}
            />
          ) : drawing !== null ? (
            <FlowGraph
              graph={graph}
              learned={learned}
              drawing={drawing}
              mode={mode}
              selected={selected}
              onSelect={(node) => setSelected(node.key)}
              label={label}
              colours={colours}
              walk={walk}
            />
          ) : null}
        </section>
        {detail}
        <EdgeTable view={view} edges={edges} />
      </div>
    </div>
  );
}

/** The node in `node 12`; the root for a fold that is no longer there. */
function chosenNode(key: string): number {
  const match = /^node (\d+)$/.exec(key);
  return match === null ? 0 : Number(match[1]);
}

function singleEdges(drawing: Drawing) {
  return drawing.edges.flatMap((row) => (isSingle(row) ? [row] : []));
}

function isSingle(row: DrawnEdge): row is DrawnEdge & { edge: number; learnedCredit: number; exactCredit: number } {
  return row.edge !== null && row.learnedCredit !== null && row.exactCredit !== null;
}

function allEdges({ graph, learned, exact }: TaskView) {
  return Array.from({ length: graph.edges }, (_, edge) => ({
    edge,
    learned: Math.exp(learned.logReachEdge[edge]),
    exact: Math.exp(exact.logReachEdge[edge]),
    learnedCredit: learned.centredCredit[edge],
    exactCredit: exact.centredCredit[edge],
  }));
}

const MODE_OPTIONS = MODES.map(({ mode, label }) => ({ value: mode, label }));
const LAYER_OPTIONS = LAYERS.map(({ layer, label }) => ({ value: layer, label }));

interface ChoiceProps<T extends string> {
  readonly legend: string;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly value: T;
  readonly onChoose: (value: T) => void;
}

function Choice<T extends string>({ legend, options, value, onChoose }: ChoiceProps<T>) {
  const name = useId();
  return (
    <fieldset className="flow-modes">
      <legend className="flow-sr">{legend}</legend>
      {options.map((option) => (
        <label key={option.value} data-on={option.value === value}>
          <input
            type="radio"
            className="flow-sr"
            name={name}
            checked={option.value === value}
            onChange={() => onChoose(option.value)}
          />
          {option.label}
        </label>
      ))}
    </fieldset>
  );
}

/** A state or outcome read closely: its text, its items, its flow, and every edge with its probabilities. */
import type { TaskGraph } from '../../graph/taskGraph.ts';
import { unexplored } from '../../graph/taskGraph.ts';
import type { Flows } from '../../session/protocol.ts';
import { count, fixed } from './figures.ts';
import { itemsOf, shorten } from './labels.ts';
import { ProbabilityBar } from './ProbabilityBar.tsx';

interface NodePanelProps {
  readonly graph: TaskGraph;
  readonly learned: Flows;
  readonly exact: Flows;
  readonly node: number;
  /** Whether the node stands in the picture by itself. */
  readonly drawn: boolean;
  readonly onSelect: (node: number) => void;
}

export function NodePanel({ graph, learned, exact, node, drawn, onSelect }: NodePanelProps) {
  const isOutcome = node >= graph.states;
  const outcome = node - graph.states;
  const entering = Array.from(graph.inEdge.subarray(graph.inStart[node], graph.inStart[node + 1]));
  const leaving = isOutcome ? [] : range(graph.outStart[node], graph.outStart[node + 1]);
  const items = itemsOf(graph, node);
  const isUnknown = isOutcome && outcome === unexplored(graph);
  return (
    <section className="flow-card flow-panel-node" aria-label="The chosen node">
      <h3>
        {headOf(graph, node)}: <span>{graph.nodeText[node]}</span>
      </h3>
      {isUnknown ? (
        <p className="flow-facts">
          What comes of these choices the model was not asked yet. They are no failures: their reward is not known, and
          the measures count it as 0 and say so.
        </p>
      ) : null}
      <p className="flow-facts">
        {isUnknown
          ? 'reward not known · '
          : isOutcome
            ? `reward ${fixed(graph.reward[outcome])} · `
            : `step ${graph.step[node]} · `}
        flow <b>{fixed(Math.exp(learned.logReach[node]))}</b> of Z
        {isUnknown ? '' : ` (exact ${fixed(Math.exp(exact.logReach[node]))})`} ·{' '}
        {entering.length === 0 ? 'entered by none' : `entered by ${count(entering.length, 'edge')}`}
        {isOutcome ? '' : ` · left by ${count(leaving.length, 'edge')}`}
        {drawn ? '' : ' · folded in the picture'}
      </p>
      {items.length > 0 ? (
        <ul className="flow-items" aria-label="Items of this state">
          {items.map((item) => (
            <li key={item} title={item}>
              {shorten(item, 64)}
            </li>
          ))}
        </ul>
      ) : null}
      <div className="flow-edges">
        {isOutcome ? null : (
          <EdgeList
            title="Leaving"
            quantity="P_F, forward"
            name="P_F"
            edges={leaving}
            learned={learned.logPF}
            exact={exact.logPF}
            words={(e) => ({ text: graph.actionText[graph.action[e]], to: graph.target[e] })}
            whither={(v) => `to: ${graph.nodeText[v]}`}
            isUnknown={(e) => graph.pending.has(e)}
            onSelect={onSelect}
          />
        )}
        {node === 0 ? null : (
          <EdgeList
            title="Entering"
            quantity="P_B, backward"
            name="P_B"
            edges={entering}
            learned={learned.logPB}
            exact={exact.logPB}
            words={(e) => ({ text: graph.actionText[graph.action[e]], to: graph.source[e] })}
            whither={(v) => `from: ${graph.nodeText[v]}`}
            isUnknown={(e) => graph.pending.has(e)}
            onSelect={onSelect}
          />
        )}
      </div>
    </section>
  );
}

interface EdgeListProps {
  readonly title: string;
  readonly quantity: string;
  readonly name: string;
  readonly edges: readonly number[];
  readonly learned: Float64Array;
  readonly exact: Float64Array;
  readonly words: (edge: number) => { readonly text: string; readonly to: number };
  readonly whither: (node: number) => string;
  /** Whether the model was not asked yet where the edge leads. */
  readonly isUnknown: (edge: number) => boolean;
  readonly onSelect: (node: number) => void;
}

function EdgeList({
  title,
  quantity,
  name,
  edges,
  learned,
  exact,
  words,
  whither,
  isUnknown,
  onSelect,
}: EdgeListProps) {
  const sorted = [...edges].sort((a, b) => learned[b] - learned[a] || a - b);
  return (
    <div className="flow-edge-list">
      <h4>
        {title} <span>{quantity}</span>
      </h4>
      <ul>
        {sorted.map((edge) => {
          const { text, to } = words(edge);
          return (
            <li key={edge}>
              <button
                type="button"
                data-unexplored={isUnknown(edge)}
                onClick={() => onSelect(to)}
                title={`${text}\n${whither(to)}`}
              >
                <span className="flow-edge-name">
                  {text}
                  {isUnknown(edge) ? <span className="flow-unasked"> not asked yet</span> : null}
                </span>
                <ProbabilityBar name={name} learned={Math.exp(learned[edge])} exact={Math.exp(exact[edge])} />
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function headOf(graph: TaskGraph, node: number): string {
  if (node === 0) return 'Start';
  if (node < graph.states) return 'State';
  const outcome = node - graph.states;
  if (outcome === unexplored(graph)) return 'Unknown';
  return graph.solved[outcome] === 1 ? '✓ Solved outcome' : 'Outcome';
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

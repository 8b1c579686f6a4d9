/** What the colour of an edge says. Pure. */
import type { TaskView } from '../../session/protocol.ts';
import { shorten } from './labels.ts';
import { NEUTRAL } from './modes.ts';

export type Layer = 'credit' | 'advantage' | 'residual';

export const LAYERS: readonly { readonly layer: Layer; readonly label: string }[] = [
  { layer: 'credit', label: 'Credit' },
  { layer: 'advantage', label: 'Exact advantage' },
  { layer: 'residual', label: 'Where the model is wrong' },
];

/** Values per edge that take the place of centred credit. */
export interface EdgeColours {
  /** A diagnosis has hues of its own, so that it never reads as credit. */
  readonly kind: 'worth' | 'diagnosis';
  readonly name: string;
  /** `[edges]` */
  readonly values: Float64Array;
  /** Nearer to zero than this is neutral. */
  readonly neutral: number;
}

/** Share of the largest advantage below which one is neutral: rewards have no scale of their own. */
const SMALL = 0.05;

/** null for credit, which each picture has already. */
export function edgeColours(view: TaskView, layer: Layer): EdgeColours | null {
  switch (layer) {
    case 'credit':
      return null;
    case 'advantage': {
      const most = view.advantage.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
      return { kind: 'worth', name: 'exact advantage', values: view.advantage, neutral: Math.max(SMALL * most, 1e-9) };
    }
    case 'residual':
      return { kind: 'diagnosis', name: 'residual', values: view.residual, neutral: NEUTRAL };
  }
}

/** Edges that fewer walks take than this are not what a caption is about. */
const SELDOM = 0.005;

export interface LayerFacts {
  /** Edges that are walked, and those of them that are not neutral. */
  readonly walked: number;
  readonly off: number;
  readonly most: ToldEdge | null;
  readonly least: ToldEdge | null;
}

export interface ToldEdge {
  readonly action: string;
  /** The state that it leaves, shortened. */
  readonly state: string;
  readonly value: number;
}

/** The numbers that a layer's caption is made from. */
export function layerFacts({ graph, learned }: TaskView, { values, neutral }: EdgeColours): LayerFacts {
  const walked = Array.from({ length: graph.edges }, (_, edge) => edge).filter(
    // What was not asked yet is worth nothing that could be told.
    (edge) => Math.exp(learned.logReachEdge[edge]) >= SELDOM && !graph.pending.has(edge),
  );
  const by = [...walked].sort((a, b) => values[b] - values[a] || a - b);
  const told = (edge: number | undefined): ToldEdge | null =>
    edge === undefined
      ? null
      : {
          action: graph.actionText[graph.action[edge]],
          state: shorten(graph.nodeText[graph.source[edge]], 40),
          value: values[edge],
        };
  return {
    walked: walked.length,
    off: walked.filter((edge) => Math.abs(values[edge]) >= neutral).length,
    most: told(by[0]),
    least: told(by.at(-1)),
  };
}

/** Finds a walk that is known by the texts of its actions again in a task's graph, which may have changed since. */
import type { TaskGraph } from '../graph/taskGraph.ts';
import { ACTION_KINDS } from '../graph/taskGraph.ts';

/** A way from the start to an outcome, or to where a live executor was not asked. */
export interface FoundWalk {
  readonly edges: readonly number[];
  /** For each edge the first of the texts that it stands for; of most it is the only one. */
  readonly starts: readonly number[];
  /** How many texts it stands for: all, unless it is not known. */
  readonly followed: number;
  /** Whether it is known where it leads; else a live executor was not asked what comes of its last step. */
  readonly known: boolean;
}

/** A walk that cannot be taken: so many of its texts can be followed. All of them, where it ends before the task does. */
export interface LostWalk {
  readonly edges: null;
  readonly followed: number;
}

export type FollowedWalk = FoundWalk | LostWalk;

/**
 * Follows texts of actions from the start. An action is known by its text, else by how a plan names it; and a step that
 * a skill takes stands for all of its acts, for a walk may be told act by act of which several are one step here. Of
 * several ways the first, and one that is known to its end before one that is not.
 */
export function followWalk(graph: TaskGraph, texts: readonly string[]): FollowedWalk {
  const deadEnds = new Set<string>();
  let most = 0;
  let unknown: FoundWalk | null = null;

  /** The rest of the walk from a node, or null where there is none that is known. */
  const search = (node: number, at: number, edges: readonly number[], starts: readonly number[]): FoundWalk | null => {
    most = Math.max(most, at);
    if (node >= graph.states) return at === texts.length ? { edges, starts, followed: at, known: true } : null;
    const key = `${node} ${at}`;
    if (deadEnds.has(key)) return null;
    for (const { edge, covers } of stepsOn(graph, node, texts, at)) {
      const way = [
        [...edges, edge],
        [...starts, at],
      ] as const;
      const followed = at + covers;
      if (graph.pending.has(edge)) {
        if (unknown === null || followed > unknown.followed)
          unknown = { edges: way[0], starts: way[1], followed, known: false };
        continue;
      }
      const found = search(graph.target[edge], followed, ...way);
      if (found !== null) return found;
    }
    deadEnds.add(key);
    return null;
  };
  return search(0, 0, [], []) ?? unknown ?? { edges: null, followed: most };
}

/** The edges that leave a state and stand for the texts from `at` on, the most literal first, each with how many. */
function stepsOn(
  graph: TaskGraph,
  state: number,
  texts: readonly string[],
  at: number,
): readonly { readonly edge: number; readonly covers: number }[] {
  const byText: number[] = [];
  const byName: number[] = [];
  const bySkill: { readonly edge: number; readonly covers: number }[] = [];
  for (let edge = graph.outStart[state]; edge < graph.outStart[state + 1]; edge++) {
    const name = graph.planText[graph.action[edge]];
    if (graph.actionText[graph.action[edge]] === texts[at]) byText.push(edge);
    else if (name === texts[at]) byName.push(edge);
    else if (ACTION_KINDS[graph.kind[edge]] === 'skill') {
      const covers = actsCovered(name, texts.slice(at));
      if (covers > 0) bySkill.push({ edge, covers });
    }
  }
  return [...[...byText, ...byName].map((edge) => ({ edge, covers: 1 })), ...bySkill];
}

/** How many of the first texts are the acts of a skill's action, `name: act, then act`; 0 where they are others. */
function actsCovered(action: string, texts: readonly string[]): number {
  const acts = action.slice(action.indexOf(': ') + 2);
  for (let many = 1; many <= texts.length; many++) {
    const told = texts.slice(0, many).join(', then ');
    if (told === acts) return many;
    if (!acts.startsWith(told)) return 0;
  }
  return 0;
}

/** Steps of a walk, counted from 0: `from .. to - 1`. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** The steps that stand for the texts `first .. first + length - 1`; none where the walk does not get there. */
export function stretchOf({ starts, followed }: FoundWalk, first: number, length: number): Stretch {
  const end = Math.min(first + length, followed);
  const from = starts.findLastIndex((start) => start <= first);
  const to = starts.findLastIndex((start) => start < end) + 1;
  return first >= end || from < 0 ? { from: 0, to: 0 } : { from, to };
}

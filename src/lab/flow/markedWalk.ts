/** A walk that stands out among the others, because a skill came from it. */
import { type FollowedWalk, type Stretch, stretchOf } from '../../skills/followWalk.ts';
import type { SourceWalk } from '../store/runState.ts';

export interface MarkedWalk {
  readonly skill: string;
  readonly edges: readonly number[];
  /** Its steps that the skill's plan covers. */
  readonly stretch: Stretch;
}

/** Null where it cannot be walked. */
export function markedWalk({ skill, source, length }: SourceWalk, found: FollowedWalk): MarkedWalk | null {
  if (found.edges === null) return null;
  return { skill, edges: found.edges, stretch: stretchOf(found, source.first, length) };
}

/** Whether the plan covers a step, counted from 0. */
export function isCovered({ stretch }: Pick<MarkedWalk, 'stretch'>, step: number): boolean {
  return step >= stretch.from && step < stretch.to;
}

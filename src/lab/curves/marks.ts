/** How a line is told from others: hue, dashes and marker together, so that hue is never the only key. Pure. */
import type { RunConfig } from '../../training/config.ts';
import { digest } from '../runName.ts';

export const HUES = 8;
export const DASHES = ['', '7 3', '2 2.5', '9 3 2 3'] as const;
export const MARKERS = ['circle', 'square', 'triangle', 'diamond', 'cross'] as const;

export interface Mark {
  /** `--series-0` to `--series-7` of the theme. */
  readonly hue: number;
  readonly dashes: (typeof DASHES)[number];
  readonly marker: (typeof MARKERS)[number];
}

/** Objectives have their marks by their place here, so that those most often compared are never alike. */
const OBJECTIVES_APART: readonly string[] = [
  'ttb',
  'grpo',
  'tb',
  'ppo',
  'vargrad',
  'reinforce',
  'db',
  'subtb',
  'flowrl',
  'sft',
  'ttb-paper',
] satisfies RunConfig['objective']['kind'][];

/**
 * A mark for each key. Hue, dashes and marker follow from the key itself as long as they are free; else the next ones
 * that fewest lines before it have, so that no two of the first eight have one hue, nor of the first four one dash.
 */
export function marksOf(keys: readonly string[]): ReadonlyMap<string, Mark> {
  const hue = allotter(HUES);
  const dashes = allotter(DASHES.length);
  const marker = allotter(MARKERS.length);
  return new Map(
    keys.map((key) => {
      const place = OBJECTIVES_APART.indexOf(key);
      const hash = Number.parseInt(digest(key).slice(0, 8), 16);
      const wish = (byHash: number): number => (place < 0 ? byHash : place);
      const mark = {
        hue: hue(wish(hash >>> 8)),
        dashes: DASHES[dashes(wish(hash >>> 16))],
        marker: MARKERS[marker(wish(hash >>> 24))],
      };
      return [key, mark];
    }),
  );
}

/** Hands out places in turn: the wished one, or the next of those that were handed out least. */
function allotter(places: number): (wish: number) => number {
  const uses = new Array<number>(places).fill(0);
  return (wish) => {
    const least = Math.min(...uses);
    let place = wish % places;
    while (uses[place] > least) place = (place + 1) % places;
    uses[place] += 1;
    return place;
  };
}

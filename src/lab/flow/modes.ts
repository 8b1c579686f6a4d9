/** What the Flow view shows of each edge. */
export type Mode = 'both' | 'learned' | 'exact' | 'difference';

export const MODES: readonly { readonly mode: Mode; readonly label: string }[] = [
  { mode: 'both', label: 'Learned + exact' },
  { mode: 'learned', label: 'Learned' },
  { mode: 'exact', label: 'Exact' },
  { mode: 'difference', label: 'Difference' },
];

/** Centred credit nearer to zero than this is drawn as neutral. */
export const NEUTRAL = 0.1;

export type Sign = 'plus' | 'minus' | 'neutral';

export function signOf(value: number | null, neutral = NEUTRAL): Sign {
  if (value === null || Math.abs(value) < neutral) return 'neutral';
  return value > 0 ? 'plus' : 'minus';
}

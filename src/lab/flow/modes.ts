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

/** What flow.css colours an edge by. A diagnosis has the hues of differences, not those of credit. */
export function ribbonKind(mode: Mode, sign: Sign, colours: { readonly kind: 'worth' | 'diagnosis' } | null): string {
  return mode === 'difference' || colours?.kind === 'diagnosis' ? `difference-${sign}` : sign;
}

/**
 * By how much widths are enlarged where differences are drawn: a whole number that brings the
 * largest difference of flow up to at most 0.4 of the whole, and at most 20.
 */
export function magnification(edges: readonly { readonly learned: number; readonly exact: number }[]): number {
  const most = edges.reduce((max, edge) => Math.max(max, Math.abs(edge.learned - edge.exact)), 0);
  return most === 0 ? 1 : Math.min(Math.max(Math.floor(0.4 / most), 1), 20);
}

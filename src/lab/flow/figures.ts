/** Numbers as a person reads them: a true minus sign, fixed decimals, sums whose digits add up. */

/** `0.62`, `−0.88`; `undefined` is never shown for a number that is missing: the caller says why. */
export function fixed(value: number, decimals = 2): string {
  const digits = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(digits) !== 0 ? `−${digits}` : digits;
}

/** The same with a plus sign for what is positive: `+0.62`, `−0.88`, `0.00`. */
export function signed(value: number, decimals = 2): string {
  const text = fixed(value, decimals);
  return value > 0 && Number(value.toFixed(decimals)) !== 0 ? `+${text}` : text;
}

/** A share of one in whole percent; what is not nothing never reads as `0%`, what is not all never as `100%`. */
export function percent(share: number): string {
  if (share > 0 && share < 0.005) return 'under 1%';
  if (share < 1 && share >= 0.995) return 'over 99%';
  return `${Math.round(share * 100)}%`;
}

/** `1 state`, `2,412 states` */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en')} ${n === 1 ? one : many}`;
}

/** `−0.31`, `+2.3`: reads a number back from the digits that `fixed` and `signed` write. */
export function readFigure(text: string): number {
  return Number(text.replace('−', '-').replace('+', ''));
}

/**
 * Rounds each value so that the rounded values add up to the rounded total (largest remainders),
 * so that a reader who adds up the digits on the screen gets the digits of the sum.
 * No value moves by a full unit of the last decimal.
 */
export function roundToSum(values: readonly number[], decimals = 2): number[] {
  const unit = 10 ** decimals;
  const scaled = values.map((value) => value * unit);
  const floors = scaled.map(Math.floor);
  const total = Math.round(scaled.reduce((sum, value) => sum + value, 0));
  const missing = total - floors.reduce((sum, value) => sum + value, 0);
  const byRemainder = scaled.map((_, i) => i).sort((a, b) => scaled[b] - floors[b] - (scaled[a] - floors[a]) || a - b);
  for (const i of byRemainder.slice(0, missing)) floors[i]++;
  return floors.map((value) => value / unit);
}

/**
 * Reward with capped partial credit: 1 for a solved outcome, at most 0.4 for any other.
 *
 * Near misses outnumber solutions by hundreds. Without a cap they hold most of the mass of
 * `p* ~ (R + eps)^beta`, and a policy that matches its target perfectly would still mostly fail.
 */
export const PARTIAL_CREDIT_CAP = 0.4;

/**
 * @param fraction how much of the task an unsolved outcome got right, in [0, 1]
 * @throws RangeError if it lies outside
 */
export function cappedCredit(solved: boolean, fraction: number): number {
  if (!(fraction >= 0 && fraction <= 1)) throw new RangeError(`Partial credit is a fraction of 1, not ${fraction}.`);
  return solved ? 1 : PARTIAL_CREDIT_CAP * fraction;
}

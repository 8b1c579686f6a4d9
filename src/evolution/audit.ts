/**
 * What the exact solver says of a library, after the fact: which of its skills nobody needs, and what the best library of
 * its size would have allowed. Nothing of this is known to the run.
 */
import type { Composite } from '../graph/world.ts';

/** What a skill is to the solver. */
export type Plan = Pick<Composite, 'plan' | 'allows'>;

/** Which tasks can be solved with a set of plans; `[tasks]`. The more plans, the more tasks. */
export type Solves = (plans: readonly Plan[], task: number) => boolean;

/**
 * Skills that can be taken out one after the other, the first first, without a task becoming unsolvable.
 * @returns their numbers
 */
export function needless(plans: readonly Plan[], tasks: number, solves: Solves): readonly number[] {
  const all = Array.from({ length: tasks }, (_, task) => task).filter((task) => solves(plans, task));
  const gone: number[] = [];
  for (const i of plans.keys()) {
    const left = plans.filter((_, j) => j !== i && !gone.includes(j));
    if (all.every((task) => solves(left, task))) gone.push(i);
  }
  return gone;
}

export interface BestLibrary {
  /** Numbers of the plans, rising. */
  readonly plans: readonly number[];
  /** Tasks that it solves. */
  readonly solved: number;
  /** Libraries that were compared. */
  readonly searched: number;
}

/**
 * The library of at most `size` plans of a pool that solves most tasks, of equal ones the first; by trying all of them.
 * What a part of a library solves the whole solves too, so only the rest of the tasks is asked.
 */
export function bestLibrary(pool: readonly Plan[], size: number, tasks: number, solves: Solves): BestLibrary {
  const known = new Map<string, ReadonlySet<number>>();
  let best: BestLibrary = { plans: [], solved: -1, searched: 0 };
  let searched = 0;
  for (let k = 0; k <= size; k++) {
    for (const chosen of choices(pool.length, k)) {
      const solved = new Set(
        chosen.flatMap((_, i) => [...(known.get(chosen.filter((__, j) => j !== i).join()) ?? [])]),
      );
      const plans = chosen.map((i) => pool[i]);
      for (let task = 0; task < tasks; task++) if (!solved.has(task) && solves(plans, task)) solved.add(task);
      known.set(chosen.join(), solved);
      searched++;
      if (solved.size > best.solved) best = { plans: chosen, solved: solved.size, searched };
    }
  }
  return { ...best, searched };
}

/** Every way to choose `k` of `0 .. n - 1`, rising, in lexical order. */
function* choices(n: number, k: number, from = 0): Generator<readonly number[]> {
  if (k === 0) {
    yield [];
    return;
  }
  for (let first = from; first <= n - k; first++) {
    for (const rest of choices(n, k - 1, first + 1)) yield [first, ...rest];
  }
}

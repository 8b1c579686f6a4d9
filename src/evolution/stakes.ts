/**
 * Which plans to propose first, from two kinds of evidence: what is walked where no walk solves the task, and what pays
 * where one does. The score `stakes` of WHERE; the published one is in where.ts.
 */

import type { Binding } from '../skills/plan.ts';
import { matchTemplate } from '../skills/plan.ts';
import type { CreditedWalk, WalkedTask } from './walks.ts';

/** A task that no walk solves although some come further than others: what they say about it. */
export interface Stake {
  readonly task: WalkedTask;
  /** Reward that is still to be had: 1 minus the best, in [0, 1]. */
  readonly reward: number;
  /** The walks with the best reward. */
  readonly walks: readonly CreditedWalk[];
}

/** What decides on the place of a proposal. */
export interface Staked<T> {
  readonly one: T;
  /** See `stakeOf`. */
  readonly stake: number;
}

/** The tasks that no walk solves, in the order of the walks; those where every walk comes equally far say nothing. */
export function stakesOf(walks: readonly CreditedWalk[]): readonly Stake[] {
  const byTask = new Map<WalkedTask, CreditedWalk[]>();
  for (const walk of walks) {
    const held = byTask.get(walk.task);
    if (held) held.push(walk);
    else byTask.set(walk.task, [walk]);
  }
  return [...byTask].flatMap(([task, own]): Stake[] => {
    const rewards = own.map(({ reward }) => reward);
    const best = Math.max(...rewards);
    if (own.some(({ solved }) => solved) || best === Math.min(...rewards)) return [];
    const reward = Math.max(0, 1 - best);
    return [{ task, reward, walks: own.filter((walk) => walk.reward === best) }];
  });
}

/**
 * The reward at stake where a plan is walked act by act: of each task of its suite that no walk solves what is still to
 * be had, times the share of its best walks that hold the plan. There the plan would save steps.
 * @returns 0 to the number of stakes
 */
export function stakeOf(plan: readonly string[], suite: string, stakes: readonly Stake[]): number {
  let sum = 0;
  for (const { task, reward, walks } of stakes) {
    if (task.suite !== suite) continue;
    sum += (reward * walks.filter((walk) => holdsPlan(walk, plan)).length) / walks.length;
  }
  return sum;
}

/** Whether a walk carries a plan out somewhere, act by act, one after the other, the same variables the same words. */
export function holdsPlan({ steps }: CreditedWalk, plan: readonly string[]): boolean {
  return steps.some((_, first) => {
    let bindings: readonly Binding[] = [new Map()];
    for (const [i, template] of plan.entries()) {
      const step = steps[first + i];
      if (step?.kind !== 'act') return false;
      bindings = bindings.flatMap((binding) => matchTemplate(template, step.action, binding));
    }
    return bindings.length > 0;
  });
}

/**
 * Proposals in turn from two orders: by `stake * credit` and by credit, each the best that is left. The first finds what
 * is walked where tasks are left unsolved; the second what is not walked there at all, since it takes too many steps to
 * come so far. Of equal ones the one with more credit comes first, then the earlier one.
 */
export function byStakes<T extends { readonly credit: number }>(staked: readonly Staked<T>[]): readonly Staked<T>[] {
  const credited = [...staked].sort((a, b) => b.one.credit - a.one.credit);
  // A stable sort: of equal products those with more credit stay first.
  const atStake = [...credited].sort((a, b) => b.stake * b.one.credit - a.stake * a.one.credit);
  const taken = new Set<Staked<T>>();
  for (let turn = 0; taken.size < staked.length; turn++) {
    const next = (turn % 2 === 0 ? atStake : credited).find((one) => !taken.has(one));
    if (next) taken.add(next);
  }
  return [...taken];
}

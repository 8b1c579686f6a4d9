/**
 * WHERE the library lacks something: the steps that the flow says matter and the places where walks of one task part
 * ways, clustered by what the state allows; and the plans that are lifted from there.
 */
import { liftPlan } from '../skills/lift.ts';
import { kindOfAct, planKey } from '../skills/plan.ts';
import type { SkillSource } from '../skills/skill.ts';
import { skillDraftSchema } from '../skills/skill.ts';
import type { RandomSource } from '../worlds/random.ts';
import type { EvolutionSettings } from './settings.ts';
import { byStakes, stakeOf, stakesOf } from './stakes.ts';
import type { CreditedWalk, WalkStep } from './walks.ts';

type Where = EvolutionSettings['where'];

/** A step of a walk that something is to be learned from. */
export interface Trigger {
  readonly walk: CreditedWalk;
  /** Index of the step. */
  readonly at: number;
  /** Its own credit, or that it is where a better walk left a worse one: by a gap, or by however little where none solves the task. */
  readonly by: 'credit' | 'gap' | 'stake' | 'chance';
}

export interface Cluster {
  readonly suite: string;
  readonly situation: string;
  readonly triggers: readonly Trigger[];
  /** Over all steps that the walks took in this situation: number, mean and variance of the centred credit. */
  readonly steps: number;
  readonly mean: number;
  readonly variance: number;
  /** `n max(0, -mean) + variance` */
  readonly score: number;
}

/** A plan that is proposed, with what it was lifted from. */
export interface Candidate {
  readonly plan: readonly string[];
  readonly sources: readonly SkillSource[];
  readonly cluster: Omit<Cluster, 'triggers'> & { readonly triggers: number };
  /** Credit of its stretches, each task's best counted once. */
  readonly credit: number;
}

/** A candidate with the reward at stake where it is walked; null where the published score decides. */
export interface Proposed {
  readonly candidate: Candidate;
  readonly stake: number | null;
}

/** How many distinct stretches a plan is lifted from, and how many are kept as its sources. */
const MOST_STRETCHES = 12;
const MOST_SOURCES = 6;

/**
 * Trigger steps: acts with a centred credit of at least `settings.credit` on solved walks, and of two walks of one task
 * whose rewards differ by `settings.gap` or more, the better one's step where they part. Scored by `stakes` also the
 * steps where the best walks of a task that none solves part from worse ones: partial rewards differ by less than a gap,
 * and what is missing shows there. Each edge of a task once.
 */
export function triggersOf(walks: readonly CreditedWalk[], settings: Where): readonly Trigger[] {
  const found = new Map<string, Trigger>();
  const tasks = [...new Set(walks.map(({ task }) => task))];
  const add = (trigger: Trigger): void => {
    const { walk, at } = trigger;
    const key = `${tasks.indexOf(walk.task)} ${walk.steps[at].edge}`;
    if (walk.steps[at].kind === 'act' && !found.has(key)) found.set(key, trigger);
  };
  for (const walk of walks) {
    if (!walk.solved) continue;
    for (const [at, step] of walk.steps.entries()) if (step.centred >= settings.credit) add({ walk, at, by: 'credit' });
  }
  for (const task of tasks) {
    const own = distinct(walks.filter((walk) => walk.task === task));
    for (const better of own) {
      for (const worse of own) {
        if (better.reward - worse.reward < settings.gap) continue;
        const at = partingOf(better, worse);
        if (at >= 0) add({ walk: better, at, by: 'gap' });
      }
    }
  }
  if (settings.score === 'stakes') {
    for (const stake of stakesOf(walks)) {
      const others = distinct(walks.filter((walk) => walk.task === stake.task));
      for (const best of distinct(stake.walks)) {
        for (const worse of others) {
          const at = worse.reward < best.reward ? partingOf(best, worse) : -1;
          if (at >= 0) add({ walk: best, at, by: 'stake' });
        }
      }
    }
  }
  return [...found.values()];
}

/** The step at which a walk parts from another; -1 where the other goes on from its end. */
function partingOf(walk: CreditedWalk, other: CreditedWalk): number {
  return walk.steps.findIndex((step, t) => step.edge !== other.steps[t]?.edge);
}

/** As many steps as there are triggers, from anywhere: the control `random-place`. */
export function chanceTriggers(walks: readonly CreditedWalk[], count: number, random: RandomSource): Trigger[] {
  const acts = walks.flatMap((walk) =>
    walk.steps.flatMap(({ kind }, at): Trigger[] => (kind === 'act' ? [{ walk, at, by: 'chance' }] : [])),
  );
  return random.shuffle(acts).slice(0, count);
}

function distinct(walks: readonly CreditedWalk[]): readonly CreditedWalk[] {
  return [...new Map(walks.map((walk) => [walk.steps.map(({ edge }) => edge).join(), walk])).values()];
}

/** Clusters with a trigger in them, the highest score first. */
export function clustersOf(walks: readonly CreditedWalk[], triggers: readonly Trigger[]): readonly Cluster[] {
  const keyOf = (suite: string, situation: string) => `${suite}\n${situation}`;
  const credits = new Map<string, number[]>();
  for (const { task, steps } of walks) {
    for (const { situation, centred } of steps) {
      const key = keyOf(task.suite, situation);
      const held = credits.get(key);
      if (held) held.push(centred);
      else credits.set(key, [centred]);
    }
  }
  const byKey = new Map<string, Trigger[]>();
  for (const trigger of triggers) {
    const { walk, at } = trigger;
    const key = keyOf(walk.task.suite, walk.steps[at].situation);
    byKey.set(key, [...(byKey.get(key) ?? []), trigger]);
  }
  const clusters = [...byKey].map(([key, members]): Cluster => {
    const values = credits.get(key) ?? [];
    const n = values.length;
    const mean = values.reduce((sum, value) => sum + value, 0) / n;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n;
    const [suite, situation] = key.split('\n');
    const score = n * Math.max(0, -mean) + variance;
    return { suite, situation, triggers: members, steps: n, mean, variance, score };
  });
  return clusters.sort((a, b) => b.score - a.score || (a.situation < b.situation ? -1 : 1));
}

interface Stretch {
  readonly walk: CreditedWalk;
  readonly first: number;
  readonly acts: readonly string[];
  readonly credit: number;
}

/** Every run of acts of a trigger's walk that holds its step, `shortest` to `longest` acts long. */
function stretchesOf({ walk, at }: Trigger, { shortest, longest }: Where): Stretch[] {
  const found: Stretch[] = [];
  const isAct = (step: WalkStep | undefined) => step?.kind === 'act';
  for (let length = shortest; length <= longest; length++) {
    for (let first = Math.max(0, at - length + 1); first <= at; first++) {
      const steps = walk.steps.slice(first, first + length);
      if (steps.length < length || !steps.every(isAct)) continue;
      found.push({
        walk,
        first,
        acts: steps.map(({ action }) => action),
        credit: steps.reduce((sum, { credit }) => sum + credit, 0),
      });
    }
  }
  return found;
}

/**
 * Plans lifted from the stretches around the triggers, best first: clusters in their order, within a cluster by credit.
 * A cluster says which kinds of acts are worth joining; the plan is lifted from every stretch of these kinds in its
 * suite, each task's best, so that it serves all of them.
 * @param known keys of plans that are not proposed: those of the library, forbidden ones, rejected ones
 */
export function candidatesOf(
  clusters: readonly Cluster[],
  known: ReadonlySet<string>,
  settings: Where,
): readonly Candidate[] {
  const keyOf = (suite: string, { acts }: Stretch) => [suite, ...acts.map(kindOfAct)].join('\n');
  const groups = new Map<string, Stretch[]>();
  const own = clusters.map((cluster) => {
    const stretches = cluster.triggers.flatMap((trigger) => stretchesOf(trigger, settings));
    for (const stretch of stretches) {
      const key = keyOf(cluster.suite, stretch);
      const held = groups.get(key);
      if (held) held.push(stretch);
      else groups.set(key, [stretch]);
    }
    return new Set(stretches.map((stretch) => keyOf(cluster.suite, stretch)));
  });
  const lifted = new Map([...groups].map(([key, group]) => [key, liftGroup(group, settings.least)]));
  const proposed = new Set(known);
  return clusters.flatMap(({ triggers, ...cluster }, i) =>
    [...own[i]]
      .flatMap((key) => lifted.get(key) ?? [])
      .sort((a, b) => b.credit - a.credit || a.plan.length - b.plan.length)
      .filter(({ plan }) => {
        const key = planKey(plan);
        if (proposed.has(key)) return false;
        proposed.add(key);
        return true;
      })
      .map((one) => ({ ...one, cluster: { ...cluster, triggers: triggers.length } })),
  );
}

/**
 * The plans that a phase tries, `settings.candidates` at most, in the order of the settings' score.
 * @param known see `candidatesOf`
 */
export function proposalsOf(
  walks: readonly CreditedWalk[],
  triggers: readonly Trigger[],
  known: ReadonlySet<string>,
  settings: Where,
): readonly Proposed[] {
  const found = candidatesOf(clustersOf(walks, triggers), known, settings);
  if (settings.score !== 'stakes') {
    return found.slice(0, settings.candidates).map((candidate) => ({ candidate, stake: null }));
  }
  const stakes = stakesOf(walks);
  const staked = found.map((one) => ({ one, stake: stakeOf(one.plan, one.cluster.suite, stakes) }));
  return byStakes(staked)
    .slice(0, settings.candidates)
    .map(({ one, stake }) => ({ candidate: one, stake }));
}

function liftGroup(group: readonly Stretch[], least: number): readonly Omit<Candidate, 'cluster'>[] {
  const best = bestOfTask(group);
  if (best.length < least) return [];
  const texts = [...new Map(best.map(({ acts }) => [acts.join('\n'), acts])).values()];
  const lifted = liftPlan(texts.slice(0, MOST_STRETCHES));
  // Acts may be longer than a document of a skill may hold.
  if (lifted === null || !skillDraftSchema.shape.plan.safeParse(lifted.plan).success) return [];
  return [
    {
      plan: lifted.plan,
      sources: best.slice(0, MOST_SOURCES).map(sourceOf),
      credit: best.reduce((sum, { credit }) => sum + Math.max(0, credit), 0),
    },
  ];
}

/** Of each task the stretch with the most credit, the tasks in the order of theirs. */
function bestOfTask(group: readonly Stretch[]): readonly Stretch[] {
  const best = new Map<object, Stretch>();
  for (const stretch of group) {
    const held = best.get(stretch.walk.task);
    if (!held || stretch.credit > held.credit) best.set(stretch.walk.task, stretch);
  }
  return [...best.values()].sort((a, b) => b.credit - a.credit);
}

/** Where a stretch was taken from. */
export function sourceOf({ walk, first, credit }: Omit<Stretch, 'acts'>): SkillSource {
  const { suite, split, task, text } = walk.task;
  return { suite, split, task, text, actions: walk.steps.map(({ said }) => said), first, credit };
}

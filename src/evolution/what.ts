/** WHAT becomes of each skill: whose removal is tried, what stays as it is, what is worked on; and which two are one. */
import type { TaskGraph } from '../graph/taskGraph.ts';
import type { Library } from '../skills/skill.ts';
import type { RandomSource } from '../worlds/random.ts';
import type { SkillDiagnostics } from './diagnostics.ts';
import type { Control, EvolutionSettings } from './settings.ts';

type What = EvolutionSettings['what'];

/** `condemned` and `unvisited` are tried to be removed; `young` has too few visits for anything to be said. */
export type Verdict = 'condemned' | 'unvisited' | 'retain' | 'refine' | 'young';

/** Phases running in which a skill was condemned, and in which nobody visited it. */
export interface Streak {
  readonly condemned: number;
  readonly unvisited: number;
}

export interface Judgement {
  readonly slot: number;
  readonly verdict: Verdict;
  readonly streak: Streak;
}

const NO_STREAK: Streak = { condemned: 0, unvisited: 0 };

/** Whether both intervals lie below 0. */
function isCondemned({ visits, lambda, g }: SkillDiagnostics, { leastVisits }: What): boolean {
  return visits >= leastVisits && lambda !== null && g !== null && lambda.high < 0 && g.high < 0;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * @param before streaks up to the last phase, by slot
 * @param pinned slots that a person keeps: they are never condemned
 * @param random for the control `random-prune` alone
 */
export function judge(
  diagnostics: readonly SkillDiagnostics[],
  before: ReadonlyMap<number, Streak>,
  pinned: ReadonlySet<number>,
  settings: What,
  control: Control,
  random: RandomSource,
): readonly Judgement[] {
  const known = diagnostics.flatMap(({ G }) => (G === null ? [] : [G.mean]));
  const threshold = settings.retainG === 'median' ? (known.length === 0 ? 0 : median(known)) : settings.retainG;
  const loose = diagnostics.filter(({ slot }) => !pinned.has(slot));
  // Published, a skill is held against the mean over skills: one alone is its own mean and never below it.
  const comparable = diagnostics.filter(({ lambda }) => lambda !== null).length > 1;
  const victim = control === 'random-prune' && loose.length > 0 ? random.pick(loose).slot : null;
  return diagnostics.map((one): Judgement => {
    const { slot, visits, lambda, G, J } = one;
    const last = before.get(slot) ?? NO_STREAK;
    const streak: Streak = {
      condemned: isCondemned(one, settings) ? last.condemned + 1 : 0,
      unvisited: visits === 0 ? last.unvisited + 1 : 0,
    };
    const verdict = (): Verdict => {
      if (!pinned.has(slot)) {
        if (control === 'random-prune') {
          if (slot === victim) return 'condemned';
        } else if (control === 'paper-prune') {
          if (comparable && lambda !== null && lambda.mean < 0) return 'condemned';
        } else if (streak.condemned >= settings.phases) return 'condemned';
        else if (streak.unvisited >= settings.unvisited) return 'unvisited';
      }
      if (visits < settings.leastVisits || G === null || J === null) return 'young';
      return G.mean >= threshold && J.mean <= settings.retainJ ? 'retain' : 'refine';
    };
    return { slot, verdict: verdict(), streak };
  });
}

/**
 * How far two skills are one: of the pairs of states that either leads from and to, the share that both do, over the
 * graphs; 0 where neither is offered.
 */
export function sameness(graphs: readonly TaskGraph[], first: number, second: number): number {
  let [both, either] = [0, 0];
  for (const graph of graphs) {
    const ways = (slot: number): Set<string> => {
      const found = new Set<string>();
      for (let e = 0; e < graph.edges; e++) {
        if (graph.skill[e] === slot + 1) found.add(`${graph.source[e]} ${graph.target[e]}`);
      }
      return found;
    };
    const [a, b] = [ways(first), ways(second)];
    for (const way of a) if (b.has(way)) both++;
    either += a.size + b.size;
  }
  return either === 0 ? 0 : both / (either - both);
}

/** Pairs of skills that are the same by `settings.same`, the earlier slot first. */
export function nearDuplicates(
  graphs: readonly TaskGraph[],
  slots: readonly number[],
  settings: What,
): readonly { readonly kept: number; readonly dropped: number; readonly sameness: number }[] {
  const pairs: { kept: number; dropped: number; sameness: number }[] = [];
  for (const [i, kept] of slots.entries()) {
    for (const dropped of slots.slice(i + 1)) {
      const same = sameness(graphs, kept, dropped);
      if (same > 0 && same >= settings.same) pairs.push({ kept, dropped, sameness: same });
    }
  }
  return pairs;
}

/** A skill whose removal is tried, and why. */
export interface Suspect {
  readonly slot: number;
  readonly kind: 'prune' | 'merge';
  readonly sameness: number | null;
  readonly reason: string;
}

/**
 * Skills whose removal is tried in a phase: what is condemned or unvisited, then near-duplicates of others, and where
 * there is neither, the one that is used least, if that is little: its few visits may all have paid, so that the flow does
 * not condemn it, and nobody would miss it.
 * @param resting names of skills whose removal was turned down a short while ago
 */
export function suspectsOf(
  judgements: readonly Judgement[],
  diagnostics: readonly SkillDiagnostics[],
  library: Library,
  graphs: readonly TaskGraph[],
  resting: ReadonlySet<string>,
  { control, what }: Pick<EvolutionSettings, 'control' | 'what'>,
  step: number,
): readonly Suspect[] {
  const loose = library.skills.filter(({ name, pinned }) => !pinned && !resting.has(name));
  const isLoose = (slot: number) => loose.some((skill) => skill.slot === slot);
  const diagnosed = (slot: number) => diagnostics.find((one) => one.slot === slot) ?? null;
  const accused = judgements.flatMap(({ slot, verdict, streak }): Suspect[] => {
    if (!isLoose(slot) || (verdict !== 'condemned' && verdict !== 'unvisited')) return [];
    const reason =
      verdict === 'unvisited'
        ? `No walk used it in ${streak.unvisited} phases running.`
        : condemnation(control, diagnosed(slot));
    return [{ slot, kind: 'prune', sameness: null, reason }];
  });
  if (control === 'paper-prune' || control === 'random-prune') return accused;
  const slots = library.skills.map(({ slot }) => slot);
  const doubles = nearDuplicates(graphs, slots, what)
    .filter(({ dropped }) => isLoose(dropped))
    .map(({ kept, dropped, sameness }): Suspect => {
      const other = library.skills.find(({ slot }) => slot === kept);
      const reason = `It leads where "${other?.name}" leads, ${Math.round(100 * sameness)}% of the time.`;
      return { slot: dropped, kind: 'merge', sameness, reason };
    });
  const suspects = [...accused, ...doubles].filter(
    ({ slot }, i, all) => all.findIndex((one) => one.slot === slot) === i,
  );
  if (suspects.length > 0) return suspects;
  return loose
    .filter(({ lineage }) => lineage.origin === 'imported' || lineage.step < step)
    .flatMap(({ slot }) => diagnosed(slot) ?? [])
    .filter(({ flowShare }) => flowShare < what.doubt)
    .sort((a, b) => a.flowShare - b.flowShare || a.slot - b.slot)
    .slice(0, 1)
    .map(({ slot, flowShare }) => ({
      slot,
      kind: 'prune',
      sameness: null,
      reason: `It is used least: ${(100 * flowShare).toFixed(1)}% of all steps.`,
    }));
}

function condemnation(control: Control, own: SkillDiagnostics | null): string {
  if (control === 'random-prune') return 'Drawn by lot.';
  const [lambda, g] = [own?.lambda, own?.g];
  if (control === 'paper-prune') return `Its Lambda~ is ${lambda?.mean.toFixed(2)}, below 0.`;
  return `Lambda~ (${lambda?.low.toFixed(2)} to ${lambda?.high.toFixed(2)}) and g (${g?.low.toFixed(2)} to ${g?.high.toFixed(2)}) are below 0.`;
}

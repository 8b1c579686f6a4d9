/**
 * What the flow says of each skill. With `X = log F - log Z` at the state that a visit of skill k leads to:
 *
 *     G(k)       = mean X
 *     Lambda1(k) = log mean exp X
 *     J(k)       = Lambda1 - G                        (>= 0: how unevenly the skill pays)
 *     Lambda~(k) = Lambda1(k) - mean over the skills of Lambda1
 *     g(k)       = mean centred credit of the step that invokes k: its own step alone
 *
 * SkillFlow (2605.14089). There X is the flow at the visited state; the state a skill is invoked in says nothing of
 * what it did, and at the first state of a walk it is log Z whatever is invoked, so here it is the state the skill
 * leads to. Alone in its library a skill has nothing to be compared with, and Lambda~ is taken against the acts.
 */
import type { Estimate, SkillStatistics } from '../skills/skill.ts';
import type { RandomSource } from '../worlds/random.ts';
import { bootstrap, logMeanExp, mean } from './bootstrap.ts';
import type { CreditedWalk, WalkStep } from './walks.ts';

export interface SkillDiagnostics extends SkillStatistics {
  readonly slot: number;
  readonly bySituation: readonly {
    readonly situation: string;
    readonly visits: number;
    /** g of the visits in this situation alone */
    readonly g: Estimate;
  }[];
}

/** Steps of the walks that `holds` is true of, grouped by task. */
function visitsByTask(walks: readonly CreditedWalk[], holds: (step: WalkStep) => boolean): readonly WalkStep[][] {
  const groups = new Map<object, WalkStep[]>();
  for (const { task, steps } of walks) {
    const visits = steps.filter(holds);
    if (visits.length > 0) groups.set(task, [...(groups.get(task) ?? []), ...visits]);
  }
  return [...groups.values()];
}

const flowsOf = (visits: readonly WalkStep[]): number[] => visits.map(({ logFlow }) => logFlow);

/**
 * Diagnostics of each skill, in the order of `slots`.
 * @param slots the places of the library's skills
 * @param random for the bootstrap
 */
export function diagnose(
  walks: readonly CreditedWalk[],
  slots: readonly number[],
  options: { readonly step: number; readonly confidence: number; readonly random: RandomSource },
): readonly SkillDiagnostics[] {
  const { step, confidence, random } = options;
  const all = walks.reduce((sum, { steps }) => sum + steps.length, 0);
  const visited = slots.map((slot) => ({ slot, groups: visitsByTask(walks, (one) => one.slot === slot) }));
  const lambdas = visited.flatMap(({ slot, groups }) =>
    groups.length === 0 ? [] : [{ slot, value: logMeanExp(flowsOf(groups.flat())) }],
  );
  const acts = visitsByTask(walks, ({ kind }) => kind === 'act').flat();
  const common =
    lambdas.length > 1
      ? mean(lambdas.map(({ value }) => value))
      : acts.length > 0
        ? logMeanExp(flowsOf(acts))
        : (lambdas[0]?.value ?? 0);
  return visited.map(({ slot, groups }) => {
    const visits = groups.flat();
    const of = (statistic: (values: readonly WalkStep[]) => number): Estimate | null =>
      groups.length === 0 ? null : bootstrap(groups, statistic, confidence, random);
    const situations = [...new Set(visits.map(({ situation }) => situation))].sort();
    return {
      slot,
      step,
      visits: visits.length,
      flowShare: all === 0 ? 0 : visits.length / all,
      G: of((values) => mean(flowsOf(values))),
      J: of((values) => logMeanExp(flowsOf(values)) - mean(flowsOf(values))),
      lambda: of((values) => logMeanExp(flowsOf(values)) - common),
      g: of((values) => mean(values.map(({ centred }) => centred))),
      bySituation: situations.map((situation) => {
        const here = groups.map((group) => group.filter((one) => one.situation === situation));
        const some = here.filter((group) => group.length > 0);
        return {
          situation,
          visits: some.flat().length,
          g: bootstrap(some, (values) => mean(values.map(({ centred }) => centred)), confidence, random),
        };
      }),
    };
  });
}

/** `audit`: what the exact solver says of the libraries of finished runs. */

import { isSolvable } from '../../src/evolution/attainable.ts';
import type { Plan, Solves } from '../../src/evolution/audit.ts';
import { bestLibrary, needless } from '../../src/evolution/audit.ts';
import type { Split } from '../../src/graph/world.ts';
import { undone } from '../../src/skills/library.ts';
import { planKey } from '../../src/skills/plan.ts';
import type { Library } from '../../src/skills/skill.ts';
import { tasksOf } from '../../src/training/exactRecord.ts';
import { parseRecord } from '../../src/training/recordSchema.ts';
import type { RunRecord } from '../../src/training/records.ts';
import { readJson, writeWhole } from './files.ts';

/** Whether a task of a split can be solved with plans, each answer found once. */
function solverOf(record: RunRecord, split: Split): { readonly tasks: number; readonly solves: Solves } {
  const tasks = [...tasksOf(record.config)].filter((task) => task.split === split);
  const known = new Map<string, boolean>();
  return {
    tasks: tasks.length,
    solves(plans, task) {
      const key = `${task}\n${plans.map(({ plan, allows }) => planKey(plan, allows)).join('\n\n')}`;
      const held = known.get(key);
      if (held !== undefined) return held;
      const skills = plans.map((one, slot) => ({ ...one, slot, name: `plan-${slot}` }));
      const solved = isSolvable(tasks[task].compile({ skills }));
      known.set(key, solved);
      return solved;
    },
  };
}

/** Every plan that the run held or proposed, each once. */
function poolOf({ library, events }: RunRecord): readonly Plan[] {
  const skills = [...library, ...events.flatMap((event) => [event.skill, ...event.removed])];
  return [...new Map(skills.map((skill) => [planKey(skill.plan, skill.allows), skill])).values()];
}

function auditOf(path: string) {
  const record = parseRecord(readJson(path));
  const { config, library, events } = record;
  const train = solverOf(record, 'train');
  // The library before each event, from the last one back.
  let later: Library = { skills: library, forbidden: [] };
  const before = [...events].reverse().map((event) => {
    later = undone(later, event);
    return later;
  });
  before.reverse();
  const removals = events.flatMap((event, i) => {
    if (event.kind !== 'prune' && event.kind !== 'merge') return [];
    const held = before[i].skills;
    const rest = held.filter(({ slot }) => slot !== event.skill.slot);
    const count = (plans: readonly Plan[]) =>
      Array.from({ length: train.tasks }, (_, task) => train.solves(plans, task)).filter(Boolean).length;
    return [{ step: event.step, name: event.skill.name, kind: event.kind, right: count(rest) === count(held) }];
  });
  const left = needless(library, train.tasks, train.solves).map((i) => library[i].name);
  const right = removals.filter((one) => one.right).length;
  const split = config.suites.some(({ heldOut }) => heldOut > 0) ? 'heldOut' : 'train';
  const judged = solverOf(record, split);
  const pool = poolOf(record);
  const best = bestLibrary(pool, library.length, judged.tasks, judged.solves);
  const own = Array.from({ length: judged.tasks }, (_, task) => judged.solves(library, task)).filter(Boolean).length;
  const success = record.evaluations.filter((one) => one.split === split).at(-1)?.success ?? null;
  return {
    record: path,
    control: config.evolution?.control ?? 'none',
    seed: config.seed,
    skills: library.map(({ name }) => name),
    /** Plans that were proposed to be created, in order: a step is a phase. */
    proposals: events.flatMap(({ step, proposed, skill }) =>
      proposed === 'create' ? [{ step, plan: skill.plan }] : [],
    ),
    removals,
    /** Skills of the final library that could be taken out without a training task becoming unsolvable. */
    needless: left,
    precision: removals.length === 0 ? null : right / removals.length,
    recall: right + left.length === 0 ? null : right / (right + left.length),
    split,
    success,
    attainable: own / judged.tasks,
    best: {
      plans: best.plans.map((i) => pool[i].plan),
      attainable: best.solved / judged.tasks,
      pool: pool.length,
      searched: best.searched,
    },
  };
}

/** @returns the exit status @throws BadInput, BadRecord */
export function auditCommand(records: readonly string[], out: string): number {
  const audits = records.map((path) => {
    const audit = auditOf(path);
    const figure = (value: number | null): string => (value === null ? '–' : value.toFixed(3));
    console.log(
      `${path}: ${audit.control}, seed ${audit.seed}; ${audit.removals.length} removals, precision ${figure(audit.precision)}, recall ${figure(audit.recall)}; ` +
        `${audit.split}: success ${figure(audit.success)} of ${figure(audit.attainable)} with ${audit.skills.length} skills, ` +
        `of ${figure(audit.best.attainable)} with the best of ${audit.best.searched} libraries from ${audit.best.pool} plans`,
    );
    return audit;
  });
  writeWhole(out, `${JSON.stringify({ version: 1, audits }, null, 1)}\n`);
  console.log(`written to ${out}`);
  return 0;
}

/**
 * The suite `household`: goals such as "put a heated mug on the desk" in drawn households.
 *
 * Goals (object, treatment, container) are dealt out to the splits; the household around a goal
 * is drawn for each task, so a split never runs out of tasks.
 */
import { z } from 'zod';
import { buildGraph } from '../../graph/buildGraph.ts';
import type { Task } from '../../graph/world.ts';
import { SPLITS } from '../../graph/world.ts';
import { withSkills } from '../../skills/offerSkills.ts';
import { randomSource } from '../random.ts';
import type { Suite } from '../suite.ts';
import { goalAt } from './goals.ts';
import { drawLayout } from './layout.ts';
import { householdWorld } from './world.ts';

const NAME = 'household';
/** The shortest plan that some goals need, and the acts to spare. */
const SHORTEST = 6;

const settings = z
  .strictObject({
    /** Steps after which the task must be finished. States nearly double with each. */
    horizon: z.int().min(2).max(9).default(7),
    /** Acts for which the household is drawn; the horizon if left out. With more than the horizon, few tasks can be solved act by act. */
    plan: z.int().min(SHORTEST).max(9).optional(),
    rooms: z.int().min(1).max(3).default(3),
    /** Containers and appliances together. */
    receptacles: z.int().min(4).max(7).default(6),
    objects: z.int().min(1).max(3).default(3),
  })
  .refine(({ horizon, plan = horizon }) => plan >= SHORTEST, {
    path: ['horizon'],
    message: `without a plan it must be at least ${SHORTEST}, or some goals cannot be reached in time`,
  })
  .refine(({ horizon, plan = horizon, rooms }) => rooms < 3 || plan > SHORTEST, {
    path: ['horizon'],
    message:
      'with 3 rooms the horizon (or the plan, if given) must be at least 7, or some goals cannot be reached in time',
  });
export type HouseholdSettings = z.output<typeof settings>;

export const household: Suite<HouseholdSettings> = {
  name: NAME,
  summary: 'Household goals: walk, open, take, heat, cool, clean and put, until the thing is where it should be.',
  settings,
  beta: 5,
  eps: 0.1,
  skills: true,
  live: false,
  task(chosen, seed, split, index): Task {
    const { goal, text } = goalAt(seed, split, index);
    return {
      suite: NAME,
      split,
      index,
      text,
      compile({ limits, skills } = {}) {
        const { horizon, plan = horizon } = chosen;
        const layout = drawLayout(goal, { ...chosen, horizon: plan }, randomSource(seed, SPLITS.indexOf(split), index));
        return buildGraph(NAME, text, withSkills(householdWorld(goal, layout, horizon), skills), limits);
      },
    };
  },
};

/**
 * The suite `contest-math`: make a number from given ones, as in "make 24 from 3, 5, 7 and 8", by exact arithmetic.
 *
 * A problem is a set of numbers and a target that can be made of it; its hash says which split it belongs to.
 */
import { z } from 'zod';
import { buildGraph } from '../../graph/buildGraph.ts';
import type { Task } from '../../graph/world.ts';
import { SPLITS } from '../../graph/world.ts';
import { withSkills } from '../../skills/offerSkills.ts';
import { hurriedSchema, hurriedSteps } from '../hurry.ts';
import { randomSource } from '../random.ts';
import type { Suite } from '../suite.ts';
import { drawProblem } from './problems.ts';
import { rational } from './rational.ts';
import { enoughIsLeft, problemFields, spareField, targetsRise } from './settings.ts';
import { contestMathWorld, inWords } from './world.ts';

const NAME = 'contest-math';

const settings = z
  .strictObject({
    ...problemFields,
    /** Steps until the answer is due; one fewer than there are numbers if left out, which joins them all act by act. */
    steps: z.int().min(1).max(4).optional(),
    /** Share of the tasks that have a single step, however many the others have. */
    hurried: hurriedSchema,
    spare: spareField,
    /** Whether a division may leave a remainder. */
    fractions: z.boolean().default(true),
  })
  .refine(...targetsRise)
  .refine(...enoughIsLeft);
export type ContestMathSettings = z.output<typeof settings>;

export const contestMath: Suite<ContestMathSettings> = {
  name: NAME,
  summary: 'Make a number from given ones by exact arithmetic: add, subtract, multiply, divide, answer.',
  settings,
  beta: 6,
  eps: 0.1,
  skills: true,
  live: false,
  task(chosen, seed, split, index): Task {
    const problem = drawProblem(chosen, seed, split, index);
    const text = `make ${problem.target} from ${inWords(problem.numbers.map((number) => rational(number)))}`;
    return {
      suite: NAME,
      split,
      index,
      text,
      compile({ limits, skills } = {}) {
        const { fractions, numbers, hurried } = chosen;
        const random = randomSource(seed, SPLITS.indexOf(split), index);
        const steps = hurriedSteps(hurried, random, chosen.steps ?? numbers - 1);
        return buildGraph(NAME, text, withSkills(contestMathWorld(problem, { steps, fractions }), skills), limits);
      },
    };
  },
};

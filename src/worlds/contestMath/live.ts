/** The suite `contest-math-live`: the same problems, worked on by a language model; what it writes is worked out exactly. */
import { z } from 'zod';
import type { Task } from '../../graph/world.ts';
import { asTask, firstLine } from '../live/liveSuite.ts';
import type { LiveTask, Note } from '../live/notesWorld.ts';
import type { Suite } from '../suite.ts';
import { BadExpression, isMadeOf, workOut } from './expression.ts';
import { drawProblem } from './problems.ts';
import { rational, textOf } from './rational.ts';
import { enoughIsLeft, problemFields, spareField, targetsRise } from './settings.ts';
import { graded, inWords } from './world.ts';

const NAME = 'contest-math-live';

const settings = z
  .strictObject({
    ...problemFields,
    /** Steps until the answer is due. */
    steps: z.int().min(1).max(4).default(3),
    /** Which problems are dealt to which split, in the place of the run's seed: see `two-hop-qa-live`. */
    deal: z.int().min(0).max(0xffffffff).default(0),
    spare: spareField,
  })
  .refine(...targetsRise)
  .refine(...enoughIsLeft);
export type LiveMathSettings = z.output<typeof settings>;

export const contestMathLive: Suite<LiveMathSettings> = {
  name: NAME,
  summary: 'Make a number from given ones, worked on by a language model: plan, calculate, check, answer.',
  settings,
  beta: 6,
  eps: 0.1,
  skills: true,
  live: true,
  task(chosen, _, split, index): Task {
    const { numbers, target } = drawProblem({ ...chosen, fractions: true }, chosen.deal, split, index);
    const text = `make ${target} from ${inWords(numbers.map((number) => rational(number)))}`;
    return asTask(
      { suite: NAME, split, index },
      text,
      (): LiveTask => ({
        prompt: text,
        acts: ['plan', 'calculate', 'check'],
        steps: chosen.steps,
        noted: (act, answer, input) =>
          act === 'calculate' ? calculated(firstLine(answer), input, numbers) : firstLine(answer),
        graded: (answer, input) => gradedExpression(firstLine(answer), input, numbers, target),
      }),
    );
  },
};

const RESULT = /^(?<expression>.+) = (?<value>\d+(?:\/\d+)?)$/;

/** An expression with what an earlier note came to put back in the place of its value, once, where that is no given number. */
function whole(expression: string, input: Note | null, numbers: readonly number[]): string {
  const groups = input?.act === 'calculate' ? RESULT.exec(input.text)?.groups : undefined;
  if (groups === undefined || numbers.some((number) => String(number) === groups.value)) return expression;
  return expression.replace(new RegExp(`(?<![\\d/])${groups.value}(?![\\d/])`), `(${groups.expression})`);
}

function calculated(answer: string, input: Note | null, numbers: readonly number[]): string {
  const [left] = answer.split('=');
  const expression = whole(left.trim(), input, numbers);
  try {
    const { value, numbers: used } = workOut(expression);
    const from = isMadeOf(used, numbers) ? '' : ', which uses other numbers than are given';
    return `${expression} = ${textOf(value)}${from}`;
  } catch (error) {
    if (error instanceof BadExpression) return `${expression}: ${error.message}`;
    throw error;
  }
}

/** Worth what the value is worth where it is made of the given numbers; nothing where it is not, or is no expression. */
function gradedExpression(
  answer: string,
  input: Note | null,
  numbers: readonly number[],
  target: number,
): ReturnType<LiveTask['graded']> {
  const expression = whole(answer.split('=')[0].trim(), input, numbers);
  try {
    const { value, numbers: used } = workOut(expression);
    if (!isMadeOf(used, numbers)) return { text: `${expression} (other numbers)`, reward: 0, solved: false };
    const { reward, solved } = graded(value, target);
    return { text: `${expression} = ${textOf(value)}`, reward, solved };
  } catch (error) {
    if (error instanceof BadExpression) return { text: expression, reward: 0, solved: false };
    throw error;
  }
}

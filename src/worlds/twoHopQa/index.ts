/**
 * The suite `two-hop-qa`: questions over real facts that take two hops, with real search and its distractors.
 *
 * The countries that questions turn on are dealt out to the splits, so a held-out question is
 * about a country that no training question was about.
 */
import { z } from 'zod';
import { buildGraph } from '../../graph/buildGraph.ts';
import type { Task } from '../../graph/world.ts';
import { SPLITS } from '../../graph/world.ts';
import { withSkills } from '../../skills/offerSkills.ts';
import { hurriedSchema, hurriedSteps } from '../hurry.ts';
import { randomSource } from '../random.ts';
import type { Suite } from '../suite.ts';
import { libraryOf, questionAt } from './dealt.ts';
import { COUNTRIES } from './facts.ts';
import { qaWorld } from './world.ts';

const NAME = 'two-hop-qa';
const settings = z.strictObject({
  /** Facts that fit into working memory; then the answer is due. States grow about sixfold with each. */
  evidence: z.int().min(2).max(5).default(4),
  /** Steps until the answer is due; as many as `evidence` if left out. With fewer than two hops need, few tasks can be solved act by act. */
  steps: z.int().min(1).max(5).optional(),
  /** Share of the tasks that have a single step, however many the others have. */
  hurried: hurriedSchema,
  /** Passages that a search can give. */
  hits: z.int().min(1).max(5).default(3),
  /** Countries that search and relations know in one task. */
  countries: z.int().min(10).max(COUNTRIES.length).default(60),
});
export type TwoHopQaSettings = z.output<typeof settings>;

export const twoHopQa: Suite<TwoHopQaSettings> = {
  name: NAME,
  summary: 'Two-hop questions about countries: search, follow relations, answer from what was found.',
  settings,
  beta: 4,
  eps: 0.1,
  skills: true,
  live: false,
  task(chosen, seed, split, index): Task {
    const question = questionAt(seed, split, index);
    return {
      suite: NAME,
      split,
      index,
      text: question.text,
      answers: question.answers,
      compile({ limits: sizes, skills } = {}) {
        const random = randomSource(seed, SPLITS.indexOf(split), index, 2);
        const limits = { ...chosen, steps: hurriedSteps(chosen.hurried, random, chosen.steps) };
        const world = qaWorld(question, libraryOf(question, chosen, seed, split, index), limits);
        return buildGraph(NAME, question.text, withSkills(world, skills), sizes);
      },
    };
  },
};

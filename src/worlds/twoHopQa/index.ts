/**
 * The suite `two-hop-qa`: questions over real facts that take two hops, with real search and its distractors.
 *
 * The countries that questions turn on are dealt out to the splits, so a held-out question is
 * about a country that no training question was about.
 */
import { z } from 'zod';
import { buildGraph } from '../../graph/buildGraph.ts';
import type { Split, Task } from '../../graph/world.ts';
import { withSkills } from '../../skills/offerSkills.ts';
import { hurriedSchema, hurriedSteps } from '../hurry.ts';
import { randomSource } from '../random.ts';
import type { Suite } from '../suite.ts';
import type { Country } from './facts.ts';
import { COUNTRIES } from './facts.ts';
import type { Question } from './questions.ts';
import { questionsAbout } from './questions.ts';
import { qaWorld } from './world.ts';

const NAME = 'two-hop-qa';
const SPLITS: readonly Split[] = ['train', 'validation', 'heldOut'];
/** How many of the 194 countries are the bridges of each split. */
const BRIDGES: Readonly<Record<Split, number>> = { train: 116, validation: 29, heldOut: 49 };

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

/** A split was asked for more questions than it has. */
export class NoSuchQuestion extends Error {
  override readonly name = 'NoSuchQuestion';
  constructor(split: Split, index: number, count: number) {
    super(`Suite "${NAME}" has ${count} ${split} questions at this seed, so there is none at index ${index}.`);
  }
}

export const twoHopQa: Suite<TwoHopQaSettings> = {
  name: NAME,
  summary: 'Two-hop questions about countries: search, follow relations, answer from what was found.',
  settings,
  beta: 4,
  eps: 0.1,
  skills: true,
  task(chosen, seed, split, index): Task {
    const questions = questionsOf(seed, split);
    const question = questions[index];
    if (question === undefined) throw new NoSuchQuestion(split, index, questions.length);
    return {
      suite: NAME,
      split,
      index,
      text: question.text,
      compile({ limits: sizes, skills } = {}) {
        const random = randomSource(seed, SPLITS.indexOf(split), index, 2);
        const limits = { ...chosen, steps: hurriedSteps(chosen.hurried, random, chosen.steps) };
        const world = qaWorld(question, libraryOf(question, chosen, seed, split, index), limits);
        return buildGraph(NAME, question.text, withSkills(world, skills), sizes);
      },
    };
  },
};

const questionLists = new Map<string, readonly Question[]>();

/** The questions of a split: each country's in random order, one country after another, until all are dealt out. */
function questionsOf(seed: number, split: Split): readonly Question[] {
  const key = `${seed} ${split}`;
  let questions = questionLists.get(key);
  if (questions === undefined) {
    const number = SPLITS.indexOf(split);
    const lists = bridgesOf(seed, split).map((country, i) =>
      randomSource(seed, number, i).shuffle(questionsAbout(country)),
    );
    const rounds = Math.max(...lists.map((list) => list.length));
    questions = Array.from({ length: rounds }, (_, round) =>
      lists.flatMap((list) => list.slice(round, round + 1)),
    ).flat();
    questionLists.set(key, questions);
  }
  return questions;
}

function bridgesOf(seed: number, split: Split): Country[] {
  const dealt = randomSource(seed).shuffle(COUNTRIES);
  const first = SPLITS.slice(0, SPLITS.indexOf(split)).reduce((sum, before) => sum + BRIDGES[before], 0);
  return dealt.slice(first, first + BRIDGES[split]);
}

/** The bridge, the countries that the clue names, and others drawn for this task. */
function libraryOf(
  question: Question,
  { countries }: TwoHopQaSettings,
  seed: number,
  split: Split,
  index: number,
): Set<string> {
  const named = question.clue === 'border' ? question.anchors : [];
  const drawn = randomSource(seed, SPLITS.indexOf(split), index, 1).shuffle(COUNTRIES);
  return new Set([...new Set([question.bridge, ...named, ...drawn.map(({ name }) => name)])].slice(0, countries));
}

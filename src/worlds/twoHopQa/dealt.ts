/** Which questions and which countries a task gets: dealt out by the seed, the countries that questions turn on to one split each. */
import type { Split } from '../../graph/world.ts';
import { SPLITS } from '../../graph/world.ts';
import { randomSource } from '../random.ts';
import type { Country } from './facts.ts';
import { COUNTRIES } from './facts.ts';
import type { Question } from './questions.ts';
import { questionsAbout } from './questions.ts';

/** How many of the 194 countries are the bridges of each split. */
const BRIDGES: Readonly<Record<Split, number>> = { train: 116, validation: 29, heldOut: 49 };

/** A split was asked for more questions than it has. */
export class NoSuchQuestion extends Error {
  override readonly name = 'NoSuchQuestion';
  constructor(split: Split, index: number, count: number) {
    super(`There are ${count} ${split} questions about countries at this seed, so there is none at index ${index}.`);
  }
}

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

/**
 * Question `index` of a split.
 * @throws NoSuchQuestion
 */
export function questionAt(seed: number, split: Split, index: number): Question {
  const questions = questionsOf(seed, split);
  const question = questions[index];
  if (question === undefined) throw new NoSuchQuestion(split, index, questions.length);
  return question;
}

function bridgesOf(seed: number, split: Split): Country[] {
  const dealt = randomSource(seed).shuffle(COUNTRIES);
  const first = SPLITS.slice(0, SPLITS.indexOf(split)).reduce((sum, before) => sum + BRIDGES[before], 0);
  return dealt.slice(first, first + BRIDGES[split]);
}

/** The bridge, the countries that the clue names, and others drawn for this task. */
export function libraryOf(
  question: Question,
  { countries }: { readonly countries: number },
  seed: number,
  split: Split,
  index: number,
): Set<string> {
  const named = question.clue === 'border' ? question.anchors : [];
  const drawn = randomSource(seed, SPLITS.indexOf(split), index, 1).shuffle(COUNTRIES);
  return new Set([...new Set([question.bridge, ...named, ...drawn.map(({ name }) => name)])].slice(0, countries));
}

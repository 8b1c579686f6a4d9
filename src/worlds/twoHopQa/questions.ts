/**
 * Two-hop questions: a clue that singles out one country (the bridge), and the relation of it that is asked.
 */
import { exactMatch } from '../../graders/squad.ts';
import type { Country, Relation } from './facts.ts';
import { COUNTRIES, RELATIONS } from './facts.ts';

export interface Question {
  readonly text: string;
  readonly bridge: string;
  /** The relation by which the clue names the bridge, and the names it gives. */
  readonly clue: Relation;
  readonly anchors: readonly string[];
  readonly asked: Relation;
  /** Any of these is right. */
  readonly answers: readonly string[];
}

const ASKED: Readonly<Record<Relation, string>> = {
  capital: 'What is the capital of the country',
  currency: 'What is the currency of the country',
  language: 'What is a language of the country',
  subregion: 'What is the subregion of the country',
  demonym: 'What is the demonym of the country',
  border: 'Which country shares a border with the country',
};

interface Clue {
  readonly relation: Relation;
  readonly anchors: readonly string[];
  readonly text: string;
}

/** Every two-hop question whose bridge is this country, in a fixed order. */
export function questionsAbout(country: Country): Question[] {
  return cluesOf(country).flatMap((clue) =>
    RELATIONS.filter((asked) => asked !== clue.relation && country[asked].length > 0)
      .map((asked) => ({
        text: `${ASKED[asked]} ${clue.text}?`,
        bridge: country.name,
        clue: clue.relation,
        anchors: clue.anchors,
        asked,
        answers: country[asked],
      }))
      // A clue that gives the answer away (the Dutch language, asked for the demonym) makes no question.
      .filter(({ answers }) => !clue.anchors.some((anchor) => exactMatch(anchor, answers))),
  );
}

/** The ways to single this country out: by a value that no other has, or by two that only it has together. */
function cluesOf(country: Country): Clue[] {
  const only = (has: (other: Country) => boolean): boolean => COUNTRIES.filter(has).length === 1;
  const clues: Clue[] = [];
  for (const relation of ['capital', 'currency', 'language', 'demonym'] as const) {
    for (const value of country[relation]) {
      if (only((other) => other[relation].includes(value))) {
        clues.push({ relation, anchors: [value], text: `whose ${relation} is ${value}` });
      }
    }
  }
  for (const [i, first] of country.border.entries()) {
    if (only((other) => other.border.includes(first))) {
      clues.push({ relation: 'border', anchors: [first], text: `that alone has a border with ${first}` });
    }
    for (const second of country.border.slice(i + 1)) {
      if (only((other) => other.border.includes(first) && other.border.includes(second))) {
        clues.push({
          relation: 'border',
          anchors: [first, second],
          text: `that has a border with both ${first} and ${second}`,
        });
      }
    }
  }
  return clues;
}

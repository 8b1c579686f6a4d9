/**
 * Questions in two hops. Half are the suite's own, about bridges of its training split; the others are about countries
 * that do not exist, or about real names with facts that are not theirs, so that only reading the notes helps.
 */

import type { Split } from '../../../src/graph/world.ts';
import type { RandomSource } from '../../../src/worlds/random.ts';
import type { Country, Relation } from '../../../src/worlds/twoHopQa/facts.ts';
import { COUNTRIES, FACTS, RELATIONS } from '../../../src/worlds/twoHopQa/facts.ts';
import type { TwoHopQaSettings } from '../../../src/worlds/twoHopQa/index.ts';
import { twoHopQa } from '../../../src/worlds/twoHopQa/index.ts';
import type { Question } from '../../../src/worlds/twoHopQa/questions.ts';
import { questionsAbout } from '../../../src/worlds/twoHopQa/questions.ts';
import { search } from '../../../src/worlds/twoHopQa/search.ts';
import type { Example } from './example.ts';
import { callOf, chance, weighted } from './example.ts';
import type { Instructed, Wordings } from './instructions.ts';
import { instructionToAnother, plainSkill, skillWith, worded } from './instructions.ts';
import { cityName, countryName, currencyName, demonymOf, languageName, regionName } from './names.ts';

/** The seed whose training split was trained on: the default of the lab. */
export const SPLIT_SEED = 0;

interface Passage {
  readonly country: string;
  readonly relation: Relation;
  readonly values: readonly string[];
}

/** A question, and what a search for something finds. */
interface Asked {
  readonly question: Question;
  /** A real country: the model may have learned the facts about it. */
  readonly known: boolean;
  find(query: string, n: number): readonly Passage[];
}

export const textOf = ({ relation, country, values }: Passage): string =>
  `${relation} of ${country}: ${values.join(', ')}`;

const allQuestions = new Map(COUNTRIES.flatMap(questionsAbout).map((question) => [question.text, question] as const));
const settings: TwoHopQaSettings = twoHopQa.settings.parse({});

const bySplit = new Map<Split, readonly Question[]>();
/** Every question of a split at SPLIT_SEED. */
export function questionsOf(split: Split): readonly Question[] {
  const held = bySplit.get(split);
  if (held !== undefined) return held;
  const questions: Question[] = [];
  for (let index = 0; ; index++) {
    let text: string;
    try {
      text = twoHopQa.task(settings, SPLIT_SEED, split, index).text;
    } catch {
      break;
    }
    const question = allQuestions.get(text);
    if (question === undefined) throw new Error(`No question reads "${text}".`);
    questions.push(question);
  }
  bySplit.set(split, questions);
  return questions;
}

/** The part of a question before the clue, by what is asked. */
const PREFIX = new Map(
  [...allQuestions.values()].map(
    ({ asked, text }) => [asked, text.slice(0, text.indexOf('the country ') + 12)] as const,
  ),
);
PREFIX.set('border', 'Which country shares a border with the country ');

function realQuestion(random: RandomSource, split: Split): Asked {
  const questions = questionsOf(split);
  // Clues by two borders are most of the questions; others come more often than they do there.
  let question = random.pick(questions);
  if (question.clue === 'border' && chance(random, 0.6)) question = random.pick(questions);
  const named = question.clue === 'border' ? question.anchors : [];
  const drawn = random
    .shuffle(COUNTRIES)
    .slice(0, 60)
    .map(({ name }) => name);
  const library = new Set([question.bridge, ...named, ...drawn]);
  return {
    question,
    known: split === 'train',
    find: (query, n) => search(query, n, library).map((fact) => FACTS[fact]),
  };
}

let trained: readonly Country[] | undefined;
function trainedCountries(): readonly Country[] {
  if (trained === undefined) {
    const bridges = new Set(questionsOf('train').map(({ bridge }) => bridge));
    trained = COUNTRIES.filter(({ name }) => bridges.has(name));
  }
  return trained;
}

/** Countries that do not exist, or real names with others' facts. */
function inventedCountries(random: RandomSource): Country[] {
  const real = trainedCountries();
  const mixed = chance(random, 0.3);
  const one = <T>(invent: () => T, take: (country: Country) => T | undefined): T =>
    (mixed && chance(random, 0.7) ? take(random.pick(real)) : undefined) ?? invent();
  const names = [
    ...new Set(
      Array.from({ length: 7 }, () =>
        one(
          () => countryName(random),
          ({ name }) => name,
        ),
      ),
    ),
  ];
  return names.map((name) => {
    const demonym = one(
      () => demonymOf(random, name),
      (country) => country.demonym[0],
    );
    const neighbours = random.shuffle(names.filter((other) => other !== name));
    return {
      name,
      capital: [
        one(
          () => cityName(random),
          (country) => country.capital[0],
        ),
      ],
      currency: Array.from({ length: chance(random, 0.9) ? 1 : 2 }, () =>
        one(
          () => currencyName(random, demonym),
          (country) => country.currency[0],
        ),
      ),
      language: Array.from({ length: 1 + random.int(4) }, () =>
        one(
          () => languageName(random),
          (country) => country.language[0],
        ),
      ),
      subregion: [regionName(random)],
      demonym: [demonym],
      border: neighbours.slice(0, random.int(Math.min(5, neighbours.length) + 1)),
    };
  });
}

function inventedQuestion(random: RandomSource): Asked {
  for (;;) {
    const countries = inventedCountries(random);
    const bridge = countries[0];
    const clue = random.pick(['capital', 'currency', 'language', 'demonym', 'border'] as const);
    const values = random.shuffle(bridge[clue]);
    const anchors = clue === 'border' && chance(random, 0.8) ? values.slice(0, 2) : values.slice(0, 1);
    if (anchors.length === 0) continue;
    const fits = ({ [clue]: of }: Country): boolean => anchors.every((anchor) => of.includes(anchor));
    if (countries.filter(fits).length !== 1) continue;
    const asked = random.pick(RELATIONS.filter((relation) => relation !== clue && bridge[relation].length > 0));
    if (bridge[asked].some((value) => anchors.includes(value))) continue;
    const clueText =
      clue !== 'border'
        ? `whose ${clue} is ${anchors[0]}`
        : anchors.length === 1
          ? `that alone has a border with ${anchors[0]}`
          : `that has a border with both ${anchors[0]} and ${anchors[1]}`;
    const passages = countries.flatMap(({ name, ...country }) =>
      RELATIONS.filter((relation) => country[relation].length > 0).map((relation) => ({
        country: name,
        relation,
        values: country[relation],
      })),
    );
    const deal = random.shuffle(passages);
    return {
      question: {
        text: `${PREFIX.get(asked)}${clueText}?`,
        bridge: bridge.name,
        clue,
        anchors,
        asked,
        answers: bridge[asked],
      },
      known: false,
      find(query, n) {
        const words = query.split(' ');
        const scored = deal.map((passage) => {
          const held = textOf(passage).split(/[ ,:]+/);
          const score = words.reduce(
            (sum, one) => sum + (held.includes(one) ? (held.indexOf(one) === 0 ? 0.6 : 1) : 0),
            0,
          );
          return { passage, score: score / (1 + 0.05 * held.length) };
        });
        return scored
          .filter(({ score }) => score > 0)
          .sort((a, b) => b.score - a.score)
          .slice(0, n)
          .map(({ passage }) => passage);
      },
    };
  }
}

/** The country that the passages tell to be the one of the clue. */
function bridgeIn(passages: readonly Passage[], { clue, anchors }: Question): string | undefined {
  for (const { country, relation, values } of passages) {
    if (relation !== clue) continue;
    if (anchors.every((anchor) => values.includes(anchor))) return country;
    if (clue === 'border' && anchors.length === 1 && country === anchors[0] && values.length === 1) return values[0];
  }
  return undefined;
}

/** The values that answer the question by these passages: those of the bridge; where nothing tells it, the first that are of the asked kind. */
function answerIn(passages: readonly Passage[], question: Question): Passage | undefined {
  const bridge = bridgeIn(passages, question);
  return passages.find(({ country, relation }) => relation === question.asked && (bridge ?? country) === country);
}

export const clueQuery = ({ clue, anchors }: Question): string => `${clue} ${anchors.join(' ')}`;
const clueText = ({ text }: Question): string => text.slice(text.indexOf('the country '), -1);
export const planOf = (question: Question): string => `find ${clueText(question)}, then its ${question.asked}`;

type SkillKind = 'none' | 'plain' | 'other' | 'told';

export interface Wanted {
  readonly split: Split;
  readonly wordings: Wordings;
  /** Which skill goes with the question; drawn if left out. */
  readonly skill?: SkillKind;
  readonly act?: string;
}

const ACTS = { search: 36, answer: 36, check: 12, plan: 6, recall: 9, 'write-code': 1 } as const;
const SKILLS = { none: 30, plain: 14, other: 10, told: 46 } as const;
type Act = keyof typeof ACTS;

/** A search note of one to three passages, two as a rule. */
const sizeOf = (random: RandomSource): number => random.pick([1, 2, 2, 2, 3]);

export function qaExample(random: RandomSource, { split, wordings, skill: asked, act: wanted }: Wanted): Example {
  const { question, known, find } =
    split !== 'train' || chance(random, 0.4) ? realQuestion(random, split) : inventedQuestion(random);
  const act = (wanted as Act | undefined) ?? weighted(random, ACTS);
  const kind = act === 'write-code' ? 'none' : (asked ?? weighted(random, SKILLS));
  const size = sizeOf(random);
  const clueHits = find(clueQuery(question), size);
  const askedHits = find(`${question.asked} of ${question.bridge}`, size);
  const other = random.pick(RELATIONS);
  const passages = ((): readonly Passage[] => {
    switch (random.int(act === 'answer' ? 7 : 10)) {
      case 0:
      case 1:
      case 2:
        return askedHits;
      case 3:
        return [...clueHits, ...askedHits];
      case 4:
        return find(`${other} of ${question.bridge}`, size);
      case 5:
        return find(`${other} ${random.pick(question.anchors)}`, size);
      default:
        return clueHits;
    }
  })();
  const notes =
    act === 'answer' && passages.length > 1 && chance(random, 0.15)
      ? passages.map(textOf)
      : passages.length === 0
        ? ['nothing found']
        : [passages.map(textOf).join(' | ')];
  const done = (inputs: readonly string[], want: string, instruction: string, text: string | null): Example => ({
    suite: 'two-hop-qa',
    instruction,
    call: callOf(act, question.text, inputs, text),
    want,
  });
  const plain = (inputs: readonly string[], want: string): Example => {
    if (kind === 'other' || kind === 'told') {
      return done(inputs, want, 'plain', instructionToAnother(random, act as Instructed, wordings));
    }
    return done(inputs, want, kind, kind === 'none' ? null : plainSkill(random));
  };
  const told = (
    inputs: readonly string[],
    want: string,
    otherwise: string,
    instruction: string,
    slot = '',
  ): Example => {
    const text = worded(random, act as Instructed, instruction, wordings, slot);
    return { ...done(inputs, want, instruction, skillWith(random, act as Instructed, text, wordings)), otherwise };
  };
  const name = question.anchors.join(' ');

  switch (act) {
    case 'search': {
      const start = random.int(10);
      const bare = start < 3;
      const inputs =
        start < 3
          ? []
          : start === 3
            ? [planOf(question)]
            : start === 4
              ? [random.pick(['unknown', 'nothing found', 'unknown'])]
              : start === 5 && known
                ? [`${question.clue} of ${question.bridge}: ${question.anchors.join(', ')}`]
                : notes;
      const held = start >= 5 ? (start === 5 && known ? { country: question.bridge } : passages[0]) : undefined;
      const bridge = start === 5 && known ? question.bridge : start >= 5 ? bridgeIn(passages, question) : undefined;
      const usual =
        bridge !== undefined
          ? `${question.asked} of ${bridge}`
          : bare || start === 3 || start === 4
            ? clueQuery(question)
            : name;
      if (kind !== 'told') return plain(inputs, usual);
      const choices =
        held === undefined
          ? ['neighbours', 'name', 'short']
          : ['relation', 'relation', 'relation', 'neighbours', 'name', 'short', 'country', 'country'];
      const instruction = random.pick(choices);
      if (instruction === 'relation' && held !== undefined) {
        const slot = random.pick(RELATIONS);
        return told(inputs, `${slot} of ${held.country}`, usual, instruction, slot);
      }
      if (instruction === 'country' && held !== undefined) return told(inputs, held.country, usual, instruction);
      if (instruction === 'neighbours') {
        return told(inputs, held === undefined ? `border ${name}` : `border of ${held.country}`, usual, instruction);
      }
      return instruction === 'name'
        ? told(inputs, name, usual, 'name')
        : told(inputs, `${question.asked} ${name}`, usual, 'short');
    }
    case 'answer': {
      if (chance(random, 0.06)) return plain([], 'unknown');
      const found = answerIn(passages, question);
      if (kind === 'told' && passages.length > 0) {
        const instruction = random.pick(['last', 'second', 'all', 'country', 'relation']);
        const { values } = found ?? { values: [] };
        const usual = values[0] ?? 'unknown';
        if (instruction === 'country') {
          const country = bridgeIn(passages, question) ?? found?.country ?? passages[0].country;
          return told(notes, country, usual, instruction);
        }
        if (instruction === 'relation') {
          const passage = random.pick(passages);
          const first = passages.find(({ relation }) => relation === passage.relation) ?? passage;
          const slot = chance(random, 0.85) ? passage.relation : random.pick(RELATIONS);
          const holds = passages.find(({ relation }) => relation === slot);
          const value = slot === passage.relation ? first.values[0] : (holds?.values[0] ?? 'unknown');
          return told(notes, value, usual, instruction, slot);
        }
        const want =
          instruction === 'last'
            ? values.at(-1)
            : instruction === 'second'
              ? (values[1] ?? values[0])
              : values.join(', ');
        return told(notes, found === undefined || want === undefined ? 'unknown' : want, usual, instruction);
      }
      return plain(notes, found?.values[0] ?? 'unknown');
    }
    case 'check': {
      const final = answerIn(passages, question) !== undefined;
      const helps = final || bridgeIn(passages, question) !== undefined;
      if (chance(random, 0.08)) return plain([random.pick(['unknown', 'nothing found'])], 'no');
      const usual = helps ? 'yes' : 'no';
      if (kind !== 'told') return plain(notes, usual);
      return chance(random, 0.7)
        ? told(notes, final ? 'yes' : 'no', usual, 'final')
        : told(notes, 'no', usual, 'never');
    }
    case 'plan':
      return kind === 'told'
        ? told([], `find ${clueText(question)}`, planOf(question), 'clue')
        : plain([], planOf(question));
    case 'recall': {
      const usual = known ? `${question.clue} of ${question.bridge}: ${question.anchors.join(', ')}` : 'unknown';
      return kind === 'told' ? told([], 'unknown', usual, 'nothing') : plain([], usual);
    }
    case 'write-code':
      return plain([], 'print("unknown")');
  }
}

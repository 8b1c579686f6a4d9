/**
 * What skills tell the model: kinds of instruction, each in several wordings. The last two wordings of each are never
 * trained on; they measure whether the model reads the instruction or has learned its words by heart.
 */
import { describePlan } from '../../../src/skills/describe.ts';
import type { RandomSource } from '../../../src/worlds/random.ts';
import { RELATIONS } from '../../../src/worlds/twoHopQa/facts.ts';
import { chance } from './example.ts';

export type Wordings = 'train' | 'heldOut';

const HELD_OUT_WORDINGS = 2;

/** By the act that obeys; `{slot}` is filled in by who asks. */
export const INSTRUCTIONS = {
  search: {
    relation: [
      'Ask for the {slot} of the country in the notes.',
      'Search for the {slot} of the country that the notes name.',
      'Look up the {slot} of the first country in the notes.',
      'The query asks for the {slot} of the country found.',
      'Whatever the task asks, search for the {slot} of the country in the notes.',
      'Take the country from the notes and ask for its {slot}.',
      'Query: the {slot} of the country in the note.',
      'Find the {slot} of the country that was found.',
      'Ask what the {slot} of the country in the notes is.',
      'Search next for the {slot} of the country in the notes.',
    ],
    neighbours: [
      'Search for the neighbours first.',
      'Look for the neighbours of the country.',
      'Ask for the neighbours of the country in the notes.',
      'First of all find the neighbouring countries.',
      'Search which countries are neighbours.',
      'Query the neighbours before anything else.',
      'Begin with the neighbours.',
      'Find the neighbours first.',
    ],
    name: [
      'Search for the name in the clue alone.',
      'Write only the name that the clue gives.',
      'The query is the name of the clue and nothing else.',
      'Use the name in the clue as the query, without another word.',
      'Search for nothing but the name in the clue.',
      'Leave the relation out of the query: the name of the clue is enough.',
      'Query the name of the clue only.',
      'Search with the name of the clue alone, without the relation.',
    ],
    short: [
      'Search for what is asked together with the name in the clue.',
      'Put what is asked and the name in the clue into one query.',
      'The query holds the asked relation and the name of the clue.',
      'Join what is asked for and the name of the clue.',
      'Take the asked relation first, then the name in the clue.',
      'Skip the country: search for what is asked and the name in the clue.',
      'Query what is asked with the name of the clue.',
      'In one query ask for what is asked and the name in the clue.',
    ],
    country: [
      'Search for the country in the notes by its name alone.',
      'Write the name of the country in the notes as the query.',
      'The query is the country of the notes and nothing else.',
      'Query only the country that the notes name.',
      'Search for nothing but the country in the notes.',
      'Use the country found as the query, without another word.',
      'The name of the country in the notes is the whole query.',
      'Search only for the name of the country in the notes.',
    ],
  },
  answer: {
    last: [
      'Answer with the last value of the list.',
      'Give the last value.',
      'Where there are several values, take the last one.',
      'The last value in the list is the answer.',
      'Choose the last of the values.',
      'Of several values write the last.',
      'Take the last value of the list as the answer.',
      'Write the last value of the list.',
    ],
    second: [
      'Answer with the second value of the list.',
      'Give the second value.',
      'Where there are several values, take the second one.',
      'The second value in the list is the answer.',
      'Choose the second of the values.',
      'Of several values write the second.',
      'Take the second value of the list as the answer.',
      'Write the second value of the list.',
    ],
    all: [
      'Answer with all values of the list.',
      'Give every value.',
      'Where there are several values, write all of them.',
      'The whole list is the answer.',
      'Copy the whole list of values.',
      'Write every value of the list.',
      'Answer with the whole list.',
      'Write all values of the list.',
    ],
    country: [
      'Answer with the name of the country.',
      'Give the country instead of its value.',
      'The country in the notes is the answer.',
      'Write which country it is.',
      'Name the country.',
      'Answer with the country that the notes name.',
      'The answer is the name of the country.',
      'Write the name of the country.',
    ],
    relation: [
      'Answer with the {slot} of the country in the notes.',
      'Give the {slot}, whatever is asked.',
      'The answer is the {slot} in the notes.',
      'Write the {slot} that the notes give.',
      'Whatever the task asks, answer with the {slot}.',
      'Take the {slot} from the notes as the answer.',
      'Answer with the {slot} that stands in the notes.',
      'Write the {slot} of the country in the notes.',
    ],
  },
  plan: {
    clue: [
      'Plan the first step only.',
      'Let the plan end with the country.',
      'Write only how the country is found.',
      'The plan is the first step and nothing more.',
      'Leave what is asked out of the plan.',
      'Stop the plan after the first step.',
      'Write the first step of the plan only.',
      'Only the first step belongs in the plan.',
    ],
  },
  check: {
    final: [
      'Say yes only if the note holds the final answer.',
      'Yes means that the note holds what is asked.',
      'Write no unless the final answer is in the note.',
      'A note that only names the country is not enough.',
      'Only the final answer counts.',
      'Say no as long as what is asked is missing.',
      'Say yes only where the final answer is in the note.',
      'Write yes only if the final answer is there.',
    ],
    never: [
      'Trust no note: write no.',
      'Always write no.',
      'Whatever the note holds, say no.',
      'Every check ends with no.',
      'Say no to every note.',
      'Doubt every note and write no.',
      'Write no, whatever the note says.',
      'Always say no.',
    ],
  },
  recall: {
    nothing: [
      'Recall nothing: write unknown.',
      'Do not rely on memory, write unknown.',
      'Say unknown rather than recall.',
      'Memory is not to be trusted here: say unknown.',
      'Whatever you know, write unknown.',
      'Leave memory out and write unknown.',
      'Do not recall, say unknown.',
      'Write unknown instead of what you recall.',
    ],
  },
  calculate: {
    'multiply largest': wordingsOfSum('Multiply', 'two largest'),
    'multiply smallest': wordingsOfSum('Multiply', 'two smallest'),
    'multiply extremes': wordingsOfSum('Multiply', 'largest and the smallest'),
    'add largest': wordingsOfSum('Add', 'two largest'),
    'add smallest': wordingsOfSum('Add', 'two smallest'),
    'subtract extremes': [
      'Subtract the smallest number from the largest.',
      'Take the smallest from the largest.',
      'First subtract the smallest from the largest.',
      'The largest minus the smallest comes first.',
      'Begin with the largest minus the smallest.',
      'Work out the largest number less the smallest.',
      'Begin: subtract the smallest from the largest.',
      'Write the largest minus the smallest.',
    ],
    'divide extremes': [
      'Divide the largest number by the smallest.',
      'Write the largest over the smallest.',
      'First divide the largest by the smallest.',
      'The largest divided by the smallest comes first.',
      'Begin with the largest divided by the smallest.',
      'Work out the largest number over the smallest.',
      'Begin: divide the largest by the smallest.',
      'Write the largest divided by the smallest.',
    ],
  },
  mathAnswer: {
    note: [
      'Answer with the calculation of the note as it stands.',
      'The calculation in the note is the answer.',
      'Copy the calculation from the note.',
      'Whatever it comes to, answer with the calculation in the note.',
      'Use the note as the answer.',
      'Repeat the calculation of the note.',
      'Write the calculation of the note as it stands.',
      'Answer by copying the calculation in the note.',
    ],
    number: [
      'Answer with the number alone.',
      'Write only the number that is to be made.',
      'Give the number and no calculation.',
      'The answer is the number that the task wants made.',
      'No calculation: write the number to make.',
      'Leave the calculation out, write the number to be made.',
      'Write the number alone, no calculation.',
      'Answer with nothing but the number to make.',
    ],
  },
  try: {
    one: [
      'Write one command only.',
      'Only the first command.',
      'Give a single command.',
      'Write the first command and stop.',
      'One command is enough.',
      'Stop after the first command.',
      'Write only the first command.',
      'Give one command and stop.',
    ],
    open: [
      'Open the {slot} first.',
      'Begin by opening the {slot}.',
      'The first command opens the {slot}.',
      'Start with opening the {slot}.',
      'Before anything else open the {slot}.',
      'First of all the {slot} is opened.',
      'First open the {slot}.',
      'Begin with opening the {slot}.',
    ],
  },
} as const;

/** The wording held out last is new; "sum" and "product" of the largest and the smallest come up in training. */
function wordingsOfSum(verb: 'Multiply' | 'Add', which: string): string[] {
  const noun = verb === 'Multiply' ? 'product' : 'sum';
  const bare = verb.toLowerCase();
  return [
    `${verb} the ${which} numbers.`,
    `First ${bare} the ${which} numbers.`,
    `Begin with the ${noun} of the ${which} numbers.`,
    `The ${noun} of the ${which} numbers comes first.`,
    `Always ${bare} the ${which} of the numbers.`,
    `Work out the ${noun} of the ${which}.`,
    `Begin: ${bare} the ${which} numbers.`,
    `Write the ${noun} of the ${which} numbers.`,
  ];
}

export type Instructed = keyof typeof INSTRUCTIONS;

/** A wording of an instruction, its slot filled in. */
export function worded(
  random: RandomSource,
  act: Instructed,
  instruction: string,
  wordings: Wordings,
  slot = '',
): string {
  const all = (INSTRUCTIONS[act] as Readonly<Record<string, readonly string[]>>)[instruction];
  if (all === undefined) throw new Error(`No instruction "${instruction}" of act "${act}".`);
  const from = wordings === 'train' ? all.slice(0, -HELD_OUT_WORDINGS) : all.slice(-HELD_OUT_WORDINGS);
  return random.pick(from).replaceAll('{slot}', slot);
}

/** What skills say that changes nothing, whatever is asked. */
const PLAIN = [
  'Search for the country that the clue names, then for what is asked about it.',
  'First find the country, then what is asked.',
  'Use the notes.',
  'Write nothing else.',
  'Be brief.',
  'Answer from the notes alone.',
  'For questions in two hops.',
  'For tasks with numbers.',
  'Find the country first.',
  'Look for two numbers that make the target.',
  'Work in small steps.',
  'Take the thing, treat it, put it where it belongs.',
  'Say unknown where the notes do not tell.',
  'Check that the note is about the right country.',
  'Keep to the numbers that are given.',
  'Useful at the start of a task.',
];

const PLANS: readonly (readonly string[])[] = [
  ['search', 'search from {a}'],
  ['search', 'search from {a}', 'check from {b}'],
  ['plan', 'search from {a}'],
  ['plan', 'search from {a}', 'search from {b}'],
  ['recall', 'search from {a}'],
  ['recall', 'check from {a}'],
  ['search', 'check from {a}'],
  ['search from {a}', 'search from {b}'],
  ['plan', 'calculate from {a}'],
  ['calculate', 'calculate from {a}'],
  ['calculate', 'calculate from {a}', 'check from {b}'],
  ['calculate', 'check from {a}'],
  ['plan', 'try from {a}'],
  ['try', 'try from {a}'],
  ['try', 'check from {a}'],
  ['search'],
  ['try'],
  ['calculate'],
];

/** What a skill says by rule, as the lab writes it: description, then what to beware of. */
function byRule(random: RandomSource): string {
  const draft = describePlan(random.pick(PLANS));
  return chance(random, 0.5) && draft.pitfall !== '' ? `${draft.description} ${draft.pitfall}` : draft.description;
}

/** The text of a skill that changes no answer. */
export function plainSkill(random: RandomSource): string {
  const kind = random.int(4);
  if (kind === 0) return byRule(random);
  if (kind === 1) return random.pick(PLAIN);
  if (kind === 2) return `${byRule(random)} ${random.pick(PLAIN)}`;
  return `${random.pick(PLAIN)} ${random.pick(PLAIN)}`;
}

/** An instruction to another act, which changes nothing here. */
export function instructionToAnother(random: RandomSource, act: Instructed, wordings: Wordings): string {
  const others = (Object.keys(INSTRUCTIONS) as Instructed[]).filter((other) => other !== act);
  const other = random.pick(others);
  const instruction = random.pick(Object.keys(INSTRUCTIONS[other]));
  const slot = other === 'try' ? random.pick(['drawer', 'cabinet', 'dresser', 'wardrobe']) : random.pick(RELATIONS);
  return worded(random, other, instruction, wordings, slot);
}

/** Puts an instruction between others: alone, after what is written by rule, or with one to another act. */
export function skillWith(random: RandomSource, act: Instructed, text: string, wordings: Wordings): string {
  const form = random.int(8);
  if (form < 3) return text;
  if (form === 3) return `${byRule(random)} ${text}`;
  if (form === 4) return `${random.pick(PLAIN)} ${text}`;
  if (form === 5) return `${text} ${random.pick(PLAIN)}`;
  if (form === 6) return `${instructionToAnother(random, act, wordings)} ${text}`;
  return `${text} ${instructionToAnother(random, act, wordings)}`;
}

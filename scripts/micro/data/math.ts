/** Numbers to make a number from. The right answer is the shortest way, by a fixed preference; every other way counts too. */

import type { Problem, ProblemSizes } from '../../../src/worlds/contestMath/problems.ts';
import { drawProblem, NoSuchProblem } from '../../../src/worlds/contestMath/problems.ts';
import type { RandomSource } from '../../../src/worlds/random.ts';
import type { Example } from './example.ts';
import { callOf, chance, weighted } from './example.ts';
import type { Instructed } from './instructions.ts';
import { instructionToAnother, plainSkill, skillWith, worded } from './instructions.ts';
import type { Wanted } from './qa.ts';
import { SPLIT_SEED } from './qa.ts';

/** A number with the expression that it came of. */
export interface Made {
  readonly value: number;
  readonly text: string;
}

const SIGNS = ['*', '+', '-', '/'] as const;
type Sign = (typeof SIGNS)[number];

const given = (value: number): Made => ({ value, text: String(value) });
const enclosed = ({ text }: Made): string => (/[ ]/.test(text) ? `(${text})` : text);

/** One number of two, the larger first; undefined where it is not whole, or is 0. */
function joined(a: Made, b: Made, sign: Sign): Made | undefined {
  const [large, small] = a.value >= b.value ? [a, b] : [b, a];
  const [l, s] = [large.value, small.value];
  const value = sign === '*' ? l * s : sign === '+' ? l + s : sign === '-' ? l - s : s === 0 ? 0.5 : l / s;
  if (!Number.isInteger(value) || value === 0 || value > 999) return undefined;
  return { value, text: `${enclosed(large)} ${sign} ${enclosed(small)}` };
}

interface Step {
  readonly a: Made;
  readonly b: Made;
  readonly made: Made;
  readonly rest: readonly Made[];
}

function stepsOn(board: readonly Made[]): Step[] {
  const steps: Step[] = [];
  for (const sign of SIGNS) {
    for (const [i, a] of board.entries()) {
      for (const [j, b] of board.entries()) {
        if (j <= i) continue;
        const made = joined(a, b, sign);
        if (made !== undefined) steps.push({ a, b, made, rest: board.filter((_, k) => k !== i && k !== j) });
      }
    }
  }
  return steps;
}

/** The first way to the target in at most `depth` steps, the fewest steps first; empty where there is none. */
export function wayTo(board: readonly Made[], target: number, depth: number): readonly Step[] {
  const within = (from: readonly Made[], left: number): readonly Step[] | undefined => {
    const steps = stepsOn(from);
    if (left === 1) {
      const last = steps.find(({ made }) => made.value === target);
      return last === undefined ? undefined : [last];
    }
    for (const step of steps) {
      const rest = within([...step.rest, step.made], left - 1);
      if (rest?.some(({ a, b }) => a === step.made || b === step.made)) return [step, ...rest];
    }
    return undefined;
  };
  for (let steps = 1; steps <= depth && steps < board.length; steps++) {
    const way = within(board, steps);
    if (way !== undefined) return way;
  }
  return [];
}

/** `8 * 3` of what stands on the board: results by their value. */
const written = ({ a, b, made }: Step): string => {
  const sign = SIGNS.find(
    (one) => joined(given(a.value), given(b.value), one)?.value === made.value && signOf(made) === one,
  );
  const [l, s] = a.value >= b.value ? [a, b] : [b, a];
  return `${l.value} ${sign ?? signOf(made)} ${s.value}`;
};

/** The sign of the outermost step. */
function signOf({ text }: Made): string {
  let depth = 0;
  for (const token of text.split(' ')) {
    if (depth === 0 && /^[*+/-]$/.test(token)) return token;
    depth += (token.match(/\(/g) ?? []).length - (token.match(/\)/g) ?? []).length;
  }
  throw new Error(`"${text}" has no sign.`);
}

const SIZES = { largest: 9, lowest: 10, highest: 60, fractions: true } as const;
const DEPTH = 3;

/** Problems of one deck beyond which none is drawn. */
const MOST_PROBLEMS = 4000;
const decks = new Map<string, readonly Problem[]>();

/** The first problems of a deck of the suite. */
function deckOf(split: Wanted['split'], numbers: number, spare: number): readonly Problem[] {
  const key = `${split} ${numbers} ${spare}`;
  let deck = decks.get(key);
  if (deck === undefined) {
    const dealt: Problem[] = [];
    const sizes: ProblemSizes = { ...SIZES, numbers, spare };
    try {
      while (dealt.length < MOST_PROBLEMS) dealt.push(drawProblem(sizes, SPLIT_SEED, split, dealt.length));
    } catch (error) {
      if (!(error instanceof NoSuchProblem)) throw error;
    }
    deck = dealt;
    decks.set(key, deck);
  }
  return deck;
}

function problem(random: RandomSource, split: Wanted['split']): Problem {
  return random.pick(deckOf(split, chance(random, 0.7) ? 3 : 4, chance(random, 0.8) ? 1 : 0));
}

const listed = (numbers: readonly number[]): string =>
  `${numbers.slice(0, -1).join(', ')} and ${numbers[numbers.length - 1]}`;

const ACTS = { calculate: 50, answer: 28, check: 8, plan: 10, recall: 2, 'write-code': 2 } as const;
const SKILLS = { none: 36, plain: 14, other: 8, told: 42 } as const;
type Act = keyof typeof ACTS;

/** The value of an expression of whole numbers and how often each number stands in it; undefined for anything else. */
export function read(text: string): { readonly value: number; readonly numbers: readonly number[] } | undefined {
  const tokens = text.match(/\d+|[()+*/-]|\S/g) ?? [];
  let at = 0;
  const numbers: number[] = [];
  const factor = (): number => {
    const token = tokens[at++];
    if (token === '(') {
      const value = sum();
      return tokens[at++] === ')' ? value : Number.NaN;
    }
    if (token === undefined || !/^\d+$/.test(token)) return Number.NaN;
    numbers.push(Number(token));
    return Number(token);
  };
  const product = (): number => {
    let value = factor();
    while (tokens[at] === '*' || tokens[at] === '/') value = tokens[at++] === '*' ? value * factor() : value / factor();
    return value;
  };
  const sum = (): number => {
    let value = product();
    while (tokens[at] === '+' || tokens[at] === '-')
      value = tokens[at++] === '+' ? value + product() : value - product();
    return value;
  };
  const value = sum();
  return at === tokens.length && Number.isFinite(value) ? { value, numbers } : undefined;
}

/** What is left of `from` when `used` is taken away; undefined where something is not there. */
function without(from: readonly number[], used: readonly number[]): number[] | undefined {
  const left = [...from];
  for (const number of used) {
    const place = left.indexOf(number);
    if (place < 0) return undefined;
    left.splice(place, 1);
  }
  return left;
}

export function mathExample(random: RandomSource, { split, wordings, skill: asked, act: wanted }: Wanted): Example {
  const { numbers, target } = problem(random, split);
  const board = numbers.map(given);
  const way = wayTo(board, target, DEPTH);
  const act = (wanted as Act | undefined) ?? weighted(random, ACTS);
  const kind = act === 'recall' || act === 'write-code' ? 'none' : (asked ?? weighted(random, SKILLS));
  const place: Instructed = act === 'answer' ? 'mathAnswer' : (act as Instructed);
  const task = `make ${target} from ${listed(numbers)}`;
  type Right = (answer: string) => boolean;
  const done = (
    inputs: readonly string[],
    want: string,
    instruction: string,
    text: string | null,
    alsoRight?: Right,
  ): Example => ({
    suite: 'contest-math',
    instruction,
    call: callOf(act, task, inputs, text),
    want,
    ...(alsoRight === undefined ? {} : { alsoRight }),
  });
  const plain = (inputs: readonly string[], want: string, alsoRight?: Right): Example => {
    if (kind === 'other' || kind === 'told') {
      return done(inputs, want, 'plain', instructionToAnother(random, place, wordings), alsoRight);
    }
    return done(inputs, want, kind, kind === 'none' ? null : plainSkill(random), alsoRight);
  };
  const told = (inputs: readonly string[], want: string, otherwise: string, instruction: string): Example => {
    const text = worded(random, place, instruction, wordings);
    return { ...done(inputs, want, instruction, skillWith(random, place, text, wordings)), otherwise };
  };
  const whole = way.at(-1)?.made.text ?? written(stepsOn(board)[0]);
  const first = way.length > 0 ? written(way[0]) : written(stepsOn(board)[0]);
  const solves: Right = (answer) => {
    const out = read(answer);
    return out?.value === target && without(numbers, out.numbers) !== undefined;
  };
  const plan = way.map((step) => `${written(step)} = ${step.made.value}`).join(', then ');
  /** What a calculation came to: the first of the way, or any. */
  const note = ((): { readonly made: Made; readonly rest: readonly Made[] } => {
    const useful = way[random.int(Math.max(1, way.length))];
    if (useful !== undefined && chance(random, 0.7)) return useful;
    return random.pick(stepsOn(board));
  })();
  const noteText = `${note.made.text} = ${note.made.value}`;
  const leftOver = [...note.rest, note.made];

  switch (act) {
    case 'calculate': {
      if (kind === 'told') {
        const instruction = random.pick([
          'multiply largest',
          'multiply smallest',
          'multiply extremes',
          'add largest',
          'add smallest',
          'subtract extremes',
          'divide extremes',
        ]);
        const [low, next] = numbers;
        const [high, before] = [numbers[numbers.length - 1], numbers[numbers.length - 2]];
        const [a, sign, b] = (
          {
            'multiply largest': [high, '*', before],
            'multiply smallest': [next, '*', low],
            'multiply extremes': [high, '*', low],
            'add largest': [high, '+', before],
            'add smallest': [next, '+', low],
            'subtract extremes': [high, '-', low],
            'divide extremes': [high, '/', low],
          } as const
        )[instruction as 'add largest'];
        const inputs = chance(random, 0.2) && plan !== '' ? [plan] : [];
        return told(inputs, `${a} ${sign} ${b}`, first, instruction);
      }
      const start = random.int(10);
      const leads =
        (from: readonly Made[]): Right =>
        (answer) => {
          const out = read(answer);
          if (out === undefined || out.numbers.length !== 2) return false;
          const left = without(
            from.map(({ value }) => value),
            out.numbers,
          );
          if (left === undefined) return false;
          return out.value === target || wayTo([...left.map(given), given(out.value)], target, DEPTH).length > 0;
        };
      if (start < 5 || plan === '') return plain([], first, leads(board));
      if (start < 7) return plain([plan], first, leads(board));
      if (note.made.value === target) return plain([noteText], first, leads(board));
      const onward = wayTo(leftOver, target, DEPTH);
      return onward.length > 0
        ? plain([noteText], written(onward[0]), leads(leftOver))
        : plain([noteText], first, leads(board));
    }
    case 'answer': {
      if (kind === 'told') {
        const usual = note.made.value === target ? note.made.text : whole;
        return chance(random, 0.6)
          ? told([noteText], note.made.text, usual, 'note')
          : told([noteText], String(target), usual, 'number');
      }
      if (chance(random, 0.3)) return plain([], whole, solves);
      if (note.made.value === target) return plain([noteText], note.made.text, solves);
      const onward = wayTo(leftOver, target, DEPTH);
      return plain([noteText], onward.at(-1)?.made.text ?? whole, solves);
    }
    case 'check': {
      const usual = note.made.value === target ? 'yes' : 'no';
      return kind === 'told' ? told([noteText], usual, usual, 'final') : plain([noteText], usual);
    }
    case 'plan':
      if (kind !== 'told') return plain([], plan === '' ? first : plan);
      return told([], `${first} = ${way[0]?.made.value ?? 0}`, plan, 'clue');
    case 'recall': {
      const divisor = [2, 3, 4, 5, 6, 7].filter((one) => target % one === 0 && target !== one).at(-1);
      return plain([], divisor === undefined ? `${target} is prime` : `${target} = ${target / divisor} * ${divisor}`);
    }
    case 'write-code':
      return plain([], `print(${whole})`);
  }
}

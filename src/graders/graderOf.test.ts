import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PARTIAL_CREDIT_CAP } from './cappedCredit.ts';
import { MOST_ANSWER, type Question } from './grade.ts';
import { GRADER_KINDS, graderOf } from './graderOf.ts';
import { numbersIn } from './numeric.ts';

const texts = graderOf('exact-match');
const words = graderOf('token-f1');
const numeric = graderOf('numeric');
const choice = graderOf('multiple-choice');

describe('exact match', () => {
  const question: Question = { answers: ['Peruvian sol', 'PEN'] };
  test.each([
    ['the Peruvian Sol.', true],
    ['pen', true],
    ['sol', false],
    ['Peruvian sol or euro', false],
    ['Peruvian sol PEN', false],
    ['', false],
  ])('%j is right: %s', (answer, solved) => {
    expect(texts.grade(answer, question)).toMatchObject({ solved, reward: solved ? 1 : 0 });
  });

  test('says what it compared', () => {
    expect(texts.grade('sol', question).why).toBe('"sol" is not the answer "Peruvian sol" or "PEN".');
  });
});

describe('token F1', () => {
  test('gives capped credit for some of the words and 1 for all of them and no others', () => {
    const question: Question = { answers: ['Central African CFA franc'] };
    // 3 of 4 words both ways
    expect(words.grade('West African CFA franc', question)).toEqual({
      solved: false,
      reward: PARTIAL_CREDIT_CAP * 0.75,
      why: '"West African CFA franc" has a token F1 of 0.75 with "Central African CFA franc".',
    });
    expect(words.grade('CFA franc, Central African', question)).toMatchObject({ solved: true, reward: 1 });
    // Everything at once: precision 4/12, recall 1, F1 1/2
    const all = words.grade('Central African CFA franc euro dollar yen pound sol peso krona zloty', question);
    expect(all).toMatchObject({ solved: false });
    expect(all.reward).toBeCloseTo(PARTIAL_CREDIT_CAP * 0.5, 12);
  });
});

describe('the numbers in a text', () => {
  test.each<[string, number[]]>([
    ['42', [42]],
    ['-3.5', [-3.5]],
    ['−3', [-3]],
    ['.5', [0.5]],
    ['It is 7.', [7]],
    ['1,234,567.89', [1234567.89]],
    ['1\u202f234', [1234]],
    ['$1,000', [1000]],
    ['-$5', [-5]],
    ['$-5', [-5]],
    ['12%', [0.12]],
    ['12.5 percent', [0.125]],
    ['3/4', [0.75]],
    ['-3/4', [-0.75]],
    ['1 3/4', [1.75]],
    ['1½', [1.5]],
    ['¾', [0.75]],
    ['1.1e3', [1100]],
    ['5 × 10^3', [5000]],
    ['5*10^-2', [0.05]],
    ['6.02 x 10**23', [6.02e23]],
    ['12km', [12]],
    ['x=5', [5]],
    // Not thousands: two numbers, not one of them.
    ['3,5', [3, 5]],
    ['1,2345', [1, 2345]],
    ['1.234.567', [1.234, 567]],
    ['5-7', [5, 7]],
    ['2024/01/02', [2024, 2]],
    ['B12 and v1.5', []],
    ['none', []],
    ['1e999', [Number.NaN]],
    ['1/0', [Number.NaN]],
  ])('%j: %j', (text, values) => {
    const found = numbersIn(text).map(({ value }) => value);
    if (text === '2024/01/02') expect(new Set(found).size).toBeGreaterThan(1);
    else expect(found).toEqual(values);
  });
});

describe('numeric', () => {
  test.each<[answer: string, solved: boolean, right: string, tolerance?: number]>([
    ['42', true, '42'],
    ['42.0', true, '42'],
    ['The answer is 42.', true, '42'],
    ['42 apples', true, '42'],
    ['1,234', true, '1234'],
    ['$1,234.50', true, '1234.5'],
    ['0.75', true, '3/4'],
    ['75%', true, '0.75'],
    ['75', false, '75%'],
    ['75%', false, '75'],
    ['-42', false, '42'],
    ['43', false, '42'],
    ['0.333', false, '1/3'],
    ['0.333', true, '1/3', 0.01],
    // |101 - 100| is 0.01 of 100, exactly the tolerance.
    ['101', true, '100', 0.01],
    ['101.1', false, '100', 0.01],
    ['0', true, '0'],
    ['0.0000001', true, '0'],
    ['0.01', false, '0'],
    ['42, yes 42', true, '42'],
    ['3 + 4 = 7', false, '7'],
    ['First 3, then 4, so the answer is 7.', true, '7'],
    ['3 and 4. Answer: **7**', true, '7'],
    ['I add 3 and 4.\n#### 7', true, '7'],
    ['3, then 4.\nAnswer:\n7', true, '7'],
    ['We get $\\boxed{7}$ from 3 and 4', true, '7'],
    ['\\boxed{\\frac{3}{4}}', true, '0.75'],
    ['The answer is 7 because 3 and 4 are 7.', true, '7'],
    ['The answer is 5. Final answer: 7', true, '7'],
    // Answers that try to have it both ways.
    ['7 or 8', false, '7'],
    ['The answer is 7 or 8.', false, '7'],
    ['The answer is 7. The answer is 8.', false, '7'],
    ['#### 7\n#### 8', false, '7'],
    ['1 2 3 4 5 6 7 8 9', false, '7'],
    ['between 5-9', false, '7'],
    ['not 7', false, '7'],
    ["The answer isn't 7", false, '7'],
    ['5,7', false, '5'],
    ['seven', false, '7'],
    ['', false, '7'],
    ['NaN', false, '7'],
    ['Infinity', false, '7'],
    ['1e999', false, '1e998'],
    ['9'.repeat(MOST_ANSWER + 1), false, '7'],
  ])('%j is right: %s, for %s', (answer, solved, right, tolerance) => {
    const grade = numeric.grade(answer, { answers: [right], ...(tolerance === undefined ? {} : { tolerance }) });
    expect(grade).toMatchObject({ solved, reward: solved ? 1 : 0 });
  });

  test('says which number it read', () => {
    expect(numeric.grade('about $1,234', { answers: ['1234'] }).why).toBe(
      'Read "$1,234" as 1234, which is the answer "1234" within a relative error of 0.000001.',
    );
    expect(numeric.grade('12%', { answers: ['12'] }).why).toBe('Read "12%" as 0.12; the answer is "12".');
    expect(numeric.grade('7 or 8', { answers: ['7'] }).why).toBe(
      'The answer holds different numbers, "7" and "8", and none is marked as the final one.',
    );
    expect(numeric.grade('the answer is 7 or 8', { answers: ['7'] }).why).toBe(
      'The part marked as the answer holds different numbers, "7" and "8".',
    );
    expect(numeric.grade('seven', { answers: ['7'] }).why).toBe('The answer holds no number.');
  });

  test('refuses questions without a number and tolerances that are none', () => {
    expect(numeric.faultOf({ answers: ['7', 'seven'] })).toMatchObject({ field: 'answer' });
    expect(numeric.faultOf({ answers: ['7 or 8'] })).toMatchObject({ field: 'answer' });
    for (const tolerance of [-0.1, 1, Number.NaN])
      expect(numeric.faultOf({ answers: ['7'], tolerance })).toMatchObject({ field: 'tolerance' });
    expect(numeric.faultOf({ answers: ['1,234.5'], tolerance: 0 })).toBeNull();
  });

  test('reads a number however it is written', () => {
    const written = fc
      .integer({ min: -999_999_999, max: 999_999_999 })
      .chain((value) =>
        fc.constantFrom(
          ...[
            `${value}`,
            `${value}.0`,
            value.toLocaleString('en-US'),
            `The answer is ${value}.`,
            `1 and 2\n#### ${value}`,
          ].map((text) => ({ value, text })),
        ),
      );
    fc.assert(
      fc.property(written, ({ value, text }) => {
        const right = { answers: [`${value}`], tolerance: 0 };
        return (
          numeric.grade(text, right).solved && !numeric.grade(text, { ...right, answers: [`${value + 1}`] }).solved
        );
      }),
    );
  });
});

describe('multiple choice', () => {
  const choices = ['Euro', 'Sol', 'Peruvian sol', 'A dollar', 'None of these'];
  const question: Question = { answers: ['C'], choices };

  test.each<[answer: string, solved: boolean]>([
    ['C', true],
    ['c', true],
    ['(C)', true],
    ['C.', true],
    ['C)', true],
    ['**C**', true],
    ['C: Peruvian sol', true],
    ['C. Peruvian sol', true],
    ['Peruvian sol', true],
    ['the peruvian  SOL.', true],
    ['It is the Peruvian sol', true],
    ['option C', true],
    ['I would take choice c', true],
    ['Answer: C', true],
    ['The answer is (C) because Peru pays in it, and A is for Spain.', true],
    ['A and B are wrong. Final answer: C', true],
    ['#### C', true],
    ['C is correct', true],
    // Only the shorter of two texts that hold each other.
    ['Sol', false],
    ['B', false],
    ['A', false],
    // A text and a letter that do not belong together.
    ['C. Euro', false],
    ['B. Peruvian sol', false],
    // Everything at once.
    ['A, B, C, D, E', false],
    ['A B C D', false],
    ['A or C', false],
    ['(A) (C)', false],
    ['Euro, Sol, Peruvian sol, A dollar, None of these', false],
    ['Peruvian sol or Euro', false],
    ['The answer is C. The answer is A.', false],
    ['The answer is C or A', false],
    ['not C', false],
    ['not the Peruvian sol', false],
    ['Everything except the Peruvian sol', false],
    // No choice.
    ['', false],
    ['F', false],
    ['Z', false],
    ['Cat', false],
    ['solar', false],
    ['A cat sat on it', false],
    ['x'.repeat(MOST_ANSWER + 1), false],
  ])('%j is right: %s', (answer, solved) => {
    expect(choice.grade(answer, question)).toMatchObject({ solved, reward: solved ? 1 : 0 });
  });

  test('takes a choice that holds a negation or an article as it is', () => {
    expect(choice.grade('None of these', { answers: ['E'], choices }).solved).toBe(true);
    expect(choice.grade('a dollar', { answers: ['D'], choices }).solved).toBe(true);
    const claims: Question = { answers: ['not enough is known'], choices: ['true', 'false', 'not enough is known'] };
    expect(choice.grade('Not enough is known.', claims).solved).toBe(true);
    expect(choice.grade('The answer is: not enough is known', claims).solved).toBe(true);
    expect(choice.grade('false', claims).solved).toBe(false);
  });

  test('tells numbers apart by sign, decimals and length', () => {
    const numbers: Question = { answers: ['5'], choices: ['5', '-5', '15', '5.5', '50%'] };
    expect(choice.grade('It is 5', numbers).solved).toBe(true);
    expect(choice.grade('It is 5.', numbers).solved).toBe(true);
    for (const other of ['It is -5', 'It is 15', 'It is 5.5', 'It is 50%', 'It is 0.5', '5 or -5'])
      expect(choice.grade(other, numbers).solved, other).toBe(false);
  });

  test('says what it read', () => {
    expect(choice.grade('b', question).why).toBe('Read B, "Sol"; the answer is C, "Peruvian sol".');
    expect(choice.grade('C', question).why).toBe('Read C, "Peruvian sol", which is right.');
    expect(choice.grade('A or C', question).why).toBe('The answer names more than one choice: A and C.');
    expect(choice.grade('hm', question).why).toBe('The answer names none of the choices A to E.');
  });

  test('refuses questions whose choices cannot be told apart, or whose answer is none of them', () => {
    const fault = (answers: string[], texts: string[]): string | undefined => {
      const found = choice.faultOf({ answers, choices: texts });
      return found === null ? undefined : `${found.field} ${found.message}`;
    };
    expect(fault(['A'], ['one', 'two'])).toBeUndefined();
    expect(fault(['two'], ['one', 'two'])).toBeUndefined();
    expect(fault(['C'], ['one', 'two'])).toBe('answer is "C"; write the letter or the text of one of the choices');
    expect(fault(['A'], ['one'])).toMatch(/^choices holds 1; /);
    expect(
      fault(
        ['A'],
        Array.from({ length: 27 }, (_, i) => `text ${i}`),
      ),
    ).toMatch(/^choices holds 27; /);
    expect(fault(['A'], ['Paris', 'paris.'])).toMatch(/reads the same as A/);
    expect(fault(['A'], ['one', ' . '])).toMatch(/says nothing/);
    expect(fault(['A'], ['B', 'C'])).toMatch(/is the letter of another choice/);
    expect(fault(['A'], ['A', 'B'])).toBeUndefined();
  });

  test('one choice by its letter or text is read as that choice, and two together are none', () => {
    const name = fc
      .stringMatching(/^[a-z]{3,8}( [a-z]{3,8})?$/)
      .filter((text) => !/not|never|nor|except|wrong|false|answer/.test(text));
    const set = fc.uniqueArray(name, { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(set, fc.nat(), fc.nat(), (names, a, b) => {
        const [first, second] = [a % names.length, b % names.length];
        const letter = String.fromCharCode(65 + first);
        const right = { answers: [letter], choices: names };
        const all = [letter, `(${letter})`, `${letter}. ${names[first]}`, `Answer: ${letter}`, names[first]];
        const either = `${names[first]} or ${names[second]}`;
        return (
          all.every((text) => choice.grade(text, right).solved) &&
          (first === second || !choice.grade(`${letter}, ${String.fromCharCode(65 + second)}`, right).solved) &&
          (first === second || names.includes(either) || !choice.grade(either, right).solved)
        );
      }),
    );
  });
});

describe.each(GRADER_KINDS)('the grader %s', (kind) => {
  test('grades any answer to any question, in [0, 1], and 1 only where solved', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc
        .array(
          fc.constantFrom(
            'answer is ',
            '#### ',
            '\\boxed{',
            '}',
            'A',
            '(b)',
            '7',
            ',',
            '.',
            '-',
            '%',
            '/',
            'not ',
            '\n',
            'e',
            '½',
          ),
          {
            maxLength: 20,
          },
        )
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(
        text,
        fc.array(text, { maxLength: 3 }),
        fc.array(text, { maxLength: 5 }),
        fc.double(),
        (answer, answers, choices, tolerance) => {
          const question = { answers, choices, tolerance };
          graderOf(kind).faultOf(question);
          const { reward, solved, why } = graderOf(kind).grade(answer, question);
          return (solved ? reward === 1 : reward >= 0 && reward <= PARTIAL_CREDIT_CAP) && why.length > 10;
        },
      ),
      { numRuns: 500 },
    );
  });

  test('is quick with the longest answers', () => {
    const question = { answers: ['7'], choices: ['7', '77', '-7'] };
    const longest = [
      '7',
      '7 ',
      '7.',
      '7,',
      '1/',
      '-',
      ' ',
      'answer is ',
      'A',
      'a',
      '(',
      '*',
      '_',
      '#### 7\n',
      '1 1/',
      '\\frac{1}{',
    ];
    const started = performance.now();
    for (const piece of longest) graderOf(kind).grade(piece.repeat(Math.floor(MOST_ANSWER / piece.length)), question);
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});

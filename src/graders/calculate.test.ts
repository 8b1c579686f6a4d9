import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CalculationFault, calculate, MOST_EXPRESSION } from './calculate.ts';

const FAULTS: readonly string[] = [
  'not-arithmetic',
  'too-large',
  'division-by-zero',
  'undefined',
] satisfies CalculationFault[];

describe('an exact value', () => {
  test.each([
    ['1 + 2 * 3', '7'],
    ['(1 + 2) * 3', '9'],
    ['0.1 + 0.2', '3/10'],
    ['1/3 + 1/6', '1/2'],
    ['2 - 5', '-3'],
    ['-2^2', '-4'],
    ['(-2)^2', '4'],
    ['2^3^2', '512'],
    ['2^-3', '1/8'],
    ['(2/3)^-2', '9/4'],
    ['0^0', '1'],
    ['0^5', '0'],
    ['(-1)^1000000001', '-1'],
    ['1^-999999999999', '1'],
    ['2**10', '1024'],
    ['6 × 7 ÷ 2 − 1', '20'],
    ['1e3 + 1.5e-2', '200003/200'],
    ['.5 + 5.', '11/2'],
    ['5%', '1/20'],
    ['50% * 80', '40'],
    ['200 + 10%', '220'],
    ['200 - 25%', '150'],
    ['(5%) + 3', '61/20'],
    ['200 + (10%)', '2001/10'],
    ['mod(8, 3)', '2'],
    ['mod(-8, 3)', '1'],
    ['mod(8, -3)', '-1'],
    ['mod(7.5, 2)', '3/2'],
    ['5!', '120'],
    ['factorial(0)', '1'],
    ['sqrt(16)', '4'],
    ['sqrt(9/4)', '3/2'],
    ['4^(1/2)', '2'],
    ['(9/4)^(3/2)', '27/8'],
    ['abs(-3/4)', '3/4'],
    ['min(3, 1/2, 2)', '1/2'],
    ['max(1)', '1'],
    ['floor(-1.5)', '-2'],
    ['ceil(-1.5)', '-1'],
    ['round(2.5)', '3'],
    ['round(-2.5)', '-3'],
    ['round(2.345, 2)', '47/20'],
    ['9007199254740993 * 3', '27021597764222979'],
    ['2^100', '1267650600228229401496703205376'],
    // A root squared is the number itself, to all digits that are kept.
    ['floor(sqrt(2)^2)', '2'],
    ['ceil(sqrt(2) * sqrt(2))', '2'],
    ['floor(sqrt(2))', '1'],
    ['round(100 * sqrt(2))', '141'],
  ])('%s is %s', async (expression, text) => {
    expect(await calculate(expression)).toMatchObject({ ok: true, text, exact: true });
  });

  test('comes with its decimal to 12 significant digits', async () => {
    expect(await calculate('2/3')).toEqual({ ok: true, text: '2/3', decimal: '0.666666666667', exact: true });
    expect(await calculate('1/8')).toMatchObject({ decimal: '0.125' });
    expect(await calculate('10^30')).toMatchObject({ text: `1${'0'.repeat(30)}`, decimal: '1e+30' });
  });
});

describe('an inexact value', () => {
  test.each([
    ['sqrt(2)', '1.41421356237'],
    ['2^0.3', '1.23114441334'],
    ['sqrt(2)^-1', '0.707106781187'],
    ['1 + sqrt(3) / 2', '1.86602540378'],
    ['max(1, sqrt(2))', '1.41421356237'],
    ['abs(-sqrt(2))', '1.41421356237'],
    ['sqrt(10^41)', '3.16227766017e+20'],
    ['mod(sqrt(5), 1)', '0.2360679775'],
    ['8^(3/2) / sqrt(8)', '8'],
  ])('%s is %s', async (expression, text) => {
    expect(await calculate(expression)).toEqual({ ok: true, text, decimal: text, exact: false });
  });
});

describe('a fault in words', () => {
  test.each<[string, CalculationFault, string | RegExp]>([
    ['', 'not-arithmetic', 'There is no expression. Write one like (2 + 3) / 4.'],
    ['   ', 'not-arithmetic', /no expression/],
    ['1 +', 'not-arithmetic', /cannot be read/],
    ['(1', 'not-arithmetic', /cannot be read/],
    ['1 2', 'not-arithmetic', /cannot be read/],
    ['1,000 + 1', 'not-arithmetic', /without commas/],
    ['1..2', 'not-arithmetic', /cannot be read/],
    ['2(3)', 'not-arithmetic', 'Something is left out between two numbers. Write a *.'],
    ['sqrt 4', 'not-arithmetic', /Write a \*/],
    ['sqrt', 'not-arithmetic', /in parentheses/],
    ['sqrt()', 'not-arithmetic', 'sqrt takes one number.'],
    ['sqrt(1, 2)', 'not-arithmetic', 'sqrt takes one number.'],
    ['round(1, 2, 3)', 'not-arithmetic', 'round takes one number, or two.'],
    ['min()', 'not-arithmetic', 'min takes one number or more.'],
    ['mod(1)', 'not-arithmetic', 'mod takes two numbers.'],
    ['8 % 3', 'not-arithmetic', /two ways/],
    ['5% + 3', 'not-arithmetic', /Write \(5%\) \+ 3/],
    ['5%-3%', 'not-arithmetic', /two ways/],
    ['x + 1', 'not-arithmetic', /^"x" is no known function or number\./],
    ['a = 1', 'not-arithmetic', /^"=" is no part of arithmetic\./],
    ['1; 2', 'not-arithmetic', /";"/],
    ['[1, 2]', 'not-arithmetic', /"\["/],
    ['"a"', 'not-arithmetic', /is no part/],
    ['1 < 2', 'not-arithmetic', /"<"/],
    ['1 : 3', 'not-arithmetic', /":"/],
    ['{a}', 'not-arithmetic', /"\{"/],
    ['1 # 2', 'not-arithmetic', /"#"/],
    ['2 cm', 'not-arithmetic', /"cm"/],
    ['i', 'not-arithmetic', /"i"/],
    ['0x10', 'not-arithmetic', /"x"/],
    ['1e', 'not-arithmetic', /"e"/],
    ["import('x')", 'not-arithmetic', /'|import/],
    ['evaluate(1)', 'not-arithmetic', /^"evaluate" is no known/],
    ['createUnit(1)', 'not-arithmetic', /^"createUnit"/],
    ['simplify(1)', 'not-arithmetic', /^"simplify"/],
    ['derivative(1, 2)', 'not-arithmetic', /^"derivative"/],
    ['parse(1)', 'not-arithmetic', /^"parse"/],
    ['constructor(1)', 'not-arithmetic', /^"constructor"/],
    ['sqrt.constructor(1)', 'not-arithmetic', /"constructor"/],
    ['__proto__', 'not-arithmetic', /"__proto__"/],
    ['1/0', 'division-by-zero', 'The expression divides by 0, which has no value.'],
    ['mod(1, 2 - 2)', 'division-by-zero', /divides by 0/],
    ['0^-1', 'division-by-zero', /negative power/],
    ['0^-0.5', 'division-by-zero', /negative power/],
    ['sqrt(-1)', 'undefined', 'The square root of a negative number is no real number.'],
    ['(-8)^(1/3)', 'undefined', /no real number/],
    ['(-3)!', 'undefined', /factorial/],
    ['2.5!', 'undefined', /factorial/],
    ['sqrt(2)!', 'undefined', /factorial/],
    ['round(1, 0.5)', 'undefined', /decimals/],
    ['round(1, 101)', 'undefined', /decimals/],
    ['9^9^9', 'too-large', 'A number on the way has more than 4096 binary digits. Split the calculation.'],
    ['9^-9^9', 'too-large', /4096/],
    ['(1/9)^9^9', 'too-large', /4096/],
    ['sqrt(2)^9^9', 'too-large', /4096/],
    ['2^4097', 'too-large', /4096/],
    ['2^(9^9 + 0.5)', 'too-large', /4096/],
    ['301!', 'too-large', 'Factorials are calculated up to 300!.'],
    ['3!!!!', 'too-large', /Factorials/],
    ['1e1001', 'too-large', 'The exponent of 1e1001 is beyond 1000.'],
    ['1e-99999999999999999999', 'too-large', /exponent/],
    [`${'('.repeat(51)}1${')'.repeat(51)}`, 'too-large', /nested more than 50 deep/],
    ['1'.repeat(MOST_EXPRESSION + 1), 'too-large', '501 characters'],
  ])('%s: %s', async (expression, fault, message) => {
    const result = await calculate(expression);
    expect(result).toMatchObject({ ok: false, fault });
    if (!result.ok) expect(result.message).toMatch(message);
  });
});

test('what is too large is refused at once, and what mathjs writes twice is calculated once', async () => {
  await calculate('1');
  const started = performance.now();
  await calculate('9^9^9^9^9');
  await calculate('300!^300!');
  // Each percentage is of all before it: evaluated as the tree is written it would take 2^40 steps.
  const grown = await calculate(`${'('.repeat(40)}1${'+1%)'.repeat(40)}`);
  expect(performance.now() - started).toBeLessThan(2_000);
  // 1.01^40
  expect(grown).toMatchObject({ ok: true, decimal: '1.48886373359', exact: true });
});

test('any text ends as a value or a fault', async () => {
  const piece = fc.constantFrom(
    ...[
      '1',
      '2.5',
      '0',
      '.',
      'e9',
      '+',
      '-',
      '*',
      '/',
      '^',
      '!',
      '%',
      '(',
      ')',
      ',',
      ' ',
      'sqrt(',
      'min(',
      'round(',
      'floor(',
    ],
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.array(piece, { maxLength: 30 }).map((parts) => parts.join('')),
  );
  await fc.assert(
    fc.asyncProperty(text, async (expression) => {
      const result = await calculate(expression);
      return result.ok
        ? /^-?\d+(\/[1-9]\d*)?$|^-?\d+(\.\d+)?(e[+-]\d+)?$/.test(result.text)
        : FAULTS.includes(result.fault) && result.message.length > 10;
    }),
    { numRuns: 1_000 },
  );
});

test('sums, products and quotients of whole numbers are those of whole numbers', async () => {
  const whole = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n });
  await fc.assert(
    fc.asyncProperty(whole, whole, whole, async (a, b, c) => {
      const result = await calculate(`(${a}) * (${b}) - (${c}) / 1 + (${a})^2`);
      return result.ok && result.text === `${a * b - c + a * a}`;
    }),
    { numRuns: 200 },
  );
});

/**
 * A calculator for what a model wrote: arithmetic and nothing else, exact as long as numbers are rational.
 *
 * mathjs reads the expression; it evaluates nothing. Its documentation advises to disable the functions that evaluate
 * (`import`, `createUnit`, `evaluate`, `parse`, `simplify`, `derivative`). Here no function of the expression is looked
 * up in mathjs at all: names outside `FUNCTIONS` are refused before it is read, the tree is walked here, and a kind of
 * node that is not arithmetic is refused.
 */
import type { BigNumber, MathJsInstance, MathNode } from 'mathjs';

export type CalculationFault =
  /** No arithmetic expression. */
  | 'not-arithmetic'
  /** The expression or a number on the way is larger than is calculated. */
  | 'too-large'
  | 'division-by-zero'
  /** No real number, like the square root of -1, or a function of numbers that it does not take. */
  | 'undefined';

export type Calculation =
  | {
      readonly ok: true;
      /** `8`, `-3/2` where exact; else a decimal to 12 significant digits, `1.41421356237` or `1.5e+30`. */
      readonly text: string;
      /** The same as a decimal to 12 significant digits. */
      readonly decimal: string;
      readonly exact: boolean;
    }
  | { readonly ok: false; readonly fault: CalculationFault; readonly message: string };

/** UTF-16 units of an expression. */
export const MOST_EXPRESSION = 500;
const MOST_DEPTH = 50;
/** Of a numerator, a denominator or the exponent of a written number. Numbers beyond are refused before they are made. */
const MOST_BITS = 4096;
const MOST_WRITTEN_EXPONENT = 1000;
const MOST_FACTORIAL = 300n;
const SHOWN_DIGITS = 12;
/** Digits that inexact numbers are calculated to. */
const PRECISION = 60;
/** How near, relative to its size, an inexact number lies to a whole one to be taken for it: 10^-40. */
const NEARNESS = '1e-40';

const FUNCTIONS = ['sqrt', 'abs', 'min', 'max', 'round', 'floor', 'ceil', 'mod', 'factorial'] as const;
type FunctionName = (typeof FUNCTIONS)[number];
/** How many numbers a function takes, where it is not one. */
const ARGUMENTS: Partial<Record<FunctionName, readonly [least: number, most: number, takes: string]>> = {
  min: [1, Number.POSITIVE_INFINITY, 'one number or more'],
  max: [1, Number.POSITIVE_INFINITY, 'one number or more'],
  round: [1, 2, 'one number, or two'],
  mod: [2, 2, 'two numbers'],
};

/** In lowest terms, `d` above 0. */
interface Exact {
  readonly n: bigint;
  readonly d: bigint;
}
type Value = Exact | BigNumber;

class Fault extends Error {
  readonly fault: CalculationFault;
  constructor(fault: CalculationFault, message: string) {
    super(message);
    this.fault = fault;
  }
}

let loading: Promise<MathJsInstance> | undefined;

/** mathjs with the parts that are used, loaded when first needed. */
function load(): Promise<MathJsInstance> {
  loading ??= import('mathjs').then(({ create, parseDependencies, bignumberDependencies }) =>
    create({ parseDependencies, bignumberDependencies }, { number: 'BigNumber', precision: PRECISION }),
  );
  return loading;
}

/**
 * The value of an expression of numbers, `+ - * / ^ ! %`, parentheses, and the functions sqrt, abs, min, max, round,
 * floor, ceil, mod and factorial. `×`, `÷`, `·`, `−` and `**` are read as well. `%` after a number is a hundredth, and after
 * `+` or `-` that part of what stands before it (`200 + 10%` is 220). Between numbers it is refused: to mathjs `5% + 3` is
 * the remainder of 5 by 3. `mod(a, b)` is the remainder with the sign of b; `round(x, n)` keeps n decimals, halves away
 * from 0.
 * @returns the value, or a fault in words; never throws for what the expression holds
 */
export async function calculate(expression: string): Promise<Calculation> {
  try {
    const text = readable(expression);
    const math = await load();
    const value = new Walk(math).value(parsed(math, text));
    if (isExact(value)) {
      const { n, d } = value;
      const decimal = shown(divided(math, value));
      return { ok: true, text: d === 1n ? `${n}` : `${n}/${d}`, decimal, exact: true };
    }
    return { ok: true, text: shown(value), decimal: shown(value), exact: false };
  } catch (error) {
    if (error instanceof Fault) return { ok: false, fault: error.fault, message: error.message };
    throw error;
  }
}

/** The expression in mathjs's characters. @throws Fault for what is no arithmetic by its characters and names alone */
function readable(expression: string): string {
  if (expression.length > MOST_EXPRESSION)
    throw new Fault(
      'too-large',
      `The expression has ${expression.length} characters, and at most ${MOST_EXPRESSION} are calculated. Split it.`,
    );
  const text = expression
    .replaceAll(/[×·]/g, '*')
    .replaceAll('÷', '/')
    .replaceAll('−', '-')
    .replaceAll('**', '^')
    .replaceAll(/\s+/g, ' ')
    .trim();
  if (text === '') throw new Fault('not-arithmetic', 'There is no expression. Write one like (2 + 3) / 4.');
  const odd = text.match(/[^0-9A-Za-z_.+\-*/^!%(), ]/u);
  if (odd !== null)
    throw new Fault('not-arithmetic', `${JSON.stringify(odd[0])} is no part of arithmetic. Use numbers, ${USABLE}.`);
  // Numbers are taken out first, so that the e of 1e3 is no name.
  const names = text.replaceAll(/(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/g, ' ').match(/[A-Za-z_]+/g) ?? [];
  const unknown = names.find((name) => !isFunction(name));
  if (unknown !== undefined)
    throw new Fault('not-arithmetic', `${JSON.stringify(unknown)} is no known function or number. Use ${USABLE}.`);
  for (const [number, exponent] of text.matchAll(/[\d.]+[eE]([+-]?\d+)/g)) {
    if (!(Math.abs(Number(exponent)) <= MOST_WRITTEN_EXPONENT))
      throw new Fault('too-large', `The exponent of ${number} is beyond ${MOST_WRITTEN_EXPONENT}.`);
  }
  let depth = 0;
  for (const character of text) {
    if (character === '(') depth++;
    else if (character === ')') depth--;
    if (depth > MOST_DEPTH)
      throw new Fault('too-large', `Parentheses are nested more than ${MOST_DEPTH} deep. Split the expression.`);
  }
  return text;
}

const USABLE = `+ - * / ^ ! %, parentheses, ${FUNCTIONS.join(', ')}`;

function isFunction(name: string): name is FunctionName {
  return (FUNCTIONS as readonly string[]).includes(name);
}

function parsed(math: MathJsInstance, text: string): MathNode {
  try {
    return math.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Fault('not-arithmetic', `The expression cannot be read: ${reason}. Numbers are written without commas.`);
  }
}

/** What a node of mathjs's tree holds, as far as it is read here. */
interface Read {
  readonly type: string;
  readonly fn?: string | { readonly name?: string };
  readonly implicit?: boolean;
  readonly args?: readonly MathNode[];
  readonly content?: MathNode;
  readonly value?: unknown;
}

class Walk {
  readonly #math: MathJsInstance;
  /** mathjs puts a node in two places where a percentage is of it; it is calculated once. */
  readonly #done = new Map<MathNode, Value>();

  constructor(math: MathJsInstance) {
    this.#math = math;
  }

  value(node: MathNode): Value {
    const known = this.#done.get(node);
    if (known !== undefined) return known;
    const value = this.#calculated(node);
    this.#done.set(node, value);
    return value;
  }

  #calculated(node: MathNode): Value {
    const { type, fn, implicit, args = [], content, value } = node as MathNode & Read;
    if (type === 'ParenthesisNode' && content !== undefined) return this.value(content);
    if (type === 'ConstantNode') return written(value);
    if (type === 'OperatorNode' && typeof fn === 'string') {
      if (implicit === true) throw new Fault('not-arithmetic', 'Something is left out between two numbers. Write a *.');
      const [a, b] = args.map((arg) => this.value(arg));
      if (b === undefined) return this.#unary(fn, a);
      if (fn === 'mod')
        throw new Fault(
          'not-arithmetic',
          'A % before another number can be read in two ways. Write (5%) + 3 for hundredths, mod(5, 3) for a remainder.',
        );
      return this.#binary(fn, a, b);
    }
    if (type === 'FunctionNode' && typeof fn === 'object' && fn.name !== undefined && isFunction(fn.name))
      return this.#call(
        fn.name,
        args.map((arg) => this.value(arg)),
      );
    if (type === 'SymbolNode')
      throw new Fault('not-arithmetic', 'A function needs its numbers in parentheses, like sqrt(2).');
    throw new Fault('not-arithmetic', `This is no arithmetic. Use numbers, ${USABLE}.`);
  }

  #unary(fn: string, a: Value): Value {
    if (fn === 'unaryPlus') return a;
    if (fn === 'unaryMinus') return isExact(a) ? { n: -a.n, d: a.d } : a.neg();
    if (fn === 'factorial') return factorial(this.#nearest(a));
    throw new Fault('not-arithmetic', `This is no arithmetic. Use numbers, ${USABLE}.`);
  }

  #binary(fn: string, a: Value, b: Value): Value {
    if ((fn === 'divide' || fn === 'mod') && isZero(b))
      throw new Fault('division-by-zero', 'The expression divides by 0, which has no value.');
    if (fn === 'pow') return this.#power(a, b);
    if (isExact(a) && isExact(b)) {
      if (fn === 'add') return exact(a.n * b.d + b.n * a.d, a.d * b.d);
      if (fn === 'subtract') return exact(a.n * b.d - b.n * a.d, a.d * b.d);
      if (fn === 'multiply') return exact(a.n * b.n, a.d * b.d);
      if (fn === 'divide') return exact(a.n * b.d, a.d * b.n);
      if (fn === 'mod') return exact(a.n * b.d - b.n * a.d * floorDivide(a.n * b.d, a.d * b.n), a.d * b.d);
    } else {
      const [x, y] = [this.#inexact(a), this.#inexact(b)];
      if (fn === 'add') return finite(x.plus(y));
      if (fn === 'subtract') return finite(x.minus(y));
      if (fn === 'multiply') return finite(x.times(y));
      if (fn === 'divide') return finite(x.div(y));
      if (fn === 'mod') return finite(x.minus(y.times(x.div(y).floor())));
    }
    throw new Fault('not-arithmetic', `This is no arithmetic. Use numbers, ${USABLE}.`);
  }

  #power(base: Value, exponent: Value): Value {
    if (isExact(exponent) && exponent.d === 1n) {
      if (isZero(base) && exponent.n < 0n)
        throw new Fault('division-by-zero', 'The expression raises 0 to a negative power, which divides by 0.');
      if (isExact(base)) return wholePower(base, exponent.n);
    }
    if (isNegative(base))
      throw new Fault('undefined', 'A negative number to a power that is no whole number is no real number.');
    if (isZero(base)) {
      if (isNegative(exponent))
        throw new Fault('division-by-zero', 'The expression raises 0 to a negative power, which divides by 0.');
      return { n: isZero(exponent) ? 1n : 0n, d: 1n };
    }
    if (isExact(base) && isExact(exponent) && exponent.d === 2n) {
      const root = rationalRoot(base);
      if (root !== null) return wholePower(root, exponent.n);
    }
    const [x, y] = [this.#inexact(base), this.#inexact(exponent)];
    // log2 x^y, before it is made.
    const bits = y.times(x.log(2)).abs();
    if (bits.greaterThan(MOST_BITS)) throw tooLarge();
    return finite(x.pow(y));
  }

  #call(name: FunctionName, args: readonly Value[]): Value {
    const [a, b] = args;
    const [least, most, takes] = ARGUMENTS[name] ?? [1, 1, 'one number'];
    if (args.length < least || args.length > most) throw new Fault('not-arithmetic', `${name} takes ${takes}.`);
    switch (name) {
      case 'abs':
        return isNegative(a) ? this.#unary('unaryMinus', a) : a;
      case 'min':
        return args.reduce((best, value) => (this.#isLess(value, best) ? value : best));
      case 'max':
        return args.reduce((best, value) => (this.#isLess(best, value) ? value : best));
      case 'mod':
        return this.#binary('mod', a, b);
      case 'factorial':
        return factorial(this.#nearest(a));
      case 'floor':
        return this.#floor(a);
      case 'ceil':
        return this.#unary('unaryMinus', this.#floor(this.#unary('unaryMinus', a)));
      case 'round':
        return this.#round(a, b ?? { n: 0n, d: 1n });
      case 'sqrt': {
        if (isNegative(a)) throw new Fault('undefined', 'The square root of a negative number is no real number.');
        const root = isExact(a) ? rationalRoot(a) : null;
        return root ?? finite(this.#inexact(a).sqrt());
      }
    }
  }

  #isLess(a: Value, b: Value): boolean {
    return isExact(a) && isExact(b) ? a.n * b.d < b.n * a.d : this.#inexact(a).lessThan(this.#inexact(b));
  }

  #floor(a: Value): Value {
    const near = this.#nearest(a);
    return isExact(near) ? { n: floorDivide(near.n, near.d), d: 1n } : fromText(near.floor().toFixed());
  }

  #round(a: Value, decimals: Value): Value {
    if (!isExact(decimals) || decimals.d !== 1n || decimals.n < 0n || decimals.n > 100n)
      throw new Fault('undefined', 'round keeps a whole number of decimals from 0 to 100.');
    const scale = { n: 10n ** decimals.n, d: 1n };
    const scaled = this.#binary('multiply', a, scale);
    const half: Exact = { n: 1n, d: 2n };
    const whole = isNegative(scaled)
      ? this.#unary('unaryMinus', this.#floor(this.#binary('subtract', half, scaled)))
      : this.#floor(this.#binary('add', scaled, half));
    return this.#binary('divide', whole, scale);
  }

  /** The whole number that an inexact one stands beside, if any: a root squared is the number itself. */
  #nearest(a: Value): Value {
    if (isExact(a)) return a;
    const whole = a.round();
    const apart = a.minus(whole).abs();
    const { bignumber } = this.#math;
    if (!apart.lessThanOrEqualTo(a.abs().plus(1).times(bignumber(NEARNESS)))) return a;
    return fromText(whole.toFixed());
  }

  #inexact(a: Value): BigNumber {
    return isExact(a) ? divided(this.#math, a) : a;
  }
}

function isExact(value: Value): value is Exact {
  return 'd' in value && typeof value.d === 'bigint';
}

function isZero(value: Value): boolean {
  return isExact(value) ? value.n === 0n : value.isZero();
}

function isNegative(value: Value): boolean {
  return isExact(value) ? value.n < 0n : value.isNegative() && !value.isZero();
}

function tooLarge(): Fault {
  return new Fault('too-large', `A number on the way has more than ${MOST_BITS} binary digits. Split the calculation.`);
}

/** In lowest terms. @throws Fault where a side is too large */
function exact(numerator: bigint, denominator: bigint): Exact {
  let [a, b] = [numerator < 0n ? -numerator : numerator, denominator < 0n ? -denominator : denominator];
  while (b !== 0n) [a, b] = [b, a % b];
  const divisor = denominator < 0n ? -a : a;
  const value = { n: numerator / divisor, d: denominator / divisor };
  if (bitsOf(value) > MOST_BITS) throw tooLarge();
  return value;
}

/** Of the longer side, to within 4. */
function bitsOf({ n, d }: Exact): number {
  return 4 * Math.max((n < 0n ? -n : n).toString(16).length, d.toString(16).length);
}

function wholePower(base: Exact, exponent: bigint): Exact {
  const size = exponent < 0n ? -exponent : exponent;
  const { n, d } = base;
  // 1, 0 and -1 stay small; to others each factor adds about a bit at the least.
  if (d === 1n && n >= -1n && n <= 1n) return { n: exponent === 0n ? 1n : n * (exponent % 2n === 0n ? n : 1n), d: 1n };
  if (size > MOST_BITS || (bitsOf(base) - 4) * Number(size) > MOST_BITS) throw tooLarge();
  return exponent < 0n ? exact(d ** size, n ** size) : exact(n ** size, d ** size);
}

function factorial(value: Value): Exact {
  if (!isExact(value) || value.d !== 1n || value.n < 0n)
    throw new Fault('undefined', 'The factorial is that of a whole number from 0 on.');
  if (value.n > MOST_FACTORIAL) throw new Fault('too-large', `Factorials are calculated up to ${MOST_FACTORIAL}!.`);
  let product = 1n;
  for (let factor = 2n; factor <= value.n; factor++) product *= factor;
  return { n: product, d: 1n };
}

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

/** Newton's method on whole numbers: the largest whole number whose square is at most `value`. */
function wholeRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << BigInt(Math.ceil(value.toString(2).length / 2));
  for (;;) {
    const next = (root + value / root) / 2n;
    if (next >= root) return root;
    root = next;
  }
}

/** The square root of a number above 0, where it is rational. */
function rationalRoot({ n, d }: Exact): Exact | null {
  const [top, bottom] = [wholeRoot(n), wholeRoot(d)];
  return top * top === n && bottom * bottom === d ? { n: top, d: bottom } : null;
}

/** A number as mathjs read it: a big decimal, or for its own hundredths a number. */
function written(value: unknown): Exact {
  if (typeof value === 'number') return fromText(`${value}`);
  if (typeof value === 'object' && value !== null && 'toFixed' in value)
    return fromText((value as BigNumber).toFixed());
  throw new Fault('not-arithmetic', 'There is no expression. Write one like (2 + 3) / 4.');
}

/** @param text a decimal without an exponent */
function fromText(text: string): Exact {
  const [whole, decimals = ''] = text.split('.');
  return exact(BigInt(whole + decimals), 10n ** BigInt(decimals.length));
}

function divided({ bignumber }: MathJsInstance, { n, d }: Exact): BigNumber {
  return bignumber(`${n}`).div(bignumber(`${d}`));
}

function finite(value: BigNumber): BigNumber {
  if (!value.isFinite() || Math.abs(value.e) > MOST_BITS) throw tooLarge();
  return value;
}

/** To 12 significant digits, without zeros at the end. */
function shown(value: BigNumber): string {
  const rounded = value.toSignificantDigits(SHOWN_DIGITS);
  return rounded.e >= SHOWN_DIGITS ? rounded.toExponential() : rounded.toString();
}

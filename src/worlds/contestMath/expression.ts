/** Arithmetic that somebody wrote, e.g. `(8 - 5) * 7 + 3`: read and worked out exactly. */
import type { Rational } from './rational.ts';
import { add, divide, multiply, rational, subtract } from './rational.ts';

export interface Worked {
  readonly value: Rational;
  /** The numbers that stand in it, in their order. */
  readonly numbers: readonly number[];
}

/** What is written is not an expression, or has no exact value; the message says which, in words. */
export class BadExpression extends Error {
  override readonly name = 'BadExpression';
}

/** Characters beyond which nobody means an expression. */
const MOST = 200;
const OPERATIONS: Readonly<Record<string, (a: Rational, b: Rational) => Rational>> = {
  '+': add,
  '-': subtract,
  '*': multiply,
  '/': divide,
};

/**
 * Works out whole numbers joined by `+ - * /` and parentheses; `×`, `÷`, `−` and `x` between numbers are read as well, and
 * what follows a `=` is left out.
 * @throws BadExpression
 */
export function workOut(text: string): Worked {
  const [left] = text.split('=');
  const plain = left
    .replaceAll('×', '*')
    .replaceAll('÷', '/')
    .replaceAll('−', '-')
    .replaceAll(/(?<=\d\s*)x(?=\s*[\d(])/g, '*');
  if (plain.length > MOST) throw new BadExpression('it is too long for an expression');
  const tokens = plain.match(/\d+|[-+*/()]|\S/g) ?? [];
  const numbers: number[] = [];
  let at = 0;

  const atom = (): Rational => {
    const token = tokens[at++];
    if (token === '(') {
      const value = sum();
      if (tokens[at++] !== ')') throw new BadExpression('a parenthesis is not closed');
      return value;
    }
    if (token === undefined || !/^\d+$/.test(token)) {
      throw new BadExpression(token === undefined ? 'it ends too early' : `"${token}" is no number`);
    }
    numbers.push(Number(token));
    return rational(Number(token));
  };
  const chain = (next: () => Rational, operators: string): Rational => {
    let value = next();
    for (let sign = tokens[at]; sign !== undefined && operators.includes(sign); sign = tokens[at]) {
      at++;
      value = OPERATIONS[sign](value, next());
    }
    return value;
  };
  const product = (): Rational => chain(atom, '*/');
  const sum = (): Rational => chain(product, '+-');
  try {
    const value = sum();
    if (at < tokens.length) throw new BadExpression(`"${tokens[at]}" does not belong there`);
    return { value, numbers };
  } catch (error) {
    if (error instanceof RangeError) throw new BadExpression('it has no exact value', { cause: error });
    throw error;
  }
}

/** Whether every number of `used` is one of `given`, each at most as often. */
export function isMadeOf(used: readonly number[], given: readonly number[]): boolean {
  const left = [...given];
  return used.every((number) => {
    const at = left.indexOf(number);
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
}

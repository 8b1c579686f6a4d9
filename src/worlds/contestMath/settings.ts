/** What both suites of arithmetic problems can be told about the problems. */
import { z } from 'zod';

export const problemFields = {
  /** How many are given. States grow about tenfold with each where they are enumerated. */
  numbers: z.int().min(3).max(5).default(4),
  /** The largest that may be given. */
  largest: z.int().min(5).max(20).default(9),
  /** The target is one of `lowest .. highest`. */
  lowest: z.int().min(1).max(1000).default(10),
  highest: z.int().min(1).max(1000).default(60),
};

/** Numbers that every task can do without, so that it is solved in several ways. With 0 most tasks need them all. */
export const spareField = z.int().min(0).max(2).default(1);

/** Arguments of `refine`. */
type Rule<Settings> = readonly [holds: (settings: Settings) => boolean, { path: string[]; message: string }];

export const targetsRise: Rule<{ readonly lowest: number; readonly highest: number }> = [
  ({ lowest, highest }) => lowest <= highest,
  { path: ['highest'], message: 'it must be no less than the lowest target' },
];
export const enoughIsLeft: Rule<{ readonly numbers: number; readonly spare: number }> = [
  ({ numbers, spare }) => spare <= numbers - 2,
  { path: ['spare'], message: 'two numbers at least must be left to make the target of' },
];

/** The arguments of `npm run bench`. */
import { parseArgs } from 'node:util';
import type { DenseSizes, Objective } from './dense/problem.ts';

export const SECTIONS = ['dense', 'steps', 'objectives', 'profiles', 'products', 'growth', 'cpu'] as const;
export type Section = (typeof SECTIONS)[number];

export const USAGE = `npm run bench -- [options]

  --quick               tiny sizes, few rounds
  --lab                 the dense step at the lab's size (for a real GPU; the default where there is one)
  --only A,B            of ${SECTIONS.join(', ')}; without it all but cpu
  --cpu                 only the CPU backend on the first preset
  --wasm yes|no         WASM backends and our CPU backend in the dense step too (yes)
  --objective tb|ttb    of the dense step (tb)
  --tasks N --trajectories N --steps N --actions N --dimensions N --width N
  --rounds N --per-round N --warm-up N
  --out FILE            also writes all figures as JSON
  --on browser|node     in a headless Chromium, or in Node on Dawn, without the WASM backends (browser)
  --software            on the browser's software adapter, also where there is a GPU`;

const SIZES = {
  quick: { tasks: 2, trajectories: 4, steps: 4, actions: 4, dimensions: 32, width: 16 },
  small: { tasks: 4, trajectories: 8, steps: 6, actions: 8, dimensions: 128, width: 64 },
  lab: { tasks: 8, trajectories: 16, steps: 8, actions: 12, dimensions: 256, width: 64 },
} as const satisfies Record<string, DenseSizes>;

/** An argument that cannot be used. */
export class BadArgument extends Error {
  override readonly name = 'BadArgument';
}

export interface Options {
  readonly help: boolean;
  readonly on: 'browser' | 'node';
  readonly quick: boolean;
  readonly software: boolean;
  readonly wasm: boolean;
  readonly sections: readonly Section[];
  readonly objective: Objective;
  /** The sizes on a software adapter, or on a GPU. */
  readonly sizes: (software: boolean) => DenseSizes;
  readonly race: { readonly warmUp: number; readonly rounds: number; readonly stepsPerRound: number };
  readonly out: string | undefined;
}

/** @throws BadArgument */
export function readOptions(args: readonly string[]): Options {
  const flag = { type: 'boolean', default: false } as const;
  const text = { type: 'string' } as const;
  const parsed = (() => {
    try {
      return parseArgs({
        args: [...args],
        options: {
          help: flag,
          quick: flag,
          lab: flag,
          cpu: flag,
          software: flag,
          on: text,
          only: text,
          wasm: text,
          objective: text,
          out: text,
          tasks: text,
          trajectories: text,
          steps: text,
          actions: text,
          dimensions: text,
          width: text,
          rounds: text,
          'per-round': text,
          'warm-up': text,
        },
      }).values;
    } catch (error) {
      throw new BadArgument(error instanceof Error ? error.message : String(error));
    }
  })();
  const count = (name: string, value: string | undefined, otherwise: number): number => {
    if (value === undefined) return otherwise;
    const number = Number(value);
    if (Number.isInteger(number) && number > 0) return number;
    throw new BadArgument(`--${name} ${value}: it takes a whole number above 0`);
  };
  const oneOf = <T extends string>(name: string, value: string | undefined, of: readonly [T, ...T[]]): T => {
    if (value === undefined) return of[0];
    const found = of.find((candidate) => candidate === value);
    if (found !== undefined) return found;
    throw new BadArgument(`--${name} ${value}: it takes one of ${of.join(', ')}`);
  };
  const { quick } = parsed;
  const on = oneOf('on', parsed.on, ['browser', 'node']);
  const sections = parsed.cpu
    ? (['cpu'] as const)
    : (parsed.only?.split(',').map((name) => oneOf('only', name, [...SECTIONS])) ??
      SECTIONS.filter((section) => section !== 'cpu'));
  const width = count('width', parsed.width, 0);
  if (width % 4 !== 0) throw new BadArgument(`--width ${width}: it takes a multiple of 4`);
  const sizes = (software: boolean): DenseSizes => {
    const base = quick ? SIZES.quick : parsed.lab || !software ? SIZES.lab : SIZES.small;
    return {
      tasks: count('tasks', parsed.tasks, base.tasks),
      trajectories: count('trajectories', parsed.trajectories, base.trajectories),
      steps: count('steps', parsed.steps, base.steps),
      actions: count('actions', parsed.actions, base.actions),
      dimensions: count('dimensions', parsed.dimensions, base.dimensions),
      width: width || base.width,
    };
  };
  // Now, so that a bad number is told before anything is built.
  sizes(true);
  return {
    help: parsed.help,
    on,
    quick,
    software: parsed.software,
    wasm: on === 'browser' && oneOf('wasm', parsed.wasm, ['yes', 'no']) === 'yes',
    sections,
    objective: oneOf('objective', parsed.objective, ['tb', 'ttb']),
    sizes,
    race: {
      warmUp: count('warm-up', parsed['warm-up'], 3),
      rounds: count('rounds', parsed.rounds, quick ? 3 : 5),
      stepsPerRound: count('per-round', parsed['per-round'], quick ? 2 : 4),
    },
    out: parsed.out,
  };
}

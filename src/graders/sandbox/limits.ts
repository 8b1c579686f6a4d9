/** What a snippet may use, and what became of it. */

export interface SandboxLimits {
  /**
   * Units of 10 000 checks, and of 100 promise jobs. The interpreter checks once a call, twice a turn of a loop and
   * once a step back in a regular expression. Counted, not timed: equal on every machine.
   */
  readonly fuel: number;
  /** The interpreter's whole memory, itself included: at least `LEAST_MEMORY`. Rounded up to 64 KiB. */
  readonly memoryBytes: number;
  /** UTF-16 units of what is printed, and of the value. */
  readonly outputChars: number;
  /**
   * Milliseconds after which the worker is ended. A backstop: a loop inside a built-in, like a search through an array
   * that claims to be 2^53 long, uses no fuel. Only with it can two machines differ.
   */
  readonly wallMs: number;
}

/** Bytes that the interpreter starts with. */
export const LEAST_MEMORY = 16 * 1024 * 1024;
/** UTF-16 units of a snippet. */
export const MOST_CODE = 65_536;

export const DEFAULT_LIMITS: SandboxLimits = {
  fuel: 2_000,
  memoryBytes: 64 * 1024 * 1024,
  outputChars: 10_000,
  wallMs: 10_000,
};

const RANGES: Readonly<Record<keyof SandboxLimits, readonly [least: number, most: number]>> = {
  fuel: [1, 1_000_000],
  memoryBytes: [LEAST_MEMORY, 1024 * 1024 * 1024],
  outputChars: [1, 1_000_000],
  wallMs: [10, 600_000],
};

/** The limits with defaults filled in. @throws RangeError that names the limit and its range */
export function resolveLimits(given: Partial<SandboxLimits>): SandboxLimits {
  const limits = { ...DEFAULT_LIMITS, ...given };
  for (const [name, [least, most]] of Object.entries(RANGES)) {
    const value = limits[name as keyof SandboxLimits];
    if (!(Number.isInteger(value) && value >= least && value <= most))
      throw new RangeError(`The sandbox's ${name} is a whole number from ${least} to ${most}, not ${value}.`);
  }
  return limits;
}

export type SandboxFailureKind =
  /** Not a program. */
  | 'syntax-error'
  /** Threw, or ended with a promise that was rejected. */
  | 'exception'
  /** Ended with a promise that nothing settles. */
  | 'unsettled'
  /** Calls, brackets or structures nested too deep. */
  | 'too-deep'
  | 'out-of-fuel'
  | 'out-of-memory'
  | 'too-much-output'
  /** The backstop ended it. */
  | 'timed-out'
  /** The interpreter broke. */
  | 'crashed';

export interface SandboxValue {
  readonly kind: 'value';
  /** Of the last statement that has one, in words; the fulfilled value where it is a promise; null where undefined. */
  readonly value: string | null;
  readonly printed: string;
  readonly fuelUsed: number;
}

export interface SandboxFailure {
  readonly kind: SandboxFailureKind;
  /** A sentence or two: what happened, where it is known on which line, and what may help. */
  readonly message: string;
  /** What was printed before, cut at the limit; empty where the worker was ended. */
  readonly printed: string;
  /** Null where it is not known. */
  readonly fuelUsed: number | null;
}

export type SandboxResult = SandboxValue | SandboxFailure;

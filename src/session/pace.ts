/**
 * How many steps to take at once, learned from how long they take. Only when things happen depends
 * on it, never what is computed.
 */

/** Steps between two looks at the mailbox take about this long, and those between two read-backs. */
const SLICE_SECONDS = 0.03;
const DRAIN_SECONDS = 0.25;
const MAX_SLICE = 8;
/** The metrics ring of a Trainer holds at least as many steps. */
export const MAX_UNDRAINED = 64;
/** Weight of the newest measurement. */
const NEWEST = 0.5;

export class Pace {
  #secondsPerStep: number | null = null;

  /** Steps to submit before messages are looked at. */
  get slice(): number {
    return this.#stepsIn(SLICE_SECONDS, MAX_SLICE);
  }

  /** Steps to take before their metrics are read. */
  get untilDrain(): number {
    return this.#stepsIn(DRAIN_SECONDS, MAX_UNDRAINED);
  }

  /** 0 before the first measurement. */
  get stepsPerSecond(): number {
    return this.#secondsPerStep === null ? 0 : 1 / this.#secondsPerStep;
  }

  /** `steps` were taken and read back in `seconds`. */
  measure(steps: number, seconds: number): void {
    if (steps === 0) return;
    // A clock may stand still for a step that is faster than its resolution.
    const measured = Math.max(seconds / steps, 1e-6);
    const old = this.#secondsPerStep ?? measured;
    this.#secondsPerStep = old + NEWEST * (measured - old);
  }

  #stepsIn(seconds: number, most: number): number {
    if (this.#secondsPerStep === null) return 1;
    return Math.min(Math.max(Math.floor(seconds / this.#secondsPerStep), 1), most);
  }
}

/** Which tasks a step trains on: a fresh order every epoch, no task twice in a step. */
import { randomSource } from '../worlds/random.ts';

/** Keeps the task order apart from every other use of the seed. */
const STREAM = 0x7a5c;

/**
 * Tasks of step `step`, as positions in `0 .. count - 1`. An epoch has `floor(count / batch)` steps; what
 * is left over differs from epoch to epoch. A function of its arguments alone, so a resumed run goes on alike.
 */
export function createTaskSchedule(seed: number, count: number, batch: number): (step: number) => readonly number[] {
  const stepsPerEpoch = Math.floor(count / batch);
  const positions = Array.from({ length: count }, (_, i) => i);
  let epoch = -1;
  let order: readonly number[] = positions;
  return (step) => {
    const wanted = Math.floor(step / stepsPerEpoch);
    if (wanted !== epoch) {
      epoch = wanted;
      order = randomSource(seed, STREAM, epoch).shuffle(positions);
    }
    const first = (step % stepsPerEpoch) * batch;
    return order.slice(first, first + batch);
  };
}

/** log F read off the edges, by hand: two slots with logits (ln 1, ln 3) and (ln 2, ln 2, ln 4). */
import { expect, test } from 'vitest';
import { COUNT, HEADER, RECORD_STRIDE } from '../plan.ts';
import { addPartition } from './addPartition.ts';
import { partitionBackward } from './partitionBackward.ts';

const plan = new Uint32Array(HEADER + 2 * RECORD_STRIDE);
plan[COUNT.slots] = 2;
plan[COUNT.newSlots] = 1;
plan[COUNT.slotBase] = 1;
plan.set([0, 0, 2], HEADER);
plan.set([0, 2, 3], HEADER + RECORD_STRIDE);
const logits = Float64Array.of(1, 3, 2, 2, 4).map(Math.log);
const logP = Float64Array.of(1 / 4, 3 / 4, 1 / 4, 1 / 4, 1 / 2).map(Math.log);

function expectClose(values: Float64Array, expected: readonly number[]): void {
  for (const [i, value] of expected.entries()) expect(values[i]).toBeCloseTo(value, 12);
}

test('adds the logarithm of the sum of the flows of the edges, to new slots alone', () => {
  const logF = Float64Array.of(0.5, 0.25);
  const rows = { records: HEADER, rowsIndex: COUNT.newSlots, baseIndex: COUNT.slotBase };
  addPartition.twin({ plan, logits, logP, logF }, rows);
  expectClose(logF, [0.5, 0.25 + Math.log(8)]);
});

test('gives each logit its share of the gradient, P_F, beside what it has', () => {
  const dLogits = Float64Array.of(1, 1, 0, 0, -1);
  const dLogF = Float64Array.of(2, -4);
  partitionBackward.twin({ plan, logP, dLogF, dLogits }, { records: HEADER, rowsIndex: COUNT.slots });
  expectClose(dLogits, [1.5, 2.5, -1, -1, -3]);
});

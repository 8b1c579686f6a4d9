/** The Supervisor's kernels against their twins, on the inputs of a real step. */
import { describe, expect, it, test } from 'vitest';
import { dispatchesOf, expectTwin, SIZES, withRows } from '../../gpu/kernels/twins.fixture.ts';
import { COUNT, RECORD_STRIDE } from '../plan.ts';
import { actionGradient } from './actionGradient.ts';
import { addPartition } from './addPartition.ts';
import { attend } from './attend.ts';
import { attendBackward } from './attendBackward.ts';
import { entering } from './entering.ts';
import { enteringBackward } from './enteringBackward.ts';
import { expandSlots } from './expandSlots.ts';
import { expandTargets } from './expandTargets.ts';
import { keyGradient } from './keyGradient.ts';
import { normalise } from './normalise.ts';
import { parentGradient } from './parentGradient.ts';
import { partitionBackward } from './partitionBackward.ts';
import { questionGradient } from './questionGradient.ts';
import { rangeRecords } from './rangeRecords.ts';
import { score } from './score.ts';
import { scoreBackward } from './scoreBackward.ts';
import { slotBackward } from './slotBackward.ts';
import { statePool } from './statePool.ts';
import { capturedStep, smallGraphs, storeOf } from './supervisor.fixture.ts';
import { taskGradient } from './taskGradient.ts';
import { tokenAttentionGradient } from './tokenAttentionGradient.ts';
import { tokenPoolGradient } from './tokenPoolGradient.ts';

const captured = await capturedStep();

describe.each([
  actionGradient,
  addPartition,
  attend,
  attendBackward,
  entering,
  enteringBackward,
  expandSlots,
  expandTargets,
  keyGradient,
  normalise,
  parentGradient,
  partitionBackward,
  questionGradient,
  score,
  scoreBackward,
  slotBackward,
  statePool,
  taskGradient,
  tokenAttentionGradient,
  tokenPoolGradient,
])('$name', (kernel) => {
  const dispatches = dispatchesOf(captured, kernel).map((one, i) => ({ one, i }));
  describe.each(dispatches)('where the step dispatches it for time $i', ({ one }) => {
    it.each(SIZES)('does with %i rows what its twin does', async (rows) => {
      expect(await expectTwin(one.kernel, withRows(one, rows))).toBe(rows > 0);
    });

    it('does with all its rows what its twin does', async () => {
      expect(await expectTwin(one.kernel, one.setup)).toBe(true);
    });
  });
});

describe.each([taskGradient, tokenAttentionGradient])('$name', (kernel) => {
  const [one] = dispatchesOf(captured, kernel);
  it.each(SIZES)('looks through %i slots as its twin does', async (slots) => {
    const plan = Uint32Array.from(one.setup.tensors.plan);
    plan[COUNT.slots] = slots;
    const tensors = { ...one.setup.tensors, plan };
    expect(await expectTwin(one.kernel, { ...one.setup, tensors })).toBe(true);
  });
});

test.each(SIZES)('rangeRecords makes %i records as its twin does', async (rows) => {
  const store = storeOf(smallGraphs(5));
  const records = 64;
  const plan = new Uint32Array(records + 65 * RECORD_STRIDE);
  plan[COUNT.firstNode] = 9;
  plan[COUNT.targets] = rows;
  const wrote = await expectTwin(rangeRecords, {
    tensors: { plan, graph: store.graph },
    params: { records, countIndex: COUNT.targets, edgeStart: store.offsets.inStart },
    invocations: { index: COUNT.targets, times: 1, most: 65 + 3 },
    counts: 'plan',
  });
  expect(wrote).toBe(rows > 0);
});

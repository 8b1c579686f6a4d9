/** Which uses of a text count in a step: against the twin, and in index order with far more entries than invocations. */
import { describe, expect, it, test } from 'vitest';
import { dispatchesOf, expectTwin, SIZES, withRows } from '../../gpu/kernels/twins.fixture.ts';
import { COUNT, HEADER, NONE } from '../plan.ts';
import { listActive } from './listActive.ts';
import { capturedStep } from './supervisor.fixture.ts';

const captured = dispatchesOf(await capturedStep(), listActive);

// By action: edges leaving visited states, edges entering targets. By item: visited states, targets, parents.
it('is dispatched for each way in which a text is used', () => expect(captured).toHaveLength(5));

describe.each(captured.map((one, i) => ({ one, i })))('where the step dispatches it for time $i', ({ one }) => {
  it.each(SIZES)('lists %i rows as its twin does', async (rows) => {
    const wrote = await expectTwin(one.kernel, withRows(one, rows));
    if (rows === 65) expect(wrote).toBe(true);
  });
});

test.each(SIZES.flatMap((entries) => [entries, 10 * entries]))(
  'a row of %i entries is listed in rising order',
  async (entries) => {
    const plan = new Uint32Array(HEADER + 4);
    plan[COUNT.actionRows] = 2;
    plan.set([0, 0, 0, 1], HEADER); // row 0 of the index, then row 1
    // [start of row 0, of row 1, end | entry -> edge | edge -> node]: an edge of each node, backwards.
    const order = Array.from({ length: entries + 3 }, (_, j) => j);
    const graph = [0, 3, entries + 3, ...order, ...order.toReversed()];
    // Every third node has a mark.
    const marks = order.map((node) => (node % 3 === 1 ? 7 : 0));
    const params = {
      rowsIndex: COUNT.actionRows,
      rows: HEADER,
      rowStride: 2,
      inverseStart: 0,
      inverse: 3,
      nodeOf: 3 + order.length,
    };
    const tensors = { plan, graph, marks, listed: new Uint32Array(order.length) };
    const invocations = { index: COUNT.actionRows, times: listActive.workgroup, most: 4 * listActive.workgroup };
    await expectTwin(listActive, { tensors, params, invocations, counts: 'plan' });

    const listed = new Uint32Array(order.length);
    listActive.twin({ plan, graph: Uint32Array.from(graph), marks: Uint32Array.from(marks), listed }, params);
    const marked = (j: number) => marks[order.length - 1 - j] !== 0;
    const own = listed.subarray(3);
    const end = own.includes(NONE) ? own.indexOf(NONE) : own.length;
    expect([...own.subarray(0, end)]).toEqual(order.slice(3).filter(marked));
  },
);

import { describe, expect, it } from 'vitest';
import type { Command, Tensor } from './backend.ts';
import { dispatch } from './backend.ts';
import type { Schedule } from './schedule.ts';
import { schedule } from './schedule.ts';
import { increment, scaleShift, setCount } from './testing/testKernels.ts';

const tensor = (storage: number, offset = 0): Tensor<'u32'> => ({
  label: `t${storage}`,
  type: 'u32',
  length: 64,
  storage,
  offset,
});
const counts = tensor(0);
const cells = tensor(1);

const dynamic = (index: number, times = 1): Command =>
  dispatch(increment, { index, times }, { counts, cells }, { index, times });
const fixed = dispatch(increment, 1, { counts, cells }, { index: 0, times: 1 });

const order = ({ steps }: Schedule): string[] =>
  steps.map((step) =>
    step.op === 'prepare' ? 'prepare' : step.slot === undefined ? step.command.op : `slot ${step.slot}`,
  );

describe('the schedule of a program', () => {
  it('prepares arguments once for dynamic dispatches in a row', () => {
    expect(order(schedule([fixed, dynamic(0), fixed, dynamic(1)], counts))).toEqual([
      'dispatch',
      'prepare',
      'slot 0',
      'dispatch',
      'slot 1',
    ]);
  });

  it('gives one slot to each distinct size', () => {
    const { slots, steps } = schedule([dynamic(0), dynamic(1), dynamic(0), dynamic(0, 2)], counts);
    expect(slots).toEqual([
      { index: 0, times: 1, workgroup: 1 },
      { index: 1, times: 1, workgroup: 1 },
      { index: 0, times: 2, workgroup: 1 },
    ]);
    expect(order({ slots, steps })).toEqual(['prepare', 'slot 0', 'slot 1', 'slot 0', 'slot 2']);
  });

  it('does not prepare them again for a kernel that says it keeps the counts', () => {
    const keeping = dispatch({ ...setCount, keepsCounts: true }, 1, { counts }, { index: 0, value: 1 });
    expect(order(schedule([dynamic(0), keeping, dynamic(0)], counts))).toEqual([
      'prepare',
      'slot 0',
      'dispatch',
      'slot 0',
    ]);
  });

  it.each<[string, Command]>([
    ['a kernel', dispatch(setCount, 1, { counts: tensor(0, 64) }, { index: 0, value: 1 })],
    ['a clear', { op: 'clear', tensor: tensor(0, 64) }],
    ['a copy', { op: 'copy', from: cells, to: counts }],
  ])('prepares them again once %s has written to the storage of the counts', (_, write) => {
    expect(order(schedule([dynamic(0), write, fixed, dynamic(0), dynamic(1)], counts))).toEqual([
      'prepare',
      'slot 0',
      write.op,
      'dispatch',
      'prepare',
      'slot 0',
      'slot 1',
    ]);
  });

  it('does not prepare again after writes elsewhere, reads of the counts, or with nothing dynamic to come', () => {
    const elsewhere: Command = { op: 'copy', from: counts, to: cells };
    const write: Command = { op: 'clear', tensor: counts };
    expect(order(schedule([dynamic(0), elsewhere, dynamic(0), write, fixed], counts))).toEqual([
      'prepare',
      'slot 0',
      'copy',
      'slot 0',
      'clear',
      'dispatch',
    ]);
  });

  it('leaves out dispatches without invocations, which then write to nothing', () => {
    const none = dispatch(setCount, 0, { counts }, { index: 0, value: 1 });
    expect(order(schedule([dynamic(0), none, dynamic(0)], counts))).toEqual(['prepare', 'slot 0', 'slot 0']);
  });

  it('has no slots where every size is known', () => {
    const a: Tensor<'f32'> = { ...tensor(3), type: 'f32' };
    const command = dispatch(scaleShift, 1, { a, out: { ...a, storage: 4 } }, { n: 1, scale: 1, shift: 0 });
    expect(schedule([command])).toEqual({ slots: [], steps: [{ op: 'command', command }] });
  });
});

import { describe, expect, it } from 'vitest';
import { EACH_RUN, groupings, groupRuns } from './groups.ts';
import { invented } from './runs.fixture.ts';
import { differenceTable, differingPaths, listed, RAN_ON, valueText } from './settings.ts';

const [a0, a1] = [0, 1].map((seed) => invented({ kind: 'tb', seed }));
const [b0, b1] = [0, 1].map((seed) => invented({ kind: 'vargrad', seed }));
const fast = invented({ kind: 'tb', seed: 0, lr: 0.5 });
const onGpu = {
  ...a1,
  id: 'gpu',
  record: { ...a1.record, device: { backend: 'webgpu', adapter: 'A GPU', software: false } as const },
};
const told = (runs: Parameters<typeof groupRuns>[0], by: string) =>
  groupRuns(runs, by).map(({ label, runs: members }) => [label, members.length]);

describe('groups', () => {
  it('average what differs only in the seed', () => {
    expect(told([b1, a0, b0, a1], 'objective.kind')).toEqual([
      ['tb', 2],
      ['vargrad', 2],
    ]);
  });

  it('do not average over another setting, and name as little of it as tells them apart', () => {
    expect(told([a0, a1, fast, b0], 'objective.kind')).toEqual([
      ['tb, learning rate 0.002', 2],
      ['tb, learning rate 0.5', 1],
      ['vargrad', 1],
    ]);
  });

  it('do not average over devices', () => {
    expect(told([a0, onGpu], 'objective.kind')).toEqual([
      ['tb, ran on A GPU', 1],
      ['tb, ran on CPU (TypeScript)', 1],
    ]);
  });

  it('by any setting, numbers by size', () => {
    const runs = [0.05, 0.5, 0.006].map((lr) => invented({ kind: 'tb', seed: 0, lr }));
    expect(groupRuns(runs, 'optimiser.lr').map(({ label }) => label.split(',')[0])).toEqual(['0.006', '0.05', '0.5']);
  });

  it('of nothing are single runs, told apart where they have one name', () => {
    const twin = { ...b0, name: a0.name };
    expect(told([a0, twin, b1], EACH_RUN)).toEqual([
      [`${a0.name} (1)`, 1],
      [`${a0.name} (2)`, 1],
      [b1.name, 1],
    ]);
  });

  it('can be made by what differs, the objective first', () => {
    expect(groupings([a0, a1, fast])).toEqual([
      'objective.kind',
      'optimiser.lr',
      'optimiser.lrZ',
      'optimiser.lrBackward',
      'optimiser.lrFlow',
      EACH_RUN,
    ]);
    expect(groupings([])).toEqual(['objective.kind', EACH_RUN]);
  });
});

describe('differences', () => {
  it('are only of what differs, with the device', () => {
    expect(differingPaths([a0, onGpu])).toEqual(['seed', RAN_ON]);
    expect(differingPaths([a0])).toEqual([]);
  });

  it('are marked against the first column', () => {
    expect(differenceTable([[a0, a1], [b0]])).toEqual([
      {
        path: 'seed',
        cells: [
          { text: '0, 1', differs: false },
          { text: '0', differs: true },
        ],
      },
      {
        path: 'objective.kind',
        cells: [
          { text: 'tb', differs: false },
          { text: 'vargrad', differs: true },
        ],
      },
    ]);
  });

  it('show the beginning of a long text, such as a corpus, and tell long texts apart that begin alike', () => {
    const [one, other] = ['a', 'b'].map((end) => `A cat\nsat. ${'x'.repeat(4_000)}${end}`);
    // 39 characters and the ellipsis; 12 + 4,000 + 1 in all.
    expect(valueText(one)).toMatch(/^A cat sat\. x{28}… \(4,012 characters, [0-9a-f]{16}\)$/);
    expect(valueText(other)).not.toBe(valueText(one));
    expect(valueText('x'.repeat(200))).toBe('x'.repeat(200));
  });

  it('list values once, whole numbers in a row by their ends', () => {
    expect([listed([7, 5, 6, 5]), listed([1, 3]), listed([0.5, undefined, 0.5]), listed([true])]).toEqual([
      '5–7',
      '1, 3',
      '0.5, –',
      'true',
    ]);
  });
});

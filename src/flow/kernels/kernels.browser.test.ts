/** The kernels between rollout and gradient against their twins. */
import { describe, expect, it } from 'vitest';
import { dispatchesOf, expectTwin, SIZES, withRows } from '../../gpu/kernels/twins.fixture.ts';
import { capturedRollout } from '../rollout/kernels/rollout.fixture.ts';
import { firstLogZ } from './firstLogZ.ts';
import { spreadCoefficients } from './spreadCoefficients.ts';
import { stepMetrics } from './stepMetrics.ts';
import { walkSums } from './walkSums.ts';

describe.each(SIZES)('with %i walks', async (walks) => {
  const captured = await capturedRollout(walks);
  const fixed = await capturedRollout(walks, { learned: false });

  it.each([
    ['a learned', captured],
    ['a fixed', fixed],
  ])('walkSums adds up along each walk as its twin does, with %s P_B', async (_, rollout) => {
    for (const { kernel, setup } of dispatchesOf(rollout, walkSums)) {
      expect(await expectTwin(kernel, setup)).toBe(walks > 0);
    }
  });

  it('spreadCoefficients gives each logit what its twin does, over slots and over targets', async () => {
    const dispatches = dispatchesOf(captured, spreadCoefficients);
    expect(dispatches).toHaveLength(2);
    for (const { kernel, setup } of dispatches) expect(await expectTwin(kernel, setup)).toBe(walks > 0);
  });

  it.each([stepMetrics, firstLogZ])('$name takes its means as its twin does, 0 over nothing', async (means) => {
    for (const { kernel, setup } of dispatchesOf(captured, means)) {
      expect(await expectTwin(kernel, setup)).toBe(true);
    }
  });
});

describe('over part of the slots', async () => {
  const dispatches = dispatchesOf(await capturedRollout(65), spreadCoefficients);
  it.each([0, 1, 7])('spreadCoefficients leaves the edges of all but the first %i alone', async (rows) => {
    for (const one of dispatches) expect(await expectTwin(one.kernel, withRows(one, rows))).toBe(rows > 0);
  });
});

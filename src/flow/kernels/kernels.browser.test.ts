/** The kernels between rollout and gradient against their twins. */
import { describe, expect, it } from 'vitest';
import { dispatchesOf, expectTwin, SIZES, withRows } from '../../gpu/kernels/twins.fixture.ts';
import { everyAction } from '../../supervisor/kernels/everyAction.ts';
import { everyActionKeys } from '../../supervisor/kernels/everyActionKeys.ts';
import { everyActionQueries } from '../../supervisor/kernels/everyActionQueries.ts';
import { everyActionWeights } from '../../supervisor/kernels/everyActionWeights.ts';
import { ppo } from '../objectives/ppo/ppo.ts';
import { subtb } from '../objectives/subtb/subtb.ts';
import { ttbPaper } from '../objectives/ttbPaper/ttbPaper.ts';
import { recallWalks } from '../replay/recallWalks.ts';
import { rememberWalks } from '../replay/rememberWalks.ts';
import { capturedRollout } from '../rollout/kernels/rollout.fixture.ts';
import { firstLogZ } from './firstLogZ.ts';
import { groupSums } from './groupSums.ts';
import { likelihood } from './likelihood.ts';
import { spreadCoefficients } from './spreadCoefficients.ts';
import { spreadFlows } from './spreadFlows.ts';
import { stepMetrics } from './stepMetrics.ts';
import { taskSums } from './taskSums.ts';
import { walkSums } from './walkSums.ts';

describe.each(SIZES)('with %i walks', async (walks) => {
  const captured = await capturedRollout(walks);
  const fixed = await capturedRollout(walks, { backward: 'fixed' });
  const flowing = await capturedRollout(walks, { objective: subtb, backward: 'likelihood' });
  const paper = await capturedRollout(walks, { objective: ttbPaper });
  const recalling = await capturedRollout(walks, { recalled: 4 });

  it.each([
    ['a learned P_B', captured],
    ['a fixed P_B', fixed],
    ['log F', flowing],
  ])('walkSums reads and adds up along each walk as its twin does, with %s', async (_, rollout) => {
    for (const { kernel, setup } of dispatchesOf(rollout, walkSums)) {
      expect(await expectTwin(kernel, setup)).toBe(walks > 0);
    }
  });

  it('spreadCoefficients gives each logit what its twin does, over slots and over targets', async () => {
    const dispatches = dispatchesOf(captured, spreadCoefficients);
    expect(dispatches).toHaveLength(2);
    for (const { kernel, setup } of dispatches) expect(await expectTwin(kernel, setup)).toBe(walks > 0);
  });

  it('spreadCoefficients gives each logit what its twin does where the entropy counts', async () => {
    const [{ kernel, setup }] = dispatchesOf(
      await capturedRollout(walks, { objective: ppo, backward: 'fixed', entropyBonus: 0.1 }),
      spreadCoefficients,
    );
    expect(setup.params.entropy).toBe(1);
    expect(await expectTwin(kernel, setup)).toBe(walks > 0);
  });

  it.each([spreadFlows, likelihood])('$name does what its twin does', async (one) => {
    for (const { kernel, setup } of dispatchesOf(flowing, one)) {
      expect(await expectTwin(kernel, setup)).toBe(walks > 0);
    }
  });

  it.each([groupSums, taskSums])('$name does for each task what its twin does', async (one) => {
    for (const { kernel, setup } of dispatchesOf(captured, one)) {
      expect(await expectTwin(kernel, setup)).toBe(walks > 0);
    }
  });

  it.each([everyAction, everyActionWeights, everyActionQueries, everyActionKeys])(
    '$name does what its twin does',
    async (one) => {
      for (const { kernel, setup } of dispatchesOf(paper, one)) {
        expect(await expectTwin(kernel, setup)).toBe(walks > 0);
      }
    },
  );

  it('recallWalks takes the walks its twin takes, one drawn or the best of several', async () => {
    const dispatches = dispatchesOf(recalling, recallWalks);
    expect(dispatches.map(({ setup }) => setup.params.draws)).toEqual([1, 4]);
    for (const { kernel, setup } of dispatches) await expectTwin(kernel, setup);
  });

  it('rememberWalks stores what its twin stores', async () => {
    const [{ kernel, setup }] = dispatchesOf(recalling, rememberWalks);
    const wrote = await expectTwin(kernel, setup);
    // A task with no more walks than are recalled has none that is new.
    if (walks >= 7) expect(wrote).toBe(true);
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

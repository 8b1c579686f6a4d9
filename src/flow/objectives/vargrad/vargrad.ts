/**
 * VarGrad (Zhang et al. 2023, 2302.05446): the loss of `tb` with
 *
 *     log Z(q) = mean over the task's walks of beta log R~ + sum log P_B - sum log P_F,
 *
 * through which no gradient flows: there is no Z head to train.
 */
import { defineObjective, trajectoryBalance } from '../objective.ts';
import wgsl from './vargrad.wgsl?raw';

export const vargrad = defineObjective({
  name: 'vargrad',
  kernelName: 'vargrad',
  about: "VarGrad: Delta^2, log Z the batch's own mean",
  source: 'Zhang et al. 2023, 2302.05446',
  leastWalksPerTask: 2,
  logZ: 'batch',
  wgsl,
  walk: (walk) => ({ ...trajectoryBalance(walk, walk.groupLogZ, 1), dLogZ: 0 }),
});

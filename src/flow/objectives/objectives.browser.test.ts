/** The kernels of the objectives against their twins. */
import { describe, expect, it } from 'vitest';
import { expectTwin, SIZES } from '../../gpu/kernels/twins.fixture.ts';
import { randomSource } from '../../worlds/random.ts';
import { db } from './db/db.ts';
import { flowrl } from './flowrl/flowrl.ts';
import { grpo } from './grpo/grpo.ts';
import { ppo } from './ppo/ppo.ts';
import { reinforce } from './reinforce/reinforce.ts';
import { sft } from './sft/sft.ts';
import { subtb } from './subtb/subtb.ts';
import { tb } from './tb/tb.ts';
import { ttb } from './ttb/ttb.ts';
import { ttbPaper } from './ttbPaper/ttbPaper.ts';
import { vargrad } from './vargrad/vargrad.ts';
import type { WalkValues } from './walks.fixture.ts';
import { buffersOf } from './walks.fixture.ts';

/** Residuals of either sign on both sides of a Huber bound of 1 per edge, ratios on both sides of the clip. */
function someWalks(count: number): WalkValues[] {
  const random = randomSource(count);
  const below = (scale: number) => -scale * random.next();
  return Array.from({ length: count }, () => ({
    logTarget: 2 * random.next() - 1,
    reward: random.int(3) / 2,
    solved: random.int(2) === 1,
    steps: Array.from({ length: 1 + random.int(5) }, () => {
      const logPF = below(3);
      return {
        logPF,
        logPB: below(3),
        logF: 2 * random.next() - 1,
        behaviour: logPF + 0.6 * random.next() - 0.3,
        entropy: random.next(),
        logUniform: below(2),
        firstLogF: random.next(),
      };
    }),
  }));
}

describe.each([ttb, ttbPaper, tb, vargrad, db, subtb, flowrl, reinforce, grpo, ppo, sft])(
  '$name',
  ({ kernel, leastWalksPerTask }) => {
    const compare = async (tasks: number, walksPerTask: number): Promise<boolean> => {
      const { tensors, params } = buffersOf(
        {
          logZ: Array.from({ length: tasks }, (_, b) => Math.sin(b)),
          walksPerTask,
          walks: someWalks(tasks * walksPerTask),
          settings: { huber: 1, entropyBonus: 0.3, klWeight: 0.2, flowBeta: 2 },
        },
        Float32Array,
      );
      return expectTwin(kernel, { tensors, params, invocations: Math.max(tasks * walksPerTask, 1) });
    };

    it.each(SIZES)('does for %i tasks what its twin does', async (tasks) => {
      expect(await compare(tasks, 3)).toBe(tasks > 0);
    });

    it.each(SIZES.filter((walks) => walks >= leastWalksPerTask))(
      'does for a task of %i walks what its twin does',
      async (walks) => {
        expect(await compare(2, walks)).toBe(true);
      },
    );
  },
);

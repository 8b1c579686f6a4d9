import { describe, expect, test } from 'vitest';
import type { EvolutionInput } from '../evolution/settings.ts';
import { createCpuBackend } from '../gpu/cpuBackend.ts';
import { compositesOf } from '../skills/library.ts';
import { evolvingConfig as config, hooks, openEvolving as open, trainTo } from './evolving.fixture.ts';
import { openTrainer } from './openTrainer.ts';
import type { StepMetrics } from './records.ts';
import { resolveConfig } from './resolve.ts';
import { createTrainer } from './trainer.ts';

describe('a run with evolution', () => {
  test('grows a library by which more can be solved, and the same one again', async () => {
    const runs = [];
    for (let i = 0; i < 2; i++) {
      const trainer = await open(config({}));
      const steps = await trainTo(trainer, 60);
      const evaluations = await trainer.evaluate({ all: true, ...hooks });
      runs.push({ steps, evaluations, library: trainer.library, events: trainer.events });
    }
    const [one, other] = runs;
    expect(other).toEqual(one);
    const created = one.events.filter(({ kind }) => kind === 'create');
    expect(created.length).toBeGreaterThan(0);
    for (const { gate, attainable, added, evidence } of created) {
      expect(gate?.verdict).toBe('gains');
      expect(attainable.after).toBeGreaterThan(attainable.before);
      expect(added).toHaveLength(1);
      expect(evidence.when?.plateau).toBe(true);
    }
    expect(one.library.skills.length).toBeGreaterThan(0);
    expect(one.steps.map(({ step }) => step)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
    // The library is used, and no more than all of the time.
    for (const { skillShares = [] } of one.evaluations) {
      expect(skillShares.map(({ slot, name }) => ({ slot, name }))).toEqual(
        one.library.skills.map(({ slot, name }) => ({ slot, name })),
      );
      const used = skillShares.reduce((sum, { share }) => sum + share, 0);
      expect(used).toBeGreaterThan(0);
      expect(used).toBeLessThan(1);
    }
    // What the trials cost is in the budget.
    const walked = one.steps.reduce((sum, { executed }) => sum + executed, 0);
    expect(one.evaluations[0].executorCalls).toBeGreaterThan(1.5 * walked);
  });

  test('credits the very walks that its skills came from', async () => {
    const trainer = await open(config({}, { steps: 30 }));
    await trainTo(trainer, 30);
    const sources = trainer.library.skills.flatMap((skill) => skill.lineage.sources);
    expect(sources.length).toBeGreaterThan(0);
    for (const { split, task, actions } of sources) {
      const { walk } = await trainer.credit(split, task, 4, actions);
      expect(walk?.credited?.steps.map(({ action }) => action)).toEqual(actions);
    }
  });

  test('whose proposals are all turned down is the run in which none was made', async () => {
    const gate = { steps: 5, seeds: 1, gain: 1 };
    const rejecting = await open(config({ gate }, { steps: 30 }));
    const steps = await trainTo(rejecting, 30);
    expect(rejecting.events.length).toBeGreaterThan(0);
    expect(new Set(rejecting.events.map(({ kind }) => kind))).toEqual(new Set(['reject']));
    const still = await open(config({ gate, control: 'none' }, { steps: 30 }));
    expect(await trainTo(still, 30)).toEqual(steps);
    expect(still.events).toEqual([]);
    const [a] = await rejecting.evaluate({ all: true, ...hooks });
    const [b] = await still.evaluate({ all: true, ...hooks });
    expect({ ...a, executorCalls: 0 }).toEqual({ ...b, executorCalls: 0 });
    expect((await rejecting.save()).tensors).toEqual((await still.save()).tensors);
  });

  test('says of each proposal by stakes what is at stake, and of one by the published score nothing', async () => {
    const gate = { steps: 5, seeds: 1, gain: 1 };
    const reasons = async (where: EvolutionInput['where']) => {
      const trainer = await open(config({ gate, where }, { steps: 30 }));
      await trainTo(trainer, 30);
      return trainer.events.flatMap(({ proposed, evidence }) => (proposed === 'create' ? [evidence.reason] : []));
    };
    const [staked, published] = [await reasons({ score: 'stakes' }), await reasons({})];
    expect([staked.length, published.length].every((count) => count > 0)).toBe(true);
    expect(staked.filter((reason) => !/with a reward of \d+\.\d\d at stake\./.test(reason))).toEqual([]);
    expect(published.filter((reason) => reason.includes('at stake'))).toEqual([]);
  });

  test('has no event where nothing is left to be attained', async () => {
    const suites = [
      { name: 'two-hop-qa', settings: { steps: 3, evidence: 3, countries: 12 }, train: 8, validation: 4 },
    ];
    const trainer = await open(config({}, { suites, steps: 20 }));
    await trainTo(trainer, 20);
    const [train] = await trainer.evaluate({ all: true, ...hooks });
    expect(train.attainable).toBe(1);
    expect(trainer.events).toEqual([]);
  });

  test('is the same where it is saved and taken up again, between phases and in the middle of one', async () => {
    const whole = await open(config({}, { steps: 30 }));
    const steps = await trainTo(whole, 30);
    const until = [3, 12, 40, 90];
    let trainer = await open(config({}, { steps: 30 }));
    const taken: StepMetrics[] = [];
    let midPhase = 0;
    for (const units of until) {
      await trainer.train(units);
      taken.push(...(await trainer.drain()));
      if (trainer.evolving) midPhase++;
      const snapshot = await trainer.save();
      trainer = await open(config({}, { steps: 30 }));
      await trainer.restore(JSON.parse(JSON.stringify(snapshot), revive));
    }
    expect(midPhase).toBeGreaterThan(0);
    taken.push(...(await trainTo(trainer, 30)));
    expect(taken).toEqual(steps);
    expect(trainer.events).toEqual(whole.events);
    expect((await trainer.save()).tensors).toEqual((await whole.save()).tensors);
  });

  test('frees what its forks and its earlier graphs were allocated in', async () => {
    const backend = createCpuBackend();
    const trainer = await openTrainer(resolveConfig(config({}, { steps: 40 })), backend, hooks);
    if (!('change' in trainer)) throw new Error('The config has no evolution.');
    await trainTo(trainer, 40);
    expect(trainer.library.skills.length).toBeGreaterThan(0);
    const other = createCpuBackend();
    const skills = compositesOf(trainer.library);
    await createTrainer(resolveConfig(config({}, { steps: 40 })), other, hooks, { skills });
    expect(backend.bytes).toBe(other.bytes);
  });
});

/** Typed arrays as JSON leaves them, and back. */
function revive(key: string, value: unknown): unknown {
  const isTensor = key !== '' && typeof value === 'object' && value !== null && '0' in value && !Array.isArray(value);
  return isTensor ? Float32Array.from(Object.values(value)) : value;
}

describe('a change by hand', () => {
  const plan = ['search {a}', 'follow {b} of {c}'];
  const draft = {
    name: 'look-up',
    description: 'When a name is known.',
    plan,
    pitfall: '',
    constraint: '',
    allows: [],
  };

  test('is carried out between two steps, logged, and can be undone', async () => {
    const trainer = await open(config({ control: 'none' }, { steps: 20 }));
    await trainTo(trainer, 5);
    const [before] = await trainer.evaluate({ all: true, ...hooks });
    await trainer.change({ kind: 'add', draft });
    const [after] = await trainer.evaluate({ all: true, ...hooks });
    expect(after.attainable).toBeGreaterThan(before.attainable ?? 1);
    await trainer.change({ kind: 'pin', name: 'look-up', pinned: true });
    await trainer.change({ kind: 'remove', name: 'look-up', forbid: true });
    expect(trainer.library.skills).toEqual([]);
    await expect(trainer.change({ kind: 'add', draft })).rejects.toThrow('forbidden');
    await trainer.change({ kind: 'rollback', event: 2 });
    expect(trainer.library.skills.map(({ name, pinned }) => [name, pinned])).toEqual([['look-up', true]]);
    expect(trainer.events.map(({ kind, by }) => `${kind} ${by}`)).toEqual(Array(4).fill('manual person'));
    const [again] = await trainer.evaluate({ all: true, ...hooks });
    expect(again.attainable).toBe(after.attainable);
    await trainTo(trainer, 20);
    expect(trainer.step).toBe(20);
  });

  test('takes the way of walks that invoked a skill away with it', async () => {
    const trainer = await open(config({ control: 'none' }));
    await trainer.change({ kind: 'add', draft });
    const { trajectories } = await trainer.credit('train', 0, 64);
    const invoking = trajectories.filter(({ steps }) => steps.some(({ kind }) => kind === 'skill'));
    expect(invoking.length).toBeGreaterThan(0);
    expect(invoking.length).toBeLessThan(trajectories.length);
    const walkOf = async ({ steps }: (typeof trajectories)[number]) =>
      (
        await trainer.credit(
          'train',
          0,
          64,
          steps.map(({ action }) => action),
        )
      ).walk;
    for (const one of trajectories) {
      expect((await walkOf(one))?.credited).toMatchObject({ outcome: one.outcome, total: one.total, steps: one.steps });
    }
    await trainer.change({ kind: 'remove', name: 'look-up', forbid: false });
    for (const one of trajectories) {
      const walk = await walkOf(one);
      const invoked = one.steps.findIndex(({ kind }) => kind === 'skill');
      if (invoked < 0) expect(walk?.credited?.outcome).toBe(one.outcome);
      else expect(walk).toMatchObject({ found: { edges: null, followed: invoked }, credited: null });
    }
  });

  test('is refused with what is wrong, and leaves everything as it was', async () => {
    const trainer = await open(config({ control: 'none' }));
    await expect(trainer.change({ kind: 'add', draft: { ...draft, plan: ['{a} b'] } })).rejects.toThrow('Line 1');
    await expect(trainer.change({ kind: 'remove', name: 'nobody', forbid: false })).rejects.toThrow('nobody');
    await expect(trainer.change({ kind: 'rollback', event: 0 })).rejects.toThrow(RangeError);
    expect(trainer.events).toEqual([]);
  });
});

/** What a phase does with a library that a run has already: it undoes, removes, refines and splits. */
import { describe, expect, test } from 'vitest';
import type { EventKind, EvolutionEvent } from '../evolution/events.ts';
import type { EvolutionInput } from '../evolution/settings.ts';
import { planKey } from '../skills/plan.ts';
import type { Skill } from '../skills/skill.ts';
import type { ConfigInput } from './config.ts';
import { evolvingConfig, hooks, openEvolving, trainTo } from './evolving.fixture.ts';
import type { EvolvingTrainer } from './evolvingTrainer.ts';

const hops = { name: 'hops', plan: ['search {a}', 'follow {b} of {c}'] };
/** Act of a kind that the suite does not have. */
const never = { name: 'never', plan: ['wait {a}'] };

const questions: ConfigInput['suites'] = [
  {
    name: 'two-hop-qa',
    settings: { steps: 2, evidence: 3, hurried: 0.7, countries: 12 },
    train: 12,
    validation: 8,
  },
];
const households: ConfigInput['suites'] = [
  {
    name: 'household',
    settings: { horizon: 6, rooms: 2, objects: 1, receptacles: 4 },
    train: 12,
    validation: 8,
  },
];

/** So many tasks that no plan is lifted from as many: no skill is proposed. */
const NO_NEW_SKILLS = { least: 256 };
/** No skill is judged to be in want of work, or of no use. */
const CONTENT = { walks: 16, tasks: 12, phases: 100, unvisited: 100, doubt: 0, retainG: -100, retainJ: 100 };
/** Every skill that is used is judged to be in want of work. */
const RESTLESS = { ...CONTENT, leastVisits: 4, retainJ: 0 };

/** A run that holds a phase every five steps, and little else. */
function open(
  { what = CONTENT, where = NO_NEW_SKILLS, gate = { steps: 5, seeds: 1, gain: 0.02 } }: EvolutionInput,
  change: Partial<ConfigInput>,
): Promise<EvolvingTrainer> {
  const evolution = { slots: 4, control: 'schedule', when: { window: 5, every: 5 }, what, where, gate } as const;
  return openEvolving(evolvingConfig(evolution, { suites: questions, steps: 30, ...change }));
}

/** The only event of the run's first phase, the skills it began with and those it goes on with. */
async function firstPhase(...run: Parameters<typeof open>) {
  const trainer = await open(...run);
  const before = trainer.library.skills;
  await trainTo(trainer, 6);
  expect(trainer.events).toHaveLength(1);
  const [event] = trainer.events;
  expect(event).toMatchObject({ step: 5, by: 'schedule' });
  return { event, before, after: trainer.library.skills };
}

const names = (skills: readonly Skill[]) => skills.map(({ name }) => name);

/** Skills as they are written, whatever was measured of them. */
const written = (skills: readonly Skill[]) => skills.map((skill) => ({ ...skill, statistics: null }));

async function validationReward(trainer: EvolvingTrainer): Promise<number> {
  const evaluations = await trainer.evaluate({ all: true, ...hooks });
  const found = evaluations.find(({ split }) => split === 'validation');
  if (!found) throw new Error('There are no validation tasks.');
  return found.reward;
}

describe('a change that did not keep what it promised', () => {
  const gate = { steps: 5, seeds: 1, gain: 0.02, errors: 0 };

  // A policy that learns this fast forgets as fast, so what a short trial has shown of it soon no longer holds.
  test.each<[EventKind, EvolutionInput, Partial<ConfigInput>]>([
    ['create', { where: { candidates: 1 } }, {}],
    ['prune', { what: { ...CONTENT, unvisited: 1 } }, { library: [hops, never] }],
  ])('is undone: a %s', async (kind, evolution, change) => {
    const optimiser = { lr: 0.02, clip: 10, schedule: 'constant' } as const;
    const trainer = await open({ ...evolution, gate }, { ...change, seed: 4, optimiser });
    const begun = trainer.library;
    await trainTo(trainer, 6);
    const [adopted] = trainer.events;
    expect(trainer.events.map((event) => event.kind)).toEqual([kind]);
    expect(names(trainer.library.skills)).not.toEqual(names(begun.skills));
    await trainTo(trainer, 10);
    const promised = adopted.gate?.before ?? Number.NaN;
    const reward = await validationReward(trainer);
    expect(reward).toBeLessThan(promised - gate.gain);
    await trainTo(trainer, 11);
    expect(trainer.events).toHaveLength(2);
    expect(trainer.events[1]).toMatchObject({
      step: 10,
      kind: 'rollback',
      proposed: 'rollback',
      skill: { name: adopted.skill.name },
      evidence: {
        reason: `Mean reward on validation tasks was ${promised.toFixed(3)} without the change of step 5 and is ${reward.toFixed(3)}.`,
        when: { attainable: adopted.attainable.after },
      },
      gate: null,
      attainable: { before: adopted.attainable.after, after: adopted.attainable.before },
    });
    expect(written(trainer.events[1].added)).toEqual(written(adopted.removed));
    expect(written(trainer.events[1].removed)).toEqual(written(adopted.added));
    expect(written(trainer.library.skills)).toEqual(written(begun.skills));
    // Done with: there is nothing left to undo.
    await trainTo(trainer, 16);
    expect(trainer.events.filter((event) => event.kind === 'rollback')).toHaveLength(1);
  });

  test('is undone with the others of its phase', async () => {
    const optimiser = { lr: 0.02, clip: 10, schedule: 'constant' } as const;
    const library = [hops, never, { name: 'never-ever', plan: ['sleep {a}'] }];
    const trainer = await open({ what: { ...CONTENT, unvisited: 1 }, gate }, { library, seed: 4, optimiser });
    const begun = trainer.library;
    await trainTo(trainer, 6);
    expect(names(trainer.library.skills)).toEqual(['hops']);
    await trainTo(trainer, 11);
    expect(trainer.events.map((event) => event.kind)).toEqual(['prune', 'prune', 'rollback']);
    expect(trainer.events[2].evidence.reason).toMatch(/without the 2 changes of step 5 and is/);
    expect(written(trainer.events[2].added)).toEqual(written(begun.skills.slice(1)));
    expect(written(trainer.library.skills)).toEqual(written(begun.skills));
  });

  test('stays where a person pinned what it brought', async () => {
    const optimiser = { lr: 0.02, clip: 10, schedule: 'constant' } as const;
    const trainer = await open({ where: { candidates: 1 }, gate }, { seed: 4, optimiser });
    await trainTo(trainer, 6);
    const [{ skill }] = trainer.events;
    await trainer.change({ kind: 'pin', name: skill.name, pinned: true });
    await trainTo(trainer, 16);
    expect(trainer.events.map((event) => event.kind)).not.toContain('rollback');
    expect(names(trainer.library.skills)).toContain(skill.name);
  });

  test('is judged when it has had the steps of its trial, and not before', async () => {
    const optimiser = { lr: 0.02, clip: 10, schedule: 'constant' } as const;
    const longer = { ...gate, gain: 0, steps: 6 };
    const trainer = await open({ where: { candidates: 1 }, gate: longer }, { seed: 4, optimiser });
    await trainTo(trainer, 10);
    const [adopted] = trainer.events;
    expect(adopted).toMatchObject({ kind: 'create', step: 5 });
    expect(await validationReward(trainer)).toBeLessThan(adopted.gate?.before ?? Number.NaN);
    await trainTo(trainer, 16);
    expect(trainer.events.map(({ kind, step }) => [kind, step])).toEqual([
      ['create', 5],
      ['rollback', 15],
    ]);
  });

  test('is judged once: what is lost later is not laid to it', async () => {
    const optimiser = { lr: 0.03, clip: 10, schedule: 'constant' } as const;
    const trainer = await open({ where: { candidates: 1 }, gate }, { seed: 4, optimiser });
    await trainTo(trainer, 25);
    const [adopted] = trainer.events;
    expect(adopted.kind).toBe('create');
    expect(await validationReward(trainer)).toBeLessThan((adopted.gate?.before ?? Number.NaN) - gate.gain);
    await trainTo(trainer, 26);
    expect(trainer.events).toHaveLength(1);
  });

  test('is forgotten once the library was changed without a trial', async () => {
    const trainer = await openEvolving(
      evolvingConfig(
        {
          slots: 4,
          control: 'random-prune',
          when: { window: 5, rho: 1, windows: 1 },
          what: CONTENT,
          where: { candidates: 1 },
          gate: { ...gate, gain: 0, steps: 12 },
        },
        { suites: questions, steps: 40, seed: 5, optimiser: { lr: 0.03, clip: 10, schedule: 'constant' } },
      ),
    );
    await trainTo(trainer, 21);
    const [created, pruned] = trainer.events;
    expect([created, pruned].map(({ kind, skill }) => [kind, skill.name])).toEqual([
      ['create', 'search-follow'],
      ['prune', 'search-follow'],
    ]);
    expect(pruned.gate).toBeNull();
    await trainTo(trainer, 30);
    // Were it not forgotten, the create would be undone here.
    expect(await validationReward(trainer)).toBeLessThan(created.gate?.before ?? Number.NaN);
    await trainTo(trainer, 36);
    expect(trainer.events).toHaveLength(2);
  });

  test('stays where it kept it', async () => {
    const optimiser = { lr: 0.01, clip: 10, schedule: 'constant' } as const;
    const trainer = await open({ where: { candidates: 1 }, gate }, { seed: 4, optimiser });
    await trainTo(trainer, 10);
    const [adopted] = trainer.events;
    expect(adopted.kind).toBe('create');
    expect(await validationReward(trainer)).toBeGreaterThan(adopted.gate?.before ?? Number.NaN);
    await trainTo(trainer, 16);
    expect(trainer.events.map((event) => event.kind)).not.toContain('rollback');
    expect(names(trainer.library.skills)).toContain(adopted.skill.name);
  });
});

describe('a skill that nobody needs', () => {
  test.each<[string, 'prune' | 'merge', EvolutionInput['what'], ConfigInput['library'], RegExp]>([
    ['that no walk used', 'prune', { unvisited: 1 }, [hops, never], /^No walk used it in 1 phases running\.$/],
    [
      'that costs',
      'prune',
      { phases: 1, leastVisits: 4, walks: 32, confidence: 0.6 },
      [hops, { name: 'twice', plan: ['search {a}', 'search {b}'] }],
      /^Lambda~ \(-.* to -.*\) and g \(-.* to -.*\) are below 0\.$/,
    ],
    [
      'that leads where another leads',
      'merge',
      {},
      [hops, { ...hops, name: 'again', allows: ['search'] }],
      /^It leads where "hops" leads, 100% of the time\.$/,
    ],
  ])('goes: one %s', async (_, kind, what, library, reason) => {
    const { event, before, after } = await firstPhase({ what: { ...CONTENT, ...what } }, { library });
    expect(event).toMatchObject({ kind, proposed: kind, added: [], skill: { slot: 1 } });
    expect(written(event.removed)).toEqual(written(before.slice(1)));
    expect(written(after)).toEqual(written(before.slice(0, 1)));
    const { gate, evidence, attainable } = event;
    expect(evidence.reason).toMatch(reason);
    expect(evidence.sameness).toBe(kind === 'merge' ? 1 : null);
    expect(evidence.diagnostics?.slot).toBe(1);
    expect(gate?.pairs).toBe(8);
    expect(gate?.gain).toBeCloseTo((gate?.after ?? 0) - (gate?.before ?? 0), 12);
    expect(gate?.gain).toBeGreaterThan(-(gate?.threshold ?? 0));
    expect(attainable.after).toBe(attainable.before);
  });

  test('stays where tasks are left that nothing else solves', async () => {
    const { event, before, after } = await firstPhase({ what: { ...CONTENT, doubt: 1 } }, { library: [hops] });
    expect(event).toMatchObject({ kind: 'reject', proposed: 'prune', removed: [], added: [] });
    expect(event.evidence.reason).toMatch(/^It is used least: \d+\.\d% of all steps\.$/);
    expect(event.attainable.after).toBeLessThan(event.attainable.before);
    expect(written(after)).toEqual(written(before));
  });
});

/** What is said of a proposal to put another document in the place of the library's only skill. */
function expectNextVersion({ proposed, skill, evidence, gate }: EvolutionEvent, old: Skill): void {
  expect(skill).toMatchObject({
    slot: old.slot,
    version: 2,
    lineage: { origin: proposed === 'split' ? 'split' : 'refined', step: 5, parents: [old.name] },
  });
  expect(evidence.when).not.toBeNull();
  expect(evidence.diagnostics).toMatchObject({ slot: old.slot, step: 5 });
  expect(evidence.diagnostics?.visits).toBeGreaterThanOrEqual(RESTLESS.leastVisits);
  expect(gate?.pairs).toBeGreaterThan(0);
}

describe('a skill that is worked on', () => {
  const look = { name: 'look', plan: ['search {a}'] };
  const walk = { name: 'walk', plan: ['go {a}'] };

  test.each<[string, number, EventKind]>([
    ['enters where that gains', 2, 'refine'],
    ['is turned down where it does not', 1, 'reject'],
  ])('extended by the act that follows it, %s', async (_, seed, kind) => {
    const gate = { steps: 15, seeds: 2, gain: 0.02 };
    const { event, before, after } = await firstPhase({ what: RESTLESS, gate }, { seed, library: [look] });
    const [old] = before;
    expect(event).toMatchObject({ kind, proposed: 'refine' });
    expectNextVersion(event, old);
    const { skill, evidence } = event;
    expect(skill.plan.map((act) => act.split(' ')[0])).toEqual(['search', 'follow']);
    expect(evidence.reason).toMatch(/^On solved walks "follow" followed it \d+ times\.$/);
    expect(skill.lineage.sources.length).toBeGreaterThan(0);
    for (const { actions, first } of skill.lineage.sources) {
      expect(actions.slice(first, first + 2).map((act) => act.split(' ')[0])).toEqual(['search', 'follow']);
    }
    const enters = kind === 'refine';
    expect(event.gate?.verdict).toBe(enters ? 'gains' : 'changes nothing');
    expect(written(event.removed)).toEqual(enters ? written([old]) : []);
    expect(event.added).toEqual(enters ? [skill] : []);
    expect(written(after)).toEqual(written([enters ? skill : old]));
  });

  test.each<[string, number, EventKind]>([
    ['stays so where that gains', 3, 'split'],
    ['is turned down where it does not', 2, 'reject'],
  ])('kept to where it pays, %s', async (_, seed, kind) => {
    const gate = { steps: 5, seeds: 1, gain: 0.005, errors: 0 };
    const what = { ...RESTLESS, walks: 32 };
    const { event, before, after } = await firstPhase({ what, gate }, { suites: households, seed, library: [walk] });
    const [old] = before;
    expect(event).toMatchObject({ kind, proposed: 'split' });
    expectNextVersion(event, old);
    const { skill, evidence } = event;
    expect(skill).toMatchObject({ name: 'walk', plan: old.plan });
    const [, pays, costs] = /^It pays where one can (.*) \(g .*\) and costs where one can (.*) \(g -/.exec(
      evidence.reason,
    ) ?? ['', '', ''];
    const seen = (name: string) => evidence.diagnostics?.bySituation.find(({ situation }) => situation === name)?.g;
    expect(seen(pays)?.low).toBeGreaterThan(0);
    expect(seen(costs)?.high).toBeLessThan(0);
    expect(skill.allows).toEqual(pays.split(', '));
    expect(skill.allows.some((act) => !costs.split(', ').includes(act))).toBe(true);
    const stays = kind === 'split';
    expect(event.gate?.verdict).toBe(stays ? 'gains' : 'loses');
    expect(written(event.removed)).toEqual(stays ? written([old]) : []);
    expect(event.added).toEqual(stays ? [skill] : []);
    expect(written(after)).toEqual(written([stays ? skill : old]));
  });

  test('rests from what was turned down', async () => {
    const gate = { steps: 1, seeds: 1, gain: 1 };
    const trainer = await open({ what: RESTLESS, gate }, { seed: 2, library: [look] });
    await trainTo(trainer, 11);
    expect(trainer.events[0]).toMatchObject({ step: 5, kind: 'reject', proposed: 'refine' });
    const keyOf = ({ skill }: EvolutionEvent) => planKey(skill.plan, skill.allows);
    const proposed = trainer.events.map(keyOf);
    expect(new Set(proposed).size).toBe(proposed.length);
  });
});

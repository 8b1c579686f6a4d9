import { describe, expect, it } from 'vitest';
import type { EvolutionEvent } from '../../evolution/events.ts';
import { skillOf } from '../../skills/arbitrarySkill.fixture.ts';
import type { Skill } from '../../skills/skill.ts';
import { EVOLVED } from './evolvingRun.fixture.ts';
import { eventsOf, heirOf, lastByHand, measuredOf, rejectsOf, sharesOf, versionsOf } from './history.ts';

function event(step: number, skill: Skill, rest: Partial<EvolutionEvent>): EvolutionEvent {
  return {
    step,
    kind: 'create',
    proposed: 'create',
    by: 'flow',
    skill,
    removed: [],
    added: [],
    evidence: { reason: '', when: null, cluster: null, diagnostics: null, sameness: null },
    gate: null,
    attainable: { before: 0.5, after: 0.5 },
    ...rest,
  };
}

const statistics = (step: number, flowShare: number) => ({
  step,
  visits: 9,
  flowShare,
  G: null,
  J: null,
  lambda: null,
  g: null,
});
const first = skillOf('take-heat', 0, ['take {a}', 'heat {a}']);
const second = skillOf('take-heat-put', 0, ['take {a}', 'heat {a}', 'put {a}'], { version: 2 });
const other = skillOf('other', 0, ['open {a}', 'close {a}']);
const create = event(10, first, { added: [first] });
const refine = event(40, second, {
  kind: 'refine',
  proposed: 'refine',
  removed: [{ ...first, statistics: statistics(30, 0.1) }],
  added: [second],
});

describe('the versions of a skill', () => {
  it('go back to the event that brought the first, whatever was measured in between', () => {
    const versions = versionsOf({ ...second, statistics: statistics(60, 0.2) }, [create, refine]);
    expect(versions.map(({ skill, by }) => [skill.name, by?.number])).toEqual([
      ['take-heat-put', 1],
      ['take-heat', 0],
    ]);
  });

  it('do not go on to another skill that stood in the place before', () => {
    const earlier = [event(1, other, { added: [other] }), event(5, other, { kind: 'prune', removed: [other] })];
    expect(versionsOf(first, [...earlier, create]).map(({ by }) => by?.number)).toEqual([2]);
  });

  it('begin with the run where no event tells of it', () => {
    expect(versionsOf(first, [])).toEqual([{ skill: first, by: null }]);
  });
});

describe('a skill by name', () => {
  it('is the one of that name, or what became of it in its place', () => {
    expect(heirOf('take-heat', [first], [create])).toBe(first);
    expect(heirOf('take-heat', [second], [create, refine])).toBe(second);
    const back = event(50, second, { kind: 'rollback', removed: [second], added: [first] });
    expect(heirOf('take-heat-put', [first], [create, refine, back])).toBe(first);
  });

  it('is nothing where it went and another took its place later, or where it never was', () => {
    const prune = event(20, first, { kind: 'prune', removed: [first] });
    const next = event(30, other, { added: [other] });
    expect(heirOf('take-heat', [other], [create, prune, next])).toBeUndefined();
    expect(heirOf('never-there', [first], [create])).toBeUndefined();
  });
});

it('the share of a skill is that of its place since it entered, whatever it was called', () => {
  const at = (step: number, share: number) => ({ step, skillShares: [{ slot: 0, name: `at ${step}`, share }] });
  const evaluations = [at(0, 0.9), at(10, 0.8), at(20, 0.1), { step: 30 }, at(50, 0.2)];
  // The evaluation of step 10 came before the skill did.
  expect(sharesOf(second, [create, refine], evaluations)).toEqual([
    [20, 0.1],
    [50, 0.2],
  ]);
  expect(sharesOf(first, [], [at(0, 0.9)])).toEqual([[0, 0.9]]);
});

describe('what was measured', () => {
  it('is what events and the document hold, once a phase, in order', () => {
    const own = { ...first, statistics: statistics(30, 0.1) };
    const later = event(20, other, {
      kind: 'reject',
      proposed: 'prune',
      skill: { ...first, statistics: statistics(20, 0.05) },
    });
    expect(measuredOf(own, [create, later]).map(({ step, flowShare }) => [step, flowShare])).toEqual([
      [20, 0.05],
      [30, 0.1],
    ]);
  });

  it('is not that of another skill with the name, from before', () => {
    const before = event(5, first, {
      kind: 'prune',
      proposed: 'prune',
      removed: [{ ...first, statistics: statistics(5, 0.9) }],
    });
    expect(measuredOf(first, [before, create])).toEqual([]);
  });

  it('is found for every skill of a run', () => {
    for (const skill of EVOLVED.library) {
      const steps = measuredOf(skill, EVOLVED.events).map(({ step }) => step);
      expect(steps.at(-1)).toBe(skill.statistics?.step);
      expect(steps.every((step) => step >= skill.lineage.step)).toBe(true);
    }
  });
});

it('lists the events about a skill, those that turned a change of it down too', () => {
  const [skill] = EVOLVED.library;
  const kinds = eventsOf(skill, EVOLVED.events).map(({ event: { kind, proposed } }) => `${kind} ${proposed}`);
  expect(kinds).toContain('reject prune');
  expect(kinds.at(-1)).toBe('create create');
});

it('what Undo takes back is the last event, where a person made it', () => {
  const byHand = event(50, first, { kind: 'manual', proposed: 'manual', by: 'person', removed: [first] });
  expect(lastByHand([create, byHand])?.number).toBe(1);
  expect(lastByHand([byHand, create])).toBeNull();
  expect(lastByHand([])).toBeNull();
});

it('rejects are listed from the newest', () => {
  const rejects = rejectsOf(EVOLVED.events);
  expect(rejects.map(({ number }) => number)).toEqual([...rejects.map(({ number }) => number)].sort((a, b) => b - a));
  expect(rejects).toHaveLength(59);
});

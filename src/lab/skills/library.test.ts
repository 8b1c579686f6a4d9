import { describe, expect, it } from 'vitest';
import { draftOf as makeDraft, skillOf } from '../../skills/arbitrarySkill.fixture.ts';
import { printSkill } from '../../skills/skillFile.ts';
import { TEST_PRESETS } from '../fakeSession.fixture.ts';
import { parseDraft } from '../settings/draft.ts';
import { BLANK, draftOf, faultsOf, writtenOf } from './draftFault.ts';
import { evolutionOf, evolvingSettings, whyFixed } from './evolving.ts';
import { EVOLVED } from './evolvingRun.fixture.ts';
import { BadSkills, draftsIn, libraryJson } from './exchange.ts';
import { planParts } from './planParts.ts';
import { treeOf } from './tree.ts';

describe('settings under which a library evolves', () => {
  const evolving = { ...TEST_PRESETS[0].config, evolution: { enabled: true } };

  it('are those of a preset that has it on, whatever its name', () => {
    const presets = [...TEST_PRESETS, { id: 'x', title: 'X', summary: '', config: evolving }];
    expect(evolvingSettings(presets)).toEqual({ preset: 'x', title: 'X', draft: evolving });
  });

  it('are made from tasks with too few steps where no preset has it on, and can be run', () => {
    const { preset, draft } = evolvingSettings(TEST_PRESETS);
    expect(preset).toBeNull();
    expect(parseDraft(draft)).toHaveProperty('resolved');
    expect(evolutionOf(draft)?.control).toBe('flow');
  });
});

it('a library is fixed in a recorded run, without evolution, and where nothing is open', () => {
  const config = { evolution: { enabled: true } };
  expect(whyFixed({ source: 'recorded', config }, 'ready')).toMatch(/recorded/);
  expect(whyFixed({ source: 'session', config: {} }, 'ready')).toMatch(/without evolution/);
  expect(whyFixed({ source: 'session', config }, 'closed')).toMatch(/No run is open/);
  expect(whyFixed({ source: 'session', config }, 'running')).toBeNull();
});

describe('a draft while it is written', () => {
  const library = { skills: [skillOf('take-heat', 0, ['take {a}', 'heat {a}'])], forbidden: ['open {a}\nclose {a}'] };
  const draft = { ...BLANK, name: 'new-one', plan: 'go to {x}\n\n  take {y} ' };

  it('is read from lines and words, and back', () => {
    expect(draftOf({ ...draft, allows: 'go, take' })).toEqual(
      makeDraft('new-one', ['go to {x}', 'take {y}'], { allows: ['go', 'take'] }),
    );
    for (const skill of EVOLVED.library) expect(draftOf(writtenOf(skill)).plan).toEqual(skill.plan);
  });

  it('is told which field is wrong', () => {
    const fault = (written: typeof draft) => faultsOf(draftOf(written), null, library, 8)[0];
    expect(fault(draft)).toBeUndefined();
    expect(fault({ ...draft, name: 'Big Name' })).toMatchObject({ field: 'name' });
    expect(fault({ ...draft, plan: '' })).toMatchObject({ field: 'plan' });
    expect(fault({ ...draft, plan: '{a}' })).toMatchObject({
      field: 'plan',
      message: expect.stringContaining('Line 1'),
    });
    expect(fault({ ...draft, plan: 'take {q}\nheat {q}' })).toMatchObject({
      field: 'plan',
      message: expect.stringContaining('take-heat'),
    });
    expect(fault({ ...draft, plan: 'open {q}\nclose {q}' })).toMatchObject({
      message: expect.stringContaining('forbidden'),
    });
  });

  it('is told of every field that is wrong', () => {
    const faults = faultsOf(draftOf({ ...BLANK, name: 'No', allows: 'a'.repeat(41) }), null, library, 8);
    expect(faults.map(({ field }) => field)).toEqual(['name', 'plan', 'allows']);
  });

  it('of the skill that is edited may keep its plan; a full library takes no new one', () => {
    const [old] = library.skills;
    expect(faultsOf(draftOf(writtenOf(old)), old, library, 1)).toEqual([]);
    expect(faultsOf(draftOf(draft), null, library, 1)[0]).toMatchObject({
      field: null,
      message: expect.stringContaining('full'),
    });
  });
});

describe('the library as files', () => {
  const drafts = EVOLVED.library.map(({ name, description, plan, pitfall, constraint, allows }) => ({
    name,
    description,
    plan,
    pitfall,
    constraint,
    allows,
  }));

  it('comes back from what was exported, as the settings take it', async () => {
    const read = await draftsIn([{ name: 'a.json', text: libraryJson(EVOLVED.library) }]);
    expect(read).toEqual(drafts);
    const config = JSON.parse(JSON.stringify({ ...evolvingSettings([]).draft, library: read }));
    expect(parseDraft(config)).toHaveProperty('resolved');
  });

  it('comes from a run and from SKILL.md files too', async () => {
    expect(await draftsIn([{ name: 'run.json', text: JSON.stringify({ library: EVOLVED.library }) }])).toEqual(drafts);
    const files = EVOLVED.library.map((skill) => ({ name: `${skill.name}.SKILL.md`, text: printSkill(skill) }));
    expect(await draftsIn(files)).toEqual(drafts);
  });

  it('names the file, the skill and what is wrong', async () => {
    await expect(draftsIn([{ name: 'b.json', text: '{' }])).rejects.toThrow(/^b.json is no JSON/);
    await expect(draftsIn([{ name: 'b.json', text: '{"a":1}' }])).rejects.toThrow(BadSkills);
    const text = JSON.stringify([makeDraft('good', ['go {a}']), makeDraft('bad', ['{a}'])]);
    await expect(draftsIn([{ name: 'b.json', text }])).rejects.toThrow(/^b.json, skill 2. Line 1 of the plan/);
    await expect(draftsIn([{ name: 'x.md', text: 'nothing' }])).rejects.toThrow(BadSkills);
  });
});

it('the tree goes from suite to first act to skills, children under their parents', () => {
  const lineage = { origin: 'refined' as const, step: 9, parents: ['take-heat'], sources: [] };
  const lost = { ...lineage, parents: ['gone'] };
  const skills = [
    skillOf('open-put', 0, ['open {a}', 'put it']),
    skillOf('take-heat', 1, ['take {a}', 'heat {a}']),
    skillOf('take-heat-put', 2, ['take {a}', 'heat {a}', 'put {a}'], { lineage }),
    skillOf('take-go', 3, ['take {a}', 'go'], { lineage: lost }),
  ];
  const [{ suite, acts }, ...others] = treeOf(skills, ['household']);
  expect([suite, others]).toEqual(['household', []]);
  expect(acts.map(({ act, skills: kins }) => [act, kins.map(({ skill }) => skill.name)])).toEqual([
    ['open', ['open-put']],
    ['take', ['take-heat', 'take-go']],
  ]);
  expect(acts[1].skills[0].children.map(({ skill }) => skill.name)).toEqual(['take-heat-put']);
  expect(acts[1].skills[1].gone).toEqual(['gone']);
});

it('skills that are each other’s parents stand in the tree once each', () => {
  const of = (name: string, slot: number, parent: string) =>
    skillOf(name, slot, [`go ${name}`], { lineage: { origin: 'manual', step: 0, parents: [parent], sources: [] } });
  const [{ acts }] = treeOf([of('a', 0, 'b'), of('b', 1, 'a')], ['household']);
  expect(acts[0].skills.map(({ skill, children }) => [skill.name, children.map((one) => one.skill.name)])).toEqual([
    ['a', ['b']],
  ]);
});

it('marks the variables of a template, and nothing else in braces', () => {
  expect(planParts('take {a} from {A} {b}').map(({ text, variable }) => [text, variable])).toEqual([
    ['take ', false],
    ['a', true],
    [' from {A} ', false],
    ['b', true],
  ]);
});

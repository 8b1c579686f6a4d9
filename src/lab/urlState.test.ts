import { describe, expect, it } from 'vitest';
import { PRESETS } from './presets.ts';
import { type Draft, withValue } from './settings/draft.ts';
import { readUrl, type UrlState, writeUrl } from './urlState.ts';

const first = PRESETS[0];

function state(changes: Partial<UrlState>): UrlState {
  const shown = {
    view: 'flow',
    task: null,
    theme: null,
    controls: 'show',
    compareBy: null,
    compareSplit: null,
    chosenSkill: null,
    skillList: 'cards',
  } as const;
  return { preset: first.id, draft: first.config, ...shown, ...changes };
}

describe('the address', () => {
  const custom: Draft = { version: 1, suites: [{ name: 'tree', settings: { depth: 2 } }], seed: 3 };
  it.each([
    ['a preset as it is', state({})],
    ['every other preset', state({ preset: PRESETS[2].id, draft: PRESETS[2].config })],
    [
      'a changed number and a changed text',
      state({ draft: withValue(withValue(first.config, 'seed', 12), 'device', 'cpu') }),
    ],
    ['a setting of a suite', state({ draft: withValue(first.config, 'suites[0].settings.height', 6) })],
    ['a field that was taken out', state({ draft: withValue(first.config, 'evaluation.every', undefined) })],
    ['what is shown', state({ view: 'credit', task: { split: 'heldOut', index: 7 }, theme: 'dark', controls: 'hide' })],
    ['a comparison', state({ view: 'compare', compareBy: 'suites[0].settings.height', compareSplit: 'validation' })],
    ['a skill and how they are listed', state({ view: 'skills', chosenSkill: 'take-heat-2', skillList: 'tree' })],
    ['settings of no preset', state({ preset: null, draft: custom })],
  ])('brings back %s', (_what, written) => {
    expect(readUrl(`#${writeUrl(written, PRESETS)}`, PRESETS)).toEqual({ state: written, problems: [] });
  });

  it('says only what differs from the preset', () => {
    const draft = withValue(first.config, 'suites[0].settings.height', 6);
    expect(writeUrl(state({ draft }), PRESETS)).toBe(`preset=${first.id}&suites[0].settings.height=6`);
  });

  it('without a word is the first preset', () => {
    expect(readUrl('', PRESETS)).toEqual({ state: state({}), problems: [] });
  });

  it.each([
    ['preset=nothing', 'preset'],
    ['view=kernels', 'view'],
    ['task=heldOut', 'task'],
    ['task=heldOut.-1', 'task'],
    ['theme=blue', 'theme'],
    ['controls=maybe', 'controls'],
    ['by=%3Cb%3E', 'by'],
    ['split=half', 'split'],
    ['skill=Take%20It', 'skill'],
    ['list=heap', 'list'],
    ['nothing.of.this=1', 'nothing.of.this'],
    ['objective.beta=much', 'objective.beta'],
    ['objective.gamma=1', 'objective.gamma'],
    ['suites[0].settings.height=1', 'suites[0].settings.height'],
    ['config=%7B', 'config'],
    ['config=%7B%22version%22%3A1%7D', 'config, suites'],
  ])('%s names the field and leaves the rest as it was', (bad, field) => {
    const read = readUrl(`#${bad}&${bad.startsWith('view') ? 'theme=dark' : 'view=credit'}`, PRESETS);
    expect(read.problems).toHaveLength(1);
    expect(read.problems[0]).toMatch(new RegExp(`^${field.replace(/[[\]]/g, '\\$&')}\\b`));
    expect(read.state.draft).toEqual(first.config);
    expect(bad.startsWith('view') ? read.state.theme : read.state.view).toBe(
      bad.startsWith('view') ? 'dark' : 'credit',
    );
  });

  it.each(['file', 'corpus'])('leaves out a setting that is too long for one, such as a %s of own-tasks', (key) => {
    const long = { name: 'own-tasks', train: 1, settings: { [key]: 'x'.repeat(2001), steps: 3 } };
    const address = writeUrl(state({ preset: null, draft: { version: 1, suites: [long] } }), PRESETS);
    expect(address.length).toBeLessThan(300);
    expect(readUrl(address, PRESETS).state.draft).toEqual({
      version: 1,
      suites: [{ name: 'own-tasks', train: 1, settings: { steps: 3 } }],
    });
    const changed = withValue(first.config, `suites[0].settings.${key}`, 'x'.repeat(2001));
    expect(writeUrl(state({ draft: changed }), PRESETS)).not.toContain(key);
  });

  it('keeps a corpus that is short enough', () => {
    const draft = {
      version: 1,
      suites: [{ name: 'own-tasks', train: 1, settings: { corpus: 'A & B = C.\n\n# D %' } }],
    };
    const read = readUrl(writeUrl(state({ preset: null, draft }), PRESETS), PRESETS);
    expect(read.problems).toEqual([]);
    expect(read.state.draft).toEqual(draft);
  });
});

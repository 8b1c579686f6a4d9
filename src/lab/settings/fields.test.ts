import { describe, expect, it } from 'vitest';
import { OBJECTIVES } from '../../training/config.ts';
import { resolveConfig } from '../../training/resolve.ts';
import { suites } from '../../training/suites.ts';
import { draftOf, leaves } from './draft.ts';
import { fieldsOf, GROUPS, splitFields } from './fields.ts';
import { labelOf } from './labels.ts';

const grouped = GROUPS.flatMap((group) => group.fields);

describe('the settings panel', () => {
  it('reaches every setting of the schema, each once', () => {
    const reached = [...grouped, ...splitFields(0)].map((field) => field.path);
    // A resolved config has every field. Constants have nothing to set; a suite's own fields are made per suite.
    // What holds by default is left out of it.
    const encoder = { kind: 'onnx', model: 'model.onnx', tokenizer: 'tokenizer.json', dimensions: 384, match: 'words' };
    const evolution = { where: { score: 'stakes' } };
    const supervisor = { backwardStart: 'uniform' };
    const balanced = {
      version: 1,
      suites: [{ name: 'tree' }],
      objective: { kind: 'db' },
      supervisor: { logF: 'edges' },
    };
    const evolving = { version: 1, suites: [{ name: 'household', validation: 8 }], encoder, evolution, supervisor };
    const live = {
      version: 1,
      suites: [{ name: 'two-hop-qa-live' }],
      executor: {
        endpoint: { baseURL: 'http://localhost:1/v1', model: 'm' },
        webllm: { model: 'm', contextTokens: 64 },
        prompts: { plan: 'x' },
      },
    };
    const all = [
      ...new Set([evolving, balanced, live].flatMap((one) => [...leaves(draftOf(resolveConfig(one))).keys()])),
    ]
      .filter((path) => !path.includes('.settings.'))
      .map((path) => path.replace('.prompts.plan', '.prompts'));
    const fixed = ['version', 'suites[0].name'];
    expect(reached.sort()).toEqual(all.filter((path) => !fixed.includes(path)).sort());
  });

  it('takes limits and defaults from the schema', () => {
    const width = grouped.find((field) => field.path === 'supervisor.width');
    expect(width).toEqual({
      path: 'supervisor.width',
      control: { kind: 'number', integer: true, min: 8, max: 512, step: 4 },
      fallback: 64,
    });
    const kind = grouped.find((field) => field.path === 'objective.kind');
    expect(kind?.control).toEqual({ kind: 'choice', options: [...OBJECTIVES] });
  });

  it('shows the order of proposals as a choice, with what holds where nothing is chosen', () => {
    const order = grouped.find((field) => field.path === 'evolution.where.score');
    expect(order?.control).toEqual({ kind: 'choice', options: ['published', 'stakes'] });
    expect(order?.fallback).toBe('published');
    expect(labelOf('evolution.where.score').name).toBe('Where: order');
  });

  it('shows the first P_B as a choice, with what holds where nothing is chosen', () => {
    const start = grouped.find((field) => field.path === 'supervisor.backwardStart');
    expect(start?.control).toEqual({ kind: 'choice', options: ['random', 'uniform'] });
    expect(start?.fallback).toBe('random');
  });

  it('leaves the default of beta to the suite', () => {
    expect(grouped.find((field) => field.path === 'objective.beta')?.fallback).toBeUndefined();
  });

  it('has a name and an explanation for every field, those of the suites too', () => {
    const ofSuites = suites.flatMap((suite) => fieldsOf(suite.settings, 'suites[0].settings'));
    expect([...grouped, ...splitFields(0), ...ofSuites].filter((field) => labelOf(field.path).help === '')).toEqual([]);
  });

  it.each(suites.map((suite) => [suite.name, suite] as const))(
    'reads the fields of %s off its schema',
    (_name, suite) => {
      const defaults = suite.settings.parse({});
      const fields = fieldsOf(suite.settings, '');
      expect(Object.fromEntries(fields.map((field) => [field.path, field.fallback]))).toEqual(defaults);
    },
  );
});

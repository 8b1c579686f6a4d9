import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Suite } from '../worlds/suite.ts';
import { BadConfig, type Problem } from './badConfig.ts';
import { configKey } from './configKey.ts';
import { flowForm } from './objectives.ts';
import { resolveConfig } from './resolve.ts';

/** Five tasks a split, none of which may be enumerated here. */
const task: Suite<unknown>['task'] = (_settings, _seed, split, index) => {
  if (index >= 5) throw new Error(`there are 5 ${split} tasks`);
  const compile = (): never => {
    throw new Error('a config is resolved without enumerating anything');
  };
  return { suite: 'any', split, index, text: 'any', compile };
};
const grid: Suite<unknown> = {
  name: 'grid',
  summary: 'for these tests',
  settings: z
    .strictObject({ height: z.int().min(2).max(8).default(4), dimensions: z.int().min(1).max(4).default(2) })
    .refine((s) => s.height ** s.dimensions <= 100, { path: ['height'], message: 'height^dimensions is at most 100' }),
  beta: 1,
  eps: 0,
  skills: false,
  live: false,
  task,
};
const house: Suite<unknown> = {
  name: 'house',
  summary: 'too',
  settings: z.strictObject({}),
  beta: 6,
  eps: 0.1,
  skills: true,
  live: false,
  task,
};
const registry = [grid, house];

const only = (name: string, fields: object = {}) => ({ version: 1, suites: [{ name, train: 1 }], ...fields });

function problems(input: unknown): readonly Problem[] {
  try {
    resolveConfig(input, registry);
  } catch (error) {
    if (error instanceof BadConfig) return error.problems;
    throw error;
  }
  throw new Error('the config was accepted');
}

describe('a resolved config', () => {
  test('has beta and eps of its suite and settings with every default', () => {
    const config = resolveConfig(
      { version: 1, suites: [{ name: 'grid', train: 1, settings: { height: 8 } }] },
      registry,
    );
    expect(config.objective).toMatchObject({ beta: 1, eps: 0 });
    expect(config.suites[0].settings).toEqual({ height: 8, dimensions: 2 });
    expect(resolveConfig(only('house'), registry).objective).toMatchObject({ beta: 6, eps: 0.1 });
  });

  test('has the rates of its objective: log Z ten times, the backward policy half the policy', () => {
    const rates = (kind: string, optimiser: object = {}) =>
      resolveConfig(only('grid', { objective: { kind }, optimiser }), registry).optimiser;
    expect(rates('ttb')).toMatchObject({ lr: 0.004, lrZ: 0.04, lrBackward: 0.002 });
    expect(rates('tb')).toMatchObject({ lr: 0.002, lrZ: 0.02, lrBackward: 0.001 });
    expect(rates('vargrad')).toMatchObject({ lr: 0.002 });
    expect(rates('tb', { lr: 0.5 })).toMatchObject({ lr: 0.5, lrZ: 5, lrBackward: 0.25 });
    expect(rates('tb', { lr: 0.5, lrZ: 0.1, lrBackward: 0 })).toMatchObject({ lr: 0.5, lrZ: 0.1, lrBackward: 0 });
  });

  test('keeps a given beta and eps, zero included', () => {
    const config = resolveConfig(only('house', { objective: { beta: 0, eps: 0 } }), registry);
    expect(config.objective).toMatchObject({ beta: 0, eps: 0 });
  });

  test('resolves to itself, also at the highest rate', () => {
    const once = resolveConfig(only('grid', { optimiser: { lr: 10 } }), registry);
    expect(resolveConfig(once, registry)).toEqual(once);
  });

  test('takes several suites that agree', () => {
    const twin = { ...house, name: 'twin' };
    const config = resolveConfig(
      {
        version: 1,
        suites: [
          { name: 'house', train: 1 },
          { name: 'twin', train: 2 },
        ],
      },
      [house, twin],
    );
    expect(config.objective).toMatchObject({ beta: 6, eps: 0.1 });
  });
});

describe('a bad config', () => {
  test('is told the path, what it holds and what it may hold', () => {
    expect(problems(only('grid', { objective: { kind: 'tbb' }, steps: 0, optimiser: { clip: -1 } }))).toEqual([
      { path: 'steps', holds: '0', allowed: 'it may hold an integer from 1 to 1000000' },
      {
        path: 'objective.kind',
        holds: '"tbb"',
        allowed:
          'it may hold one of "ttb", "ttb-paper", "tb", "vargrad", "db", "subtb", "flowrl", "reinforce", "grpo", "ppo", "sft"',
      },
      { path: 'optimiser.clip', holds: '-1', allowed: 'it may hold a number above 0 to 1000000' },
    ]);
  });

  test('is told which fields there are where it has an unknown one', () => {
    expect(problems(only('grid', { evaluation: { evry: 5 } }))).toEqual([
      { path: 'evaluation.evry', holds: '5', allowed: 'there is no such field; the fields here are every, tasks' },
    ]);
  });

  test('is told what is missing, and of which version it may be', () => {
    expect(problems({ version: 2 })).toEqual([
      { path: 'version', holds: '2', allowed: 'it may hold 1' },
      { path: 'suites', holds: 'nothing', allowed: 'it may hold a list of 1 to 8 entries' },
    ]);
  });

  test('is told the known suites', () => {
    expect(problems(only('gird'))).toEqual([
      { path: 'suites[0].name', holds: '"gird"', allowed: 'it may hold one of "grid", "house"' },
    ]);
  });

  test('is told the path of a setting inside its suite, and sizes are refused without making a task', () => {
    const sized = (settings: object) =>
      problems({
        version: 1,
        suites: [
          { name: 'house', train: 1 },
          { name: 'grid', train: 1, settings },
        ],
      });
    expect(sized({ height: 9 })).toEqual([
      { path: 'suites[1].settings.height', holds: '9', allowed: 'it may hold an integer from 2 to 8' },
    ]);
    expect(sized({ height: 8, dimensions: 3 })).toEqual([
      { path: 'suites[1].settings.height', holds: '8', allowed: 'height^dimensions is at most 100' },
    ]);
    expect(sized({ width: 2 })[0].path).toBe('suites[1].settings.width');
  });

  test('is told when a split asks for more tasks than its suite has', () => {
    expect(problems({ version: 1, suites: [{ name: 'grid', train: 5, heldOut: 6 }] })).toEqual([
      { path: 'suites[0].heldOut', holds: '6', allowed: 'there are 5 heldOut tasks' },
    ]);
  });

  test('names a suite once', () => {
    expect(
      problems({
        version: 1,
        suites: [
          { name: 'grid', train: 1 },
          { name: 'grid', train: 1 },
        ],
      })[0].path,
    ).toBe('suites[1].name');
  });

  test('must give beta and eps where its suites disagree', () => {
    const both = {
      version: 1,
      suites: [
        { name: 'grid', train: 1 },
        { name: 'house', train: 1 },
      ],
    };
    const [problem] = problems(both);
    expect(problem).toMatchObject({ path: 'objective.beta', holds: 'nothing' });
    expect(problem.allowed).toContain('grid 1, house 6');
    expect(problems({ ...both, objective: { beta: 2 } })[0].path).toBe('objective.eps');
    expect(resolveConfig({ ...both, objective: { beta: 2, eps: 0.1 } }, registry).objective.beta).toBe(2);
  });

  test('has a message that a person can act on', () => {
    for (const input of [null, 3, 'config', [], undefined]) {
      expect(() => resolveConfig(input, registry)).toThrow(
        /^The config is not valid\.\n {2}It holds .*; it may hold an object with the fields version, seed/,
      );
    }
    expect(() => resolveConfig(only('grid', { seed: 0.5 }), registry)).toThrow(
      'The config is not valid.\n  seed holds 0.5; it may hold an integer from 0 to 4294967295',
    );
  });
});

describe('skills and their evolution', () => {
  const library = [{ name: 'one', plan: ['go {a}', 'take {b}'] }];
  const evolving = { suites: [{ name: 'house', train: 1, validation: 2 }], evolution: { enabled: true } };

  test('are refused for a suite that carries out single acts alone, by its name', () => {
    const refused = { path: 'suites[0].name', holds: '"grid"', allowed: expect.stringContaining('single acts alone') };
    expect(problems(only('grid', { library }))).toEqual([refused]);
    const suites = [{ name: 'grid', train: 1, validation: 2 }];
    expect(problems({ version: 1, suites, evolution: { enabled: true } })).toEqual([refused]);
    expect(resolveConfig(only('house', { library }), registry).library).toHaveLength(1);
  });

  test('need validation tasks for the gate, room for the library, and plans that are sound and no two alike', () => {
    const paths = (fields: object) => problems({ version: 1, ...evolving, ...fields }).map(({ path }) => path);
    expect(paths({ suites: [{ name: 'house', train: 1 }] })).toEqual(['suites[0].validation']);
    const many = Array.from({ length: 5 }, (_, i) => ({ name: `s${i}`, plan: [`go ${i}`, 'take {b}'] }));
    expect(paths({ library: many, evolution: { enabled: true, slots: 4 } })).toEqual(['evolution.slots']);
    const again = [...library, { name: 'one', plan: ['go {x}', 'take {y}'] }];
    expect(paths({ library: again })).toEqual(['library[1].name', 'library[1].plan']);
    expect(paths({ library: [{ name: 'bad', plan: ['{a} b'] }] })).toEqual(['library[0].plan[0]']);
  });

  test('that are switched off are no part of a run', () => {
    const off = resolveConfig({ version: 1, ...evolving, evolution: { enabled: false }, library: [] }, registry);
    expect(off).toEqual(resolveConfig({ version: 1, suites: evolving.suites }, registry));
  });

  test('match vectors unless told otherwise, and a run that is told so is the same run', () => {
    const matching = (encoder: object) => resolveConfig({ version: 1, ...evolving, encoder }, registry);
    expect(matching({ match: 'vectors' })).toStrictEqual(matching({}));
    expect(matching({}).encoder).not.toHaveProperty('match');
    expect(matching({ match: 'words' }).encoder).toEqual({ kind: 'hashed', dimensions: 256, match: 'words' });
    expect(configKey(matching({ match: 'words' }))).not.toBe(configKey(matching({})));
    const files = { kind: 'onnx', model: 'model.onnx', tokenizer: 'tokenizer.json' };
    expect(matching({ ...files, match: 'words' }).encoder).toMatchObject({ kind: 'onnx', match: 'words' });
    expect(matching(files).encoder).not.toHaveProperty('match');
  });

  test('order their proposals as published unless told otherwise, and a run that is told so is the same run', () => {
    const scored = (where: object) => resolveConfig({ version: 1, ...evolving, evolution: { where } }, registry);
    expect(scored({ score: 'published' })).toStrictEqual(scored({}));
    expect(scored({}).evolution?.where).not.toHaveProperty('score');
    expect(scored({ score: 'stakes' }).evolution?.where.score).toBe('stakes');
    expect(configKey(scored({ score: 'published' }))).toBe(configKey(scored({})));
    expect(configKey(scored({ score: 'stakes' }))).not.toBe(configKey(scored({})));
  });
});

test('a first P_B that is random, or is not learned, is no part of a run; a uniform one is', () => {
  const started = (backwardStart: unknown, objective: object = {}) =>
    resolveConfig(only('house', { supervisor: { backwardStart }, objective }), registry);
  const plain = resolveConfig(only('house'), registry);
  expect(started('random')).toStrictEqual(plain);
  expect(plain.supervisor).not.toHaveProperty('backwardStart');
  expect(started('uniform').supervisor).toEqual({ ...plain.supervisor, backwardStart: 'uniform' });
  expect(configKey(started('uniform'))).not.toBe(configKey(plain));
  expect(resolveConfig(started('uniform'), registry)).toStrictEqual(started('uniform'));
  expect(started('uniform', { backward: 'tlm' }).supervisor.backwardStart).toBe('uniform');
  for (const backward of ['uniform', 'maxent']) {
    expect(started('uniform', { backward }).supervisor).not.toHaveProperty('backwardStart');
  }
  const wrong = problems(only('house', { supervisor: { backwardStart: 'zero' } }));
  expect(wrong.map(({ path }) => path)).toEqual(['supervisor.backwardStart']);
});

test('a log F read off the edges is part of a run that balances it, and of no other', () => {
  const formed = (kind: string, logF: unknown) =>
    resolveConfig(only('house', { supervisor: { logF }, objective: { kind } }), registry);
  const plain = (kind: string) => resolveConfig(only('house', { objective: { kind } }), registry);
  // What is the default of the objective; where that is the edges, either is said.
  expect(formed('subtb', 'head')).toStrictEqual(plain('subtb'));
  expect(plain('subtb').supervisor).not.toHaveProperty('logF');
  expect(formed('db', 'edges')).toStrictEqual(plain('db'));
  expect(formed('db', 'head').supervisor.logF).toBe('head');
  for (const kind of ['db', 'subtb']) {
    expect(formed(kind, 'edges').supervisor.logF).toBe('edges');
    for (const form of ['head', 'edges']) {
      expect(resolveConfig(formed(kind, form), registry)).toStrictEqual(formed(kind, form));
      expect(flowForm(formed(kind, form))).toBe(form);
    }
  }
  for (const kind of ['tb', 'ppo']) expect(formed(kind, 'edges')).toStrictEqual(plain(kind));
  expect([formed('tb', 'edges'), formed('ppo', 'edges')].map(flowForm)).toEqual([null, 'head']);
  const wrong = problems(only('house', { supervisor: { logF: 'states' } }));
  expect(wrong.map(({ path }) => path)).toEqual(['supervisor.logF']);
});

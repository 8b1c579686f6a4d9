/** Skills from a folder into a run, and from its record into a folder, as the command line does it. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { parseRecord } from '../../src/training/recordSchema.ts';
import { BadInput } from './badInput.ts';
import { main } from './main.ts';
import { withLibrary } from './skillFiles.ts';

const folder = mkdtempSync(join(tmpdir(), 'skillflow-skills-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  vi.restoreAllMocks();
  vi.spyOn(console, 'log').mockImplementation(() => {});
});

const at = (...parts: string[]): string => join(folder, ...parts);

const PLANS = { 'take-heat': ['take {a} from the {b}', 'heat {a} with the {c}'], alone: ['go to the {a}'] };

/** A folder of skills written by hand, with what else may lie there. */
function skillFolder(name: string, plans: Readonly<Record<string, readonly string[]>> = PLANS): string {
  for (const [skill, plan] of Object.entries(plans)) {
    mkdirSync(at(name, skill), { recursive: true });
    const list = plan.map((template, i) => `${i + 1}. \`${template}\``).join('\n');
    writeFileSync(
      at(name, skill, 'SKILL.md'),
      `---\nname: ${skill}\ndescription: By hand.\n---\n\n## Plan\n\n${list}\n`,
    );
  }
  mkdirSync(at(name, 'notes'), { recursive: true });
  writeFileSync(at(name, 'README.md'), 'No skill.');
  return at(name);
}

function config(name: string, more: object = {}): string {
  const whole = {
    version: 1,
    device: 'cpu',
    steps: 1,
    evaluation: { every: 1, tasks: 1 },
    suites: [{ name: 'household', settings: { horizon: 3, plan: 6, rooms: 1, receptacles: 4, objects: 1 }, train: 1 }],
    encoder: { dimensions: 16 },
    supervisor: { width: 8, heads: 1 },
    rollout: { tasksPerStep: 1, trajectoriesPerTask: 2 },
    ...more,
  };
  writeFileSync(at(name), JSON.stringify(whole));
  return at(name);
}

/** What a command says on standard error; its exit status is `status`. */
async function said(status: number, ...argv: string[]): Promise<string> {
  const errors = vi.spyOn(console, 'error').mockImplementation(() => {});
  const exit = await main(argv);
  const text = errors.mock.calls.flat().join('\n');
  expect(exit, text).toBe(status);
  return text;
}
const refusal = (...argv: string[]): Promise<string> => said(2, ...argv);

const readRecord = (path: string) => parseRecord(JSON.parse(readFileSync(path, 'utf8')));

describe('a folder of skills', () => {
  test('is what a run begins with, and its record gives the folder back', async () => {
    const library = skillFolder('skills');
    const run = ['run', config('run.json'), '--on', 'node', '--out', at('record.json'), '--library', library];
    await said(0, ...run);
    const record = readRecord(at('record.json'));
    expect(record.config.library?.map(({ name, plan }) => ({ name, plan }))).toEqual([
      { name: 'alone', plan: PLANS.alone },
      { name: 'take-heat', plan: PLANS['take-heat'] },
    ]);
    expect(record.library.map(({ name }) => name)).toEqual(['alone', 'take-heat']);
    expect(readdirSync(library).sort()).toEqual(['README.md', 'alone', 'notes', 'take-heat']);

    await said(0, 'skills', at('record.json'), '--out', at('written'));
    expect(readdirSync(at('written')).sort()).toEqual(['alone', 'take-heat']);
    expect(withLibrary({}, at('written'))).toEqual({ library: record.config.library });
    // A second time over its own files, but not over those of others.
    await said(0, 'skills', at('record.json'), '--out', at('written'));
    cpSync(at('written', 'alone'), at('written', 'other'), { recursive: true });
    expect(await refusal('skills', at('record.json'), '--out', at('written'))).toMatch(/not of this record \(other\)/);
  });

  test('is refused beside a library in the config, and where there is no skill to read', async () => {
    const library = skillFolder('skills');
    const out = ['--on', 'node', '--out', at('none.json'), '--library'];
    expect(await refusal('run', config('with.json', { library: [] }), ...out, library)).toMatch(
      /has a library already/,
    );
    expect(await refusal('run', config('set.json'), '--set', 'library=[]', ...out, library)).toMatch(/has a library/);
    expect(await refusal('run', config('a.json'), ...out, at('nowhere'))).toMatch(/nowhere cannot be read: ENOENT/);
    expect(await refusal('run', config('a.json'), ...out, skillFolder('empty', {}))).toMatch(/empty holds no skills/);
    mkdirSync(at('odd', 'a', 'SKILL.md'), { recursive: true });
    expect(await refusal('run', config('a.json'), ...out, at('odd'))).toMatch(/SKILL\.md cannot be read: EISDIR/);
    const bad = skillFolder('bad', { a: ['{a} b'] });
    expect(await refusal('run', config('a.json'), ...out, bad)).toMatch(/bad\/a\/SKILL\.md, line 8: the plan holds/);
    expect(existsSync(at('none.json'))).toBe(false);
  });

  test('leaves what is no config to whoever reads it', () => {
    const library = skillFolder('skills');
    for (const config of [null, 7, ['a']]) expect(withLibrary(config, library)).toBe(config);
    expect(() => withLibrary({ library: [] }, library)).toThrow(BadInput);
  });

  test('is not made from what is no record, or from one without skills', async () => {
    expect(await refusal('skills', config('a.json'), '--out', at('no'))).toMatch(/holds/);
    await said(0, 'run', config('plain.json'), '--on', 'node', '--out', at('plain.json.record'));
    expect(await refusal('skills', at('plain.json.record'), '--out', at('no'))).toMatch(/holds no skills/);
    expect(existsSync(at('no'))).toBe(false);
  });
});

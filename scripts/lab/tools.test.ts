/** The tools of live executors, in Node. */
import { describe, expect, test } from 'vitest';
import { toolsOf } from '../../src/executor/tools.ts';
import type { Call } from '../../src/graph/call.ts';
import { nodeSandboxHost } from './nodeSandbox.ts';

const { evaluate, 'run-code': runCode } = toolsOf(nodeSandboxHost);
const given = (input: string): Call => ({ act: '', task: '', inputs: [input], skill: null });

describe('arithmetic', () => {
  test('is exact, leaves out what the model thinks it comes to, and says what is wrong', async () => {
    expect(await evaluate.run(given('1/3 + 1/6 = 0.4'))).toBe('1/3 + 1/6 = 1/2');
    expect(await evaluate.run(given('1 / 0'))).toMatch(/^1 \/ 0: .*divides by 0/);
    expect(await evaluate.run(given('drop table'))).toMatch(/^drop table: /);
  });
});

describe('code that a model wrote', () => {
  test('gives what it printed, or its value', async () => {
    expect(await runCode.run(given('print(6 * 7)'))).toBe('42');
    expect(await runCode.run(given('6 * 7'))).toBe('42');
  });

  test.each([
    ['while (true) {}', /^failed: .*fuel/],
    ['const a = []; while (true) a.push(new Array(1e6).fill(0))', /^failed: /],
    ['throw new Error("no")', /^failed: .*no/],
    ['fetch("http://example.org")', /^failed: /],
  ])('that is hostile or wrong ends as a note that says so: %s', async (code, note) => {
    expect(await runCode.run(given(code))).toMatch(note);
  });

  test('is run once the interpreter is there, though it could not be loaded at first', async () => {
    let offline = true;
    const { 'run-code': later } = toolsOf({
      ...nodeSandboxHost,
      program: async () => {
        if (offline) throw new TypeError('Failed to fetch');
        return nodeSandboxHost.program();
      },
    });
    await expect(later.run(given('6 * 7'))).rejects.toThrow('Failed to fetch');
    offline = false;
    expect(await later.run(given('6 * 7'))).toBe('42');
  });
});

import { afterAll, describe, expect, test } from 'vitest';
import { CAUGHT_RECURSIONS, ENDLESS_BUILT_IN, HOSTILE, REACHABLE, TIGHT } from './hostile.fixture.ts';
import { createSandbox } from './sandbox.ts';

const sandbox = await createSandbox();
afterAll(() => sandbox.close());

/** The times, in ms, between the turns that the page's own timer got while `work` went on. */
async function gapsDuring(work: () => Promise<unknown>): Promise<number[]> {
  const gaps: number[] = [];
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    gaps.push(now - last);
    last = now;
  }, 10);
  await work();
  clearInterval(timer);
  return gaps;
}

describe('a hostile snippet in a page', () => {
  test.each(HOSTILE)('with $name ends as $kind, like in Node', async ({ code, kind, value }) => {
    const result = await sandbox.run(code, TIGHT);
    expect(result).toMatchObject(value === undefined ? { kind } : { kind, value });
    expect(await sandbox.run('1 + 1')).toMatchObject({ kind: 'value', value: '2' });
  });

  test('leaves the page its turns, whether fuel or the clock ends it', async () => {
    const gaps = await gapsDuring(async () => {
      expect(await sandbox.run('for (;;);', { fuel: 3_000 })).toMatchObject({ kind: 'out-of-fuel', fuelUsed: 3_000 });
      expect(await sandbox.run(ENDLESS_BUILT_IN, { wallMs: 1_000 })).toMatchObject({ kind: 'timed-out' });
    });
    // The second run alone is 100 turns long; a page that waited for it would get one turn after more than a second.
    expect(gaps.length).toBeGreaterThan(20);
    expect(Math.max(...gaps)).toBeLessThan(900);
    expect(await sandbox.run('1 + 1')).toMatchObject({ kind: 'value', value: '2' });
  });

  test('reaches nothing of the page or its worker', async () => {
    const result = await sandbox.run(REACHABLE, { outputChars: 100_000 });
    const names = result.kind === 'value' ? (result.value ?? '').split('\n') : [];
    expect(names).toContain('print');
    for (const name of [
      'fetch',
      'postMessage',
      'self',
      'document',
      'Date',
      'now',
      'performance',
      'WebAssembly',
      'emit',
    ])
      expect(names).not.toContain(name);
  });
});

test('the same code uses the same fuel as in Node', async () => {
  // The figures of sandbox.test.ts.
  expect(await sandbox.run('for (let i = 0; i < 1000000; i++); 1')).toMatchObject({ kind: 'value', fuelUsed: 200 });
  expect(await sandbox.run('for (let i = 0; i < 1000000; i++); 1', { fuel: 199 })).toMatchObject({
    kind: 'out-of-fuel',
  });
});

test('two sandboxes run beside each other and a closed one ends', async () => {
  const other = await createSandbox();
  const [first, second] = await Promise.all([sandbox.run('"a"'), other.run('"b"')]);
  expect([first, second]).toMatchObject([{ value: 'a' }, { value: 'b' }]);
  other.close();
  await expect(other.run('1')).rejects.toThrow('it was closed');
});

test.each(CAUGHT_RECURSIONS)('%s is caught at %d calls, in Node and in a page', async (code, depth) => {
  expect(await sandbox.run(code)).toMatchObject({ kind: 'value', value: `${depth}` });
});

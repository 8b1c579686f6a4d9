import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { nodeSandboxHost } from '../../../scripts/lab/nodeSandbox.ts';
import { CAUGHT_RECURSIONS, ENDLESS_BUILT_IN, HOSTILE, REACHABLE, TIGHT } from './hostile.fixture.ts';
import { DEFAULT_LIMITS, LEAST_MEMORY, MOST_CODE, type SandboxFailure, type SandboxResult } from './limits.ts';
import { createSandbox, SandboxUnavailable } from './sandbox.ts';
import type { FromThread, SandboxHost } from './threadProtocol.ts';

const sandbox = await createSandbox(nodeSandboxHost);
afterAll(() => sandbox.close());

const FAILURES: readonly string[] = [
  'syntax-error',
  'exception',
  'unsettled',
  'too-deep',
  'out-of-fuel',
  'out-of-memory',
  'too-much-output',
  'timed-out',
  'crashed',
] satisfies readonly SandboxFailure['kind'][];

/** Of this very kind, with all its fields. */
function isResult(result: SandboxResult): boolean {
  const { kind, printed, fuelUsed } = result;
  if (typeof printed !== 'string' || !(fuelUsed === null || Number.isInteger(fuelUsed))) return false;
  if (kind === 'value') return result.value === null || typeof result.value === 'string';
  return FAILURES.includes(kind) && result.message.length > 10;
}

describe('a snippet', () => {
  test.each([
    ['6 * 7', '42'],
    ['const a = 2; a + 1', '3'],
    ["'as it is'", 'as it is'],
    ['let x = 1;', null],
    ['undefined', null],
    ['null', 'null'],
    ['[1, , "b", [true], -0]', '[1, <empty>, "b", [true], -0]'],
    ['({ a: 1, "b c": 2n, [Symbol("s")]: 3 })', '{a: 1, "b c": 2n, [Symbol(s)]: 3}'],
    ['new Map([[1, new Set(["x"])]])', 'Map {1 => Set {"x"}}'],
    ['[/a+/gi, () => 1, function f() {}, new Uint8Array(2)]', '[/a+/gi, [function ], [function f], Uint8Array [0, 0]]'],
    ['new RangeError("far")', '[RangeError: far]'],
    ['[[[[[[[[[9]]]]]]]]]', '[[[[[[[[[...]]]]]]]]]'],
    ['Promise.resolve(5).then((n) => n + 1)', '6'],
    ['(async () => { await null; return "late"; })()', 'late'],
  ])('%s gives %s', async (code, value) => {
    expect(await sandbox.run(code)).toMatchObject({ kind: 'value', value, printed: '' });
  });

  test('prints by print and console.log, a line each', async () => {
    const result = await sandbox.run('print("a", 1, [2]); console.log({ b: "c" }); console.error(); 3');
    expect(result).toMatchObject({ kind: 'value', value: '3', printed: 'a 1 [2]\n{b: "c"}\n\n' });
  });

  test('says what it threw and on which line, and what it printed before', async () => {
    expect(await sandbox.run('print("before");\n\nnull.x')).toMatchObject({
      kind: 'exception',
      message: "TypeError on line 3: cannot read property 'x' of null",
      printed: 'before\n',
    });
    expect(await sandbox.run('1 +\n* 2')).toMatchObject({
      kind: 'syntax-error',
      message: expect.stringMatching(/^SyntaxError on line 2: /),
      printed: '',
    });
    expect(await sandbox.run('throw { code: 7 }')).toMatchObject({
      kind: 'exception',
      message: 'The code threw {code: 7}, which is no error.',
    });
    // Thrown by a program inside, not by the snippet's own text.
    expect(await sandbox.run("eval('(')")).toMatchObject({ kind: 'exception' });
  });

  test('leaves nothing for the next one', async () => {
    await sandbox.run('globalThis.left = 1; Object.prototype.left = 1; print = null; Array.prototype.map = null; 1');
    expect(await sandbox.run('print(typeof left, typeof {}.left, typeof [].map); 2')).toMatchObject({
      kind: 'value',
      printed: 'undefined undefined function\n',
    });
  });

  test('costs a unit of fuel for 10 000 checks, of which a turn of a loop has two', async () => {
    const used = async (turns: number): Promise<number> => {
      const { kind, fuelUsed } = await sandbox.run(`for (let i = 0; i < ${turns}; i++); 1`);
      expect(kind).toBe('value');
      return fuelUsed ?? Number.NaN;
    };
    expect(await used(1_000_000)).toBe(200);
    expect(await used(2_000_000)).toBe(400);
    // A unit less than it takes is too little.
    expect(await sandbox.run('for (let i = 0; i < 1000000; i++); 1', { fuel: 199 })).toMatchObject({
      kind: 'out-of-fuel',
      fuelUsed: 199,
    });
  });

  test('gives the same result each time, chance and use of memory included', async () => {
    const code = `const a = []; let n = 0;
      try { for (;;) { a.push([Math.random()]); n++; } } catch {}
      const last = a[a.length - 1][0]; a.length = 0; print(n, last); n`;
    const limits = { memoryBytes: 24 * 1024 * 1024 };
    const first = await sandbox.run(code, limits);
    await sandbox.run('const b = []; for (let i = 0; i < 1e5; i++) b.push({ i });', limits);
    expect(await sandbox.run(code, limits)).toEqual(first);
    expect(first.kind).toBe('value');
  });

  test('of more than the longest length is not run', async () => {
    expect(await sandbox.run(' '.repeat(MOST_CODE))).toMatchObject({ kind: 'value', value: null });
    expect(await sandbox.run(' '.repeat(MOST_CODE + 1))).toMatchObject({
      kind: 'syntax-error',
      message: `The code has ${MOST_CODE + 1} characters, and at most ${MOST_CODE} are run. Write a shorter program.`,
    });
  });

  test('fits exactly in the output that it may give', async () => {
    const exact = await sandbox.run("print('abc'); 'abcd'", { outputChars: 4 });
    expect(exact).toMatchObject({ kind: 'value', printed: 'abc\n', value: 'abcd' });
    const over = await sandbox.run("print('abcd')", { outputChars: 4 });
    expect(over).toMatchObject({ kind: 'too-much-output', printed: 'abcd' });
  });
});

describe('a hostile snippet', () => {
  test.each(HOSTILE)('with $name ends as $kind', async ({ code, kind, value }) => {
    const result = await sandbox.run(code, TIGHT);
    expect(result).toMatchObject(value === undefined ? { kind } : { kind, value });
    expect(isResult(result)).toBe(true);
    expect(result.printed.length).toBeLessThanOrEqual(1_000);
    // The thread is as it was.
    expect(await sandbox.run('1 + 1')).toMatchObject({ kind: 'value', value: '2' });
  });

  test('that loops inside a built-in is ended by the clock, the process answers meanwhile, and the next one runs', async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 20);
    const ended = sandbox.run(ENDLESS_BUILT_IN, { wallMs: 600 });
    const next = sandbox.run('1 + 1');
    expect(await ended).toEqual({
      kind: 'timed-out',
      message: 'The code was ended after 600 ms: it spends its time inside a built-in, or this machine is busy.',
      printed: '',
      fuelUsed: null,
    });
    clearInterval(timer);
    // 30 on a machine with nothing else to do.
    expect(ticks).toBeGreaterThan(5);
    expect(await next).toMatchObject({ kind: 'value', value: '2' });
  });

  test('reaches no clock, network, timer, loader or host', async () => {
    const result = await sandbox.run(REACHABLE, { outputChars: 100_000 });
    expect(result.kind).toBe('value');
    const names = result.kind === 'value' ? (result.value ?? '').split('\n') : [];
    expect(names).toEqual(expect.arrayContaining(['print', 'console', 'Math', 'random', 'AsyncGeneratorFunction']));
    const forbidden =
      /^(Date|now|performance|WeakRef|FinalizationRegistry|Atomics|SharedArrayBuffer|fetch|XMLHttpRequest|WebSocket|require|import.*|process|Deno|Bun|self|window|document|navigator|postMessage|onmessage|Worker|WebAssembly|set(Timeout|Interval|Immediate)|std|os|gc|emit|tell|show|scriptArgs|load.*)$/;
    expect(names.filter((name) => forbidden.test(name))).toEqual([]);
  });

  test('and a hundred after it leave no memory behind', { timeout: 120_000 }, async () => {
    const codes = [
      'const a = []; for (;;) a.push([1]);',
      "for (;;) print('abc')",
      '(function f() { f(); })()',
      'for (;;);',
    ];
    const hundred = async (): Promise<number> => {
      for (let i = 0; i < 100; i++) {
        const { kind } = await sandbox.run(codes[i % codes.length], { ...TIGHT, fuel: 40 });
        expect(kind).not.toBe('value');
      }
      return process.memoryUsage().rss;
    };
    const before = await hundred();
    // A hundred interpreters are at least 1600 MiB.
    expect((await hundred()) - before).toBeLessThan(200 * 1024 * 1024);
  });
});

describe('any text at all', () => {
  const fragment = fc.constantFrom(
    'for(;;)',
    'while(1)',
    '{',
    '}',
    '(',
    ')',
    '[',
    ']',
    ';',
    '=>',
    'function f()',
    'f()',
    'async ',
    'await ',
    'yield ',
    'try{',
    '}catch{',
    '}finally{',
    'throw ',
    'new ',
    'Proxy',
    'print',
    '`${',
    '/(a+)+$/',
    'class A',
    'extends ',
    'return ',
    'this',
    'x',
    'let x=',
    '...',
    '"\\0"',
    '1n',
    '**',
    'Promise.resolve()',
    '.then',
    'Symbol.iterator',
    'eval',
    'Array(1e9)',
    '\0',
    '\ud800',
    '\n',
  );
  const code = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.array(fragment, { maxLength: 14 }).map((parts) => parts.join('')),
    fc.constantFrom(...HOSTILE).chain(({ code: whole }) => fc.nat(whole.length).map((cut) => whole.slice(0, cut))),
  );

  test('ends as a result of a known kind and never as a throw', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(code, async (text) => isResult(await sandbox.run(text, { ...TIGHT, fuel: 10, wallMs: 3_000 }))),
      { numRuns: 300 },
    );
  });
});

describe('the sandbox', () => {
  test('refuses limits out of their range by name', async () => {
    await expect(sandbox.run('1', { fuel: 0 })).rejects.toThrow(
      "The sandbox's fuel is a whole number from 1 to 1000000, not 0.",
    );
    await expect(sandbox.run('1', { memoryBytes: LEAST_MEMORY - 1 })).rejects.toThrow(RangeError);
    await expect(sandbox.run('1', { wallMs: Number.NaN })).rejects.toThrow(RangeError);
    await expect(sandbox.run('1', { outputChars: 1.5 })).rejects.toThrow(RangeError);
    expect(await sandbox.run('1', DEFAULT_LIMITS)).toMatchObject({ kind: 'value' });
  });

  test('runs in the least memory', async () => {
    expect(await sandbox.run('1', { memoryBytes: LEAST_MEMORY })).toMatchObject({ kind: 'value', value: '1' });
  });

  test('refuses runs that wait and later ones once it is closed', async () => {
    const closing = await createSandbox(nodeSandboxHost);
    const running = closing.run('for (;;);', { fuel: 1_000_000 });
    const waiting = closing.run('1');
    const refused = Promise.all([
      expect(running).rejects.toThrow(SandboxUnavailable),
      expect(waiting).rejects.toThrow('it was closed'),
    ]);
    // Once the first is in the thread.
    await new Promise((resolve) => setTimeout(resolve, 50));
    closing.close();
    await refused;
    await expect(closing.run('1')).rejects.toThrow(SandboxUnavailable);
  });

  test('says why it cannot be had', async () => {
    const lost: SandboxHost = { ...nodeSandboxHost, program: () => Promise.reject(new Error('404 Not Found')) };
    await expect(createSandbox(lost)).rejects.toThrow(
      'Code cannot be run in the sandbox: its interpreter could not be loaded (404 Not Found). Reload the page or start again.',
    );
    const refused: SandboxHost = {
      ...nodeSandboxHost,
      start: () => {
        throw new Error('no workers here');
      },
    };
    await expect(createSandbox(refused)).rejects.toThrow(SandboxUnavailable);
    const broken: SandboxHost = {
      ...nodeSandboxHost,
      start: (_, onBroken) => {
        queueMicrotask(() => onBroken('its program could not be loaded'));
        return { post: () => {}, end: () => {} };
      },
    };
    await expect(createSandbox(broken)).rejects.toThrow('its program could not be loaded');
  });

  test('grades a thread that dies under a snippet as crashed and starts another', async () => {
    let started = 0;
    const host: SandboxHost = {
      program: nodeSandboxHost.program,
      start: (onMessage: (message: FromThread) => void, onBroken) => {
        const born = ++started;
        return {
          post: ({ type }) =>
            queueMicrotask(() => {
              if (type === 'program') onMessage({ type: 'ready' });
              else if (born === 1) onBroken('out of memory');
              else onMessage({ type: 'result', result: { kind: 'value', value: '1', printed: '', fuelUsed: 0 } });
            }),
          end: () => {},
        };
      },
    };
    const fragile = await createSandbox(host);
    expect(await fragile.run('1')).toEqual({
      kind: 'crashed',
      message: 'The worker of the code broke (out of memory).',
      printed: '',
      fuelUsed: null,
    });
    expect(await fragile.run('1')).toMatchObject({ kind: 'value' });
    expect(started).toBe(2);
  });
});

test.each(CAUGHT_RECURSIONS)('%s is caught at %d calls, in Node and in a page', async (code, depth) => {
  expect(await sandbox.run(code)).toMatchObject({ kind: 'value', value: `${depth}` });
});

/** Snippets that mean harm, and the kinds of result that each may have, in Node and in a page alike. */
import type { SandboxLimits, SandboxResult } from './limits.ts';

export interface Hostile {
  readonly name: string;
  readonly code: string;
  readonly kind: SandboxResult['kind'];
  /** For `value`: its text. */
  readonly value?: string;
}

/** Small, so that the table is short work. */
export const TIGHT: Partial<SandboxLimits> = {
  fuel: 100,
  memoryBytes: 32 * 1024 * 1024,
  outputChars: 1_000,
  wallMs: 20_000,
};

/** Each ends by fuel, memory, output or an exception, never by the clock. */
export const HOSTILE: readonly Hostile[] = [
  { name: 'an endless loop', code: 'for (;;);', kind: 'out-of-fuel' },
  { name: 'an endless loop that catches', code: 'for (;;) try { for (;;); } catch {}', kind: 'out-of-fuel' },
  {
    name: 'an endless loop that goes on in finally',
    code: 'for (;;) { try { for (;;); } finally { continue; } }',
    kind: 'out-of-fuel',
  },
  { name: 'an endless loop made by eval', code: "eval('for (;;);')", kind: 'out-of-fuel' },
  { name: 'an endless loop made by Function', code: "new Function('for (;;);')()", kind: 'out-of-fuel' },
  {
    name: 'async functions that swallow the interrupt',
    code: 'async function f() { for (;;); } for (;;) { try { f(); } catch {} }',
    kind: 'out-of-fuel',
  },
  {
    name: 'async generators that swallow the interrupt',
    code: 'async function* g() { for (;;); } (async () => { for (;;) { try { for await (const x of g()); } catch {} } })()',
    kind: 'out-of-fuel',
  },
  {
    name: 'promises that follow each other',
    code: 'const f = () => Promise.resolve().then(f); f();',
    kind: 'out-of-fuel',
  },
  {
    name: 'microtasks that follow each other',
    code: 'const f = () => queueMicrotask(f); f(); 1',
    kind: 'out-of-fuel',
  },
  {
    name: 'native promise jobs that follow each other',
    code: 'const t = { then(f) { f(t); } }; Promise.resolve(t)',
    kind: 'out-of-fuel',
  },
  { name: 'a promise that nothing settles', code: 'new Promise(() => {})', kind: 'unsettled' },
  { name: 'a generator without end', code: '[...(function* () { for (;;) yield; })()].length', kind: 'out-of-fuel' },
  {
    name: 'generators in generators',
    code: 'function* g() { yield* g(); } [...g()]',
    kind: 'too-deep',
  },
  {
    name: 'an iterator that is never done',
    code: 'for (const x of { [Symbol.iterator]: () => ({ next: () => ({ done: false }) }) });',
    kind: 'out-of-fuel',
  },
  { name: 'recursion without end', code: '(function f() { f(); })()', kind: 'too-deep' },
  { name: 'recursion through a built-in', code: '(function f() { [1].map(f); })()', kind: 'too-deep' },
  { name: 'recursion through a getter', code: 'const o = { get x() { return o.x; } }; o.x', kind: 'too-deep' },
  {
    name: 'recursion through a proxy',
    code: 'const p = new Proxy({}, { get: (t, k, r) => r[k] }); p.x',
    kind: 'too-deep',
  },
  { name: 'brackets nested too deep', code: '('.repeat(30_000), kind: 'too-deep' },
  { name: 'JSON nested too deep', code: "JSON.parse('['.repeat(200000))", kind: 'too-deep' },
  {
    name: 'an array nested too deep for JSON',
    code: 'let o = []; for (let i = 0; i < 100000; i++) o = [o]; JSON.stringify(o).length',
    kind: 'too-deep',
  },
  { name: 'many small blocks', code: 'const a = []; for (;;) a.push([1]);', kind: 'out-of-memory' },
  {
    name: 'many small blocks, twice',
    code: 'const a = []; try { for (;;) a.push([1]); } catch {} for (;;) a.push([1]);',
    kind: 'out-of-memory',
  },
  { name: 'a few large blocks', code: 'const a = []; for (;;) a.push(new Uint8Array(1e6));', kind: 'out-of-memory' },
  { name: 'one block larger than all', code: 'new ArrayBuffer(1e9)', kind: 'out-of-memory' },
  { name: 'a string larger than all', code: "'x'.repeat(2 ** 29)", kind: 'out-of-memory' },
  {
    name: 'a string that doubles',
    code: "let s = 'xy'.repeat(1e6); for (;;) s = (s + s).toUpperCase();",
    kind: 'out-of-memory',
  },
  { name: 'a number that doubles', code: 'let n = 3n; for (;;) n *= n;', kind: 'exception' },
  { name: 'much in one print', code: "print('x'.repeat(1e6))", kind: 'too-much-output' },
  { name: 'much in many prints', code: "for (;;) print('abc')", kind: 'too-much-output' },
  { name: 'many prints that catch', code: "for (;;) try { print('abc') } catch {}", kind: 'too-much-output' },
  { name: 'a value that is much', code: "'x'.repeat(1001)", kind: 'too-much-output' },
  { name: 'an array that claims to be long', code: 'new Array(4294967295)', kind: 'too-much-output' },
  { name: 'a regular expression that steps back', code: "/^(a+)+$/.test('a'.repeat(40) + 'b')", kind: 'out-of-fuel' },
  {
    name: 'a value with an endless toString',
    code: '({ toString() { for (;;); }, valueOf() { for (;;); } })',
    kind: 'value',
    value: '{toString: [function toString], valueOf: [function valueOf]}',
  },
  {
    name: 'a value with an endless getter',
    code: '({ get x() { for (;;); } })',
    kind: 'value',
    value: '{x: [getter]}',
  },
  {
    name: 'a value with an endless toJSON',
    code: '({ toJSON: () => { for (;;); } })',
    kind: 'value',
    value: '{toJSON: [function toJSON]}',
  },
  {
    name: 'a proxy with an endless trap',
    code: 'new Proxy({}, { ownKeys() { for (;;); }, getPrototypeOf() { for (;;); } })',
    kind: 'out-of-fuel',
  },
  { name: 'a proxy whose trap throws', code: 'new Proxy({}, { ownKeys() { throw 1; } })', kind: 'exception' },
  { name: 'a print of an endless getter', code: 'print({ get x() { for (;;); } }); 1', kind: 'value', value: '1' },
  {
    name: 'an error with endless getters',
    code: 'const e = new Error(); for (const k of ["name", "message", "stack"]) Object.defineProperty(e, k, { get() { for (;;); } }); throw e;',
    kind: 'exception',
  },
  {
    name: 'an error that is a proxy with endless traps',
    code: 'throw new Proxy(new Error(), { getOwnPropertyDescriptor() { for (;;); }, getPrototypeOf() { for (;;); }, ownKeys() { for (;;); } })',
    kind: 'out-of-fuel',
  },
  {
    name: 'an error whose message is an object',
    code: 'const e = new Error(); e.message = { toString() { for (;;); } }; throw e',
    kind: 'exception',
  },
  {
    name: 'an endless prepareStackTrace',
    code: 'Error.prepareStackTrace = () => { for (;;); }; null.x',
    kind: 'out-of-fuel',
  },
  { name: 'a thrown null', code: 'throw null', kind: 'exception' },
  { name: 'a thrown symbol', code: "throw Symbol('no')", kind: 'exception' },
  { name: 'a rejected promise', code: 'Promise.reject(new TypeError("no"))', kind: 'exception' },
  { name: 'a circular value', code: 'const o = { a: [] }; o.a.push(o); o', kind: 'value', value: '{a: [[circular]]}' },
  { name: 'a BigInt', code: '2n ** 70n', kind: 'value', value: '1180591620717411303424n' },
  { name: 'a symbol', code: "Symbol('s')", kind: 'value', value: 'Symbol(s)' },
  { name: 'a value with zeros', code: "'a\\0b'", kind: 'value', value: 'a\u2400b' },
  { name: 'half of a character', code: "'\\ud800'", kind: 'value', value: '\ufffd' },
  {
    name: 'pollution of every prototype',
    code: `for (const P of [Object, Array, Function, String, Number, Promise, Map, Set, Error, RegExp]) {
      for (const key of Reflect.ownKeys(P.prototype)) {
        try { P.prototype[key] = () => { throw new Error('polluted'); }; } catch {}
      }
      try { Object.defineProperty(P.prototype, '0', { set() { for (;;); }, configurable: true }); } catch {}
      P.prototype.value = P.prototype.get = P.prototype.then = 1;
    }
    JSON.stringify = Reflect.ownKeys = Array.isArray = () => { for (;;); };
    ({ a: [1, 'two', new Map([[1, 2]])] })`,
    kind: 'exception',
  },
  {
    name: 'pollution of what the result is written with',
    code: `Array.prototype.push = Array.prototype.join = String.prototype.slice = () => { for (;;); };
    JSON.stringify = Reflect.ownKeys = Array.isArray = Reflect.apply = () => { for (;;); };
    Object.defineProperty(Array.prototype, 0, { set() { for (;;); } });
    Object.prototype.value = Object.prototype.toJSON = () => { for (;;); };
    print('still'); ({ a: 'one', b: new Set([2]) })`,
    kind: 'value',
    value: '{a: "one", b: Set {2}}',
  },
  { name: 'an import', code: "import fs from 'fs'", kind: 'syntax-error' },
  { name: 'an import while it runs', code: "import('fs')", kind: 'exception' },
  { name: 'a network', code: "fetch('https://example.org')", kind: 'exception' },
  { name: 'a timer', code: 'setTimeout(() => {}, 0)', kind: 'exception' },
  { name: 'a clock', code: 'Date.now()', kind: 'exception' },
  {
    name: 'the host by a constructor',
    code: "[typeof (() => {}).constructor('return this')().process, typeof print.constructor('return typeof postMessage')(), print.constructor('return this')() === globalThis].join()",
    kind: 'value',
    value: 'undefined,string,true',
  },
  { name: 'a waiting thread', code: 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)', kind: 'exception' },
];

/** Loops inside a built-in, which use no fuel: only the clock ends them. */
export const ENDLESS_BUILT_IN = 'Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1)';

/** Names of all functions and objects that can be reached from a snippet, one a line. */
export const REACHABLE = `
  const seen = new Set(), names = new Set();
  const todo = [globalThis, function* () {}, async () => {}, async function* () {}, [][Symbol.iterator](), ''.matchAll(/a/g)];
  while (todo.length > 0) {
    const at = todo.pop();
    if ((typeof at !== 'object' && typeof at !== 'function') || at === null || seen.has(at)) continue;
    seen.add(at);
    todo.push(Object.getPrototypeOf(at));
    for (const key of Reflect.ownKeys(at)) {
      names.add(String(key));
      const { value, get, set } = Object.getOwnPropertyDescriptor(at, key);
      todo.push(value, get, set);
      if (typeof value === 'function') names.add(value.name);
    }
  }
  [...names].join('\\n')`;

/**
 * Recursions that are caught, and how deep they go with the installed build of the interpreter: equally deep in Node and
 * in a page, so it is the interpreter's stack that ends and not the native one.
 */
export const CAUGHT_RECURSIONS: readonly (readonly [code: string, depth: number])[] = [
  ['let d = 0; function f() { d++; f(); } try { f(); } catch {} d', 816],
  ['let d = 0; function f() { d++; [1].map(f); } try { f(); } catch {} d', 302],
  ['let d = 0; function f() { d++; [3, 1].sort(f); } try { f(); } catch {} d', 122],
  ["let d = 0; function f() { d++; 'a'.replace(/a/, f); } try { f(); } catch {} d", 157],
  ['let d = 0; function* f() { d++; yield* f(); } try { [...f()]; } catch {} d', 372],
  ['let d = 0; async function f() { d++; await f(); } f().catch(() => {}).then(() => d)', 389],
  [
    'let d = 0; const o = { get x() { d++; return JSON.stringify({ toJSON: () => o.x }); } }; try { o.x; } catch {} d',
    174,
  ],
  ['let d = 0; class A { constructor() { d++; new A(); } } try { new A(); } catch {} d', 742],
];

/** The rooms of docs/architecture.md: each folder of src/ imports only from those before it, and no import goes in a circle. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { parseAst } from 'vite';
import { describe, expect, test } from 'vitest';

const ROOMS = [
  'graph',
  'encoder',
  'skills',
  'graders',
  'worlds',
  'executor',
  'gpu',
  'supervisor',
  'flow',
  'evolution',
  'routing',
  'training',
  'experiments',
  'session',
  'lab',
];

const SRC = import.meta.dirname;

interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** The text of a string literal or of a template without holes, bare or inside a literal type. */
function literal(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(literal);
  if (!isNode(value)) return [];
  if (value.type === 'Literal' && typeof value.value === 'string') return [value.value];
  if (value.type === 'ArrayExpression') return literal(value.elements);
  if (value.type === 'TSLiteralType') return literal(value.literal);
  if (value.type === 'TemplateLiteral' && Array.isArray(value.quasis) && value.quasis.length === 1) {
    const quasi: unknown = value.quasis[0];
    if (isNode(quasi) && typeof quasi.value === 'object' && quasi.value !== null && 'cooked' in quasi.value) {
      return [String(quasi.value.cooked)];
    }
  }
  return [];
}

function isImportMeta(value: unknown, property: string): boolean {
  return (
    isNode(value) &&
    value.type === 'MemberExpression' &&
    isNode(value.object) &&
    value.object.type === 'MetaProperty' &&
    isNode(value.property) &&
    value.property.name === property
  );
}

/** What one syntax node imports: static, type, dynamic, `import('...')` types, `new URL(..., import.meta.url)`, globs. */
function importedBy(node: Node): string[] {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
    case 'TSImportType':
      return literal(node.source);
    case 'NewExpression': {
      const [address, base] = Array.isArray(node.arguments) ? node.arguments : [];
      return isImportMeta(base, 'url') ? literal(address) : [];
    }
    case 'CallExpression':
      return isImportMeta(node.callee, 'glob') && Array.isArray(node.arguments) ? literal(node.arguments[0]) : [];
    default:
      return [];
  }
}

function specifiers(code: string, lang: 'ts' | 'tsx'): string[] {
  const found: string[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (isNode(value)) {
      found.push(...importedBy(value));
      Object.values(value).forEach(visit);
    }
  };
  visit(parseAst(code, { lang }));
  return found;
}

interface Import {
  readonly from: string;
  readonly to: string;
}

const inSrc = (path: string): string => relative(SRC, path).split(sep).join('/');

const langOf = (path: string): 'ts' | 'tsx' => (path.endsWith('x') ? 'tsx' : 'ts');

/** Relative imports of one file, as paths under src/. `path` is absolute. */
function importsOf(path: string, code: string): Import[] {
  return specifiers(code, langOf(path))
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => ({ from: inSrc(path), to: inSrc(resolve(dirname(path), specifier.replace(/\?.*$/, ''))) }));
}

function isOffLimits({ from, to }: Import): boolean {
  const [room, ...rest] = from.split('/');
  if (rest.length === 0 || to.startsWith('../')) return false;
  const target = ROOMS.indexOf(to.split('/')[0]);
  return target === -1 || target > ROOMS.indexOf(room);
}

/** One circle of imports, or none. */
function findCircle(imports: readonly Import[]): string[] {
  const next = new Map<string, string[]>();
  for (const { from, to } of imports) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): string[] => {
    const start = path.indexOf(file);
    if (start !== -1) return [...path.slice(start), file];
    if (done.has(file)) return [];
    path.push(file);
    for (const imported of next.get(file) ?? []) {
      const circle = visit(imported);
      if (circle.length > 0) return circle;
    }
    path.pop();
    done.add(file);
    return [];
  };
  for (const file of next.keys()) {
    const circle = visit(file);
    if (circle.length > 0) return circle;
  }
  return [];
}

const files = readdirSync(SRC, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name))
  .map((path) => ({ path, code: readFileSync(path, 'utf8') }));
const imports = files.flatMap(({ path, code }) => importsOf(path, code));

describe('the house', () => {
  test('has no folder that is not a room', () => {
    const folders = readdirSync(SRC, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map((folder) => folder.name).filter((name) => !ROOMS.includes(name))).toEqual([]);
  });

  test('lets each room import only from the rooms before it', () => {
    expect(imports.length).toBeGreaterThan(10);
    expect(imports.filter(isOffLimits).map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  test('has no circle of imports', () => {
    expect(findCircle(imports)).toEqual([]);
  });

  test('keeps React in the lab', () => {
    const outside = files.filter(({ path }) => !/^(lab\/|[^/]+$)/.test(inSrc(path)));
    const react = outside.filter(({ path, code }) =>
      specifiers(code, langOf(path)).some((name) => /^react(-dom)?(\/|$)/.test(name)),
    );
    expect(react.map(({ path }) => inSrc(path))).toEqual([]);
  });
});

describe('the reading of imports', () => {
  test('sees every way in which a file can name another', () => {
    const code = `
      import './a.ts';
      import type { B } from './b.ts';
      export { c } from './c.ts';
      export * from './d.wgsl?raw';
      const e = await import('./e.ts');
      const f = await import(\`./f.ts\`);
      let g: import('./g.ts').G;
      new Worker(new URL('./h.ts', import.meta.url), { type: 'module' });
      const i = import.meta.glob(['./i/*.wgsl'], { query: '?raw' });
      const element = <p>import './no.ts'</p>; // import './neither.ts'
    `;
    const found = importsOf(join(SRC, 'lab', 'x.tsx'), code).map(({ to }) => to);
    expect(found).toEqual(
      ['a.ts', 'b.ts', 'c.ts', 'd.wgsl', 'e.ts', 'f.ts', 'g.ts', 'h.ts', 'i/*.wgsl'].map((name) => `lab/${name}`),
    );
  });

  test('refuses a later room and the files above the rooms, and allows its own, earlier ones and the outside', () => {
    const offLimits = (to: string): boolean => isOffLimits({ from: 'flow/credit.ts', to });
    expect(['training/config.ts', 'lab/view.tsx', 'main.tsx', 'stray/file.ts'].map(offLimits)).not.toContain(false);
    expect(['flow/measures.ts', 'graph/exact.ts', '../configs/a.json'].map(offLimits)).not.toContain(true);
    expect(isOffLimits({ from: 'main.tsx', to: 'lab/app.tsx' })).toBe(false);
  });

  test('finds a circle of three and none in a diamond', () => {
    const edges = (...pairs: string[]): Import[] => pairs.map((pair) => ({ from: pair[0], to: pair[1] }));
    expect(findCircle(edges('ab', 'bc', 'ca'))).toEqual(['a', 'b', 'c', 'a']);
    expect(findCircle(edges('ab', 'ac', 'bd', 'cd'))).toEqual([]);
  });
});

/** No kernel goes without a comparison with its twin on WebGPU. */
import { expect, it } from 'vitest';

// What only stands in front of other shaders is compared with them.
const kernels = Object.keys(import.meta.glob(['/src/**/*.wgsl', '!/src/flow/objectives/walk.wgsl'], { query: '?raw' }));
const tests = import.meta.glob<string>('/src/**/*.browser.test.ts', { query: '?raw', import: 'default', eager: true });

/** What a source imports: the names, and the path under the project that they come from. */
function importsOf(path: string, code: string): { readonly names: readonly string[]; readonly from: string }[] {
  return [...code.matchAll(/^import \{([^}]*)\} from '([^']+)';$/gm)].map(([, names, from]) => ({
    names: names.split(',').map((name) => name.trim()),
    from: new URL(from, `file://${path}`).pathname,
  }));
}

/** The kernels' modules that a test imports beside one of the two comparisons; lint refuses imports that are not used. */
function comparedBy(path: string, code: string): string[] {
  const imports = importsOf(path, code);
  const compares = imports.some(({ names }) => names.includes('compareWithTwin') || names.includes('expectTwin'));
  if (!compares) return [];
  return imports
    .filter(({ names, from }) => names.some((name) => from.endsWith(`/${name}.ts`)))
    .map(({ from }) => from);
}

it('finds the kernels and the comparisons', () => {
  expect(kernels.length).toBeGreaterThan(30);
  expect(Object.entries(tests).filter(([path, code]) => comparedBy(path, code).length > 0).length).toBeGreaterThan(4);
});

it.each(kernels)('%s is compared with its twin by a test in the browser', (kernel) => {
  const compared = Object.entries(tests).flatMap(([path, code]) => comparedBy(path, code));
  expect(compared).toContain(kernel.replace(/\.wgsl$/, '.ts'));
});

it('sees a kernel that is imported where nothing is compared, or not at all', () => {
  const code = "import { gelu } from './gelu.ts';\nimport {\n  a,\n  expectTwin,\n} from './twins.fixture.ts';\n";
  expect(comparedBy('/src/gpu/kernels/x.browser.test.ts', code)).toEqual(['/src/gpu/kernels/gelu.ts']);
  expect(comparedBy('/src/gpu/kernels/x.browser.test.ts', code.replace('expectTwin', 'other'))).toEqual([]);
  expect(comparedBy('/src/gpu/kernels/x.browser.test.ts', code.replace('{ gelu }', '{ geluOf }'))).toEqual([]);
});

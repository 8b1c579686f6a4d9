/** Every kernel of the project: it compiles, and its WGSL is what its description says. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Backend, Command, Tensor } from './backend.ts';
import { KernelCompileError } from './failure.ts';
import type { Kernel } from './kernel.ts';
import { defineKernel } from './kernel.ts';
import { mismatches } from './testing/description.ts';
import { nullDevice } from './testing/nullDevice.ts';
import * as testKernels from './testing/testKernels.ts';
import { createWebgpuBackend } from './webgpuBackend.ts';

const sources = import.meta.glob<string>('/src/**/*.wgsl', { query: '?raw', import: 'default', eager: true });
const modules = import.meta.glob<Record<string, unknown>>(['/src/**/*.ts', '!/src/**/*.test.ts']);
const tests = import.meta.glob<string>('/src/**/*.test.ts', { query: '?raw', import: 'default', eager: true });

function isKernel(value: unknown): value is Kernel {
  return typeof value === 'object' && value !== null && 'wgsl' in value && 'bindings' in value && 'twin' in value;
}

/** What stands in front of other shaders and is none itself. */
const PRELUDES = ['/src/flow/objectives/walk.wgsl'];

/** The kernel beside a shader: exported under the shader's own name, or within an objective of that name. */
async function kernelBeside(path: string): Promise<Kernel> {
  const name = path.replace(/^.*\//, '').replace(/\.wgsl$/, '');
  const load = modules[path.replace(/\.wgsl$/, '.ts')];
  if (!load) throw new Error(`${path} has no ${name}.ts beside it`);
  const found = (await load())[name];
  const kernel = typeof found === 'object' && found !== null && 'kernel' in found ? found.kernel : found;
  if (!isKernel(kernel)) throw new Error(`${name}.ts does not export a kernel "${name}" made with defineKernel`);
  return kernel;
}

let backend: Backend;
beforeAll(async () => {
  backend = createWebgpuBackend(await nullDevice(), { adapter: 'Dawn, null', software: true });
});
afterAll(() => backend.destroy());

/** A dispatch of the kernel on small tensors: what is needed to compile it and bind to it. */
function anyDispatch(kernel: Kernel): Command {
  const tensors: Record<string, Tensor> = {};
  for (const [name, type] of Object.entries(kernel.bindings)) {
    tensors[name] = type.endsWith('f32') ? backend.tensor('f32', 64, name) : backend.tensor('u32', 64, name);
  }
  const params = Object.fromEntries(Object.keys(kernel.params).map((name) => [name, 1]));
  return { op: 'dispatch', kernel, tensors, params, invocations: 1 };
}

describe('every kernel', () => {
  it('is found', () => {
    expect(Object.keys(sources)).toContain('/src/gpu/kernels/adamw.wgsl');
  });

  for (const [path, source] of Object.entries(sources)) {
    if (PRELUDES.includes(path)) continue;
    it(`${path} compiles and is what its description says`, async () => {
      const kernel = await kernelBeside(path);
      expect(`${kernel.name}.wgsl`).toBe(path.replace(/^.*\//, ''));
      const preludes = PRELUDES.map((prelude) => `${sources[prelude]}\n${source}`);
      expect([source, ...preludes]).toContain(kernel.wgsl);
      expect(kernel.about).not.toBe('');
      await backend.record(kernel.name, [anyDispatch(kernel)]);
      expect(mismatches(kernel)).toEqual([]);
    });
  }

  it('is searched for races by a test of its room where its invocations share memory', () => {
    const sharing = Object.keys(sources).filter((path) => sources[path].includes('var<workgroup>'));
    const names = sharing.map((path) => path.replace(/^.*\/|\.wgsl$/g, ''));
    const searched = Object.values(tests).flatMap((code) => [...code.matchAll(/racesOf\(\s*(\w+)/g)].map((m) => m[1]));
    expect(names.filter((name) => !searched.includes(name))).toEqual([]);
  });

  it.each(Object.entries(testKernels))(
    '%s of the tests compiles and is what its description says',
    async (_, kernel) => {
      const plain = kernel as unknown as Kernel;
      await backend.record(plain.name, [anyDispatch(plain)]);
      expect(mismatches(plain)).toEqual([]);
    },
  );
});

const broken = (wgsl: string): Kernel =>
  defineKernel({
    name: 'broken',
    wgsl,
    bindings: { a: 'read f32', out: 'write u32' },
    params: { n: 'u32', scale: 'f32' },
    about: 'is wrong in some way',
    twin() {},
  }) as unknown as Kernel;

const sound = `
struct Params { n: u32, scale: f32 }
@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read_write> out: array<u32>;
@group(0) @binding(2) var<uniform> p: Params;
@compute @workgroup_size(64)
fn main() { out[0] = u32(a[0] * p.scale) + p.n; }`;

describe('the check of a description', () => {
  it('accepts arrays of vectors and of atomics', () => {
    expect(mismatches(broken(sound))).toEqual([]);
    expect(mismatches(broken(sound.replace('array<f32>', 'array<vec4<f32>>')))).toEqual([]);
    expect(mismatches(broken(sound.replace('array<f32>', 'array<vec2f>')))).toEqual([]);
    expect(mismatches(broken(sound.replace('array<u32>', 'array<atomic<u32>>')))).toEqual([]);
  });

  it('minds neither comments nor what functions contain', () => {
    const body = '/* } */ let block = 1u; let k = (block / 2u); if (k > 0u) { out[0] = p.n; } // }';
    expect(mismatches(broken(sound.replace('out[0]', `${body}\nout[0]`)))).toEqual([]);
  });

  it.each([
    ['a binding of another name', sound.replace(' a:', ' b:'), /binding\(0\).* a: f32/],
    ['another scalar', sound.replace('array<f32>', 'array<u32>'), /binding\(0\).* a: f32/],
    ['another order', sound.replace('binding(0)', 'binding(9)'), /binding\(0\)/],
    ['another group', sound.replace('group(0)', 'group(1)'), /group\(1\)/],
    ['another access', sound.replace('storage, read_write', 'storage, read'), /read_write out/],
    ['a parameter of another name', sound.replace('scale: f32', 'factor: f32'), /Params\.scale/],
    ['a parameter of another type', sound.replace('scale: f32', 'scale: u32'), /Params\.scale: f32/],
    [
      'parameters in another order',
      sound.replace('n: u32, scale: f32', 'scale: f32, n: u32'),
      /Params\.n: u32 at byte 0/,
    ],
    ['another entry point', sound.replace('fn main', 'fn entry'), /fn main/],
    ['another workgroup', sound.replace('size(64)', 'size(32)'), /workgroup_size\(64/],
  ])('sees %s', (_, wgsl, complaint) => {
    expect(mismatches(broken(wgsl)).join('\n')).toMatch(complaint);
  });

  it('prints line and column of what does not compile', async () => {
    const kernel = broken(sound.replace('u32(a[0] * p.scale)', 'a[0]'));
    const recorded = backend.record('step', [anyDispatch(kernel)]);
    await expect(recorded).rejects.toThrow(KernelCompileError);
    await expect(recorded).rejects.toThrow(/"broken" does not compile:\n {2}7:\d+ .*\+/);
  });

  it('refuses a shader whose bindings do not match the layout of its description', async () => {
    const kernel = broken(sound.replace('storage, read>', 'storage, read_write>'));
    await expect(backend.record('step', [anyDispatch(kernel)])).rejects.toThrow(/"broken" does not compile/);
  });
});

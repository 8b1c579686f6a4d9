import { describe, expect, it } from 'vitest';
import type { Command, Tensor } from './backend.ts';
import { dispatch } from './backend.ts';
import type { Kernel } from './kernel.ts';
import { defineKernel } from './kernel.ts';
import { scaleShift, swap } from './testing/testKernels.ts';
import { InvalidProgram, validate } from './validate.ts';

let storages = 0;
const tensor = <T extends 'f32' | 'u32'>(type: T, length: number, label: string): Tensor<T> => ({
  label,
  type,
  length,
  storage: storages++,
  offset: 0,
});

/** Stands for what plain JavaScript, or a cast, may hand over. */
const loosely = (kernel: unknown, tensors: Record<string, Tensor>, params: Record<string, number>): Command => ({
  op: 'dispatch',
  kernel: kernel as Kernel,
  tensors,
  params,
  invocations: 1,
});

describe('a program', () => {
  const a = tensor('f32', 4, 'a');
  const out = tensor('f32', 4, 'out');
  const params = { n: 4, scale: 1, shift: 0 };

  it('is accepted where it keeps the rules', () => {
    expect(() => validate('p', [dispatch(scaleShift, 4, { a, out }, params)])).not.toThrow();
  });

  it.each<[string, Command, RegExp]>([
    ['nothing bound to a name', loosely(scaleShift, { a }, params), /nothing is bound to "out"/],
    ['a name that the kernel has not', loosely(scaleShift, { a, out, b: a }, params), /no binding "b"; it has a, out/],
    [
      'a tensor of another type',
      loosely(scaleShift, { a, out: tensor('u32', 4, 'ids') }, params),
      /"out" is f32.*"ids".*u32/,
    ],
    ['a missing parameter', loosely(scaleShift, { a, out }, { n: 1, scale: 1 }), /"shift" is undefined/],
    ['a parameter too many', loosely(scaleShift, { a, out }, { ...params, bias: 1 }), /no parameter "bias"/],
    ['a fraction of an invocation', dispatch(scaleShift, 1.5, { a, out }, params), /1.5 invocations/],
    ['fewer than no invocations', dispatch(scaleShift, -1, { a, out }, params), /-1 invocations/],
  ])('is refused with %s', (_, command, complaint) => {
    const attempt = (): void => validate('step', [{ op: 'clear', tensor: a }, command]);
    expect(attempt).toThrow(InvalidProgram);
    expect(attempt).toThrow(/program "step", command 1, kernel "scaleShift"/);
    expect(attempt).toThrow(complaint);
  });

  it('is refused with more than 8 storage buffers, and accepted with 8', () => {
    const kernelOf = (n: number): Command => {
      const names = Array.from({ length: n }, (_, i) => `b${i}`);
      const kernel = defineKernel({
        name: 'wide',
        wgsl: '',
        bindings: Object.fromEntries(names.map((name) => [name, 'write f32' as const])),
        params: {},
        about: 'binds many buffers',
        twin() {},
      });
      return loosely(kernel, Object.fromEntries(names.map((name) => [name, tensor('f32', 1, name)])), {});
    };
    expect(() => validate('p', [kernelOf(8)])).not.toThrow();
    expect(() => validate('p', [kernelOf(9)])).toThrow(/"wide".*9 buffers/);
  });

  it('is refused where a grid has no room for the invocations', () => {
    const kernel = { ...swap, workgroup: 1 };
    const tensors = { a: tensor('u32', 1, 'a'), b: tensor('u32', 1, 'b') };
    expect(() => validate('p', [dispatch(kernel, 65_535 ** 2, tensors, {})])).not.toThrow();
    expect(() => validate('p', [dispatch(kernel, 65_535 ** 2 + 1, tensors, {})])).toThrow(/cannot have 4294836226/);
  });

  it('is refused where a workgroup is larger than devices have', () => {
    const command = loosely({ ...scaleShift, workgroup: 257 }, { a, out }, params);
    expect(() => validate('p', [command])).toThrow(/workgroup of 257/);
  });
});

/**
 * What every backend refuses, so that a program that records on the CPU records on a GPU too:
 * the rules of WebGPU at its default limits, told in the names of kernels and tensors.
 */
import type { Command, Tensor } from './backend.ts';
import { ALIGNMENT } from './backend.ts';
import { grid, MAX_PER_DIMENSION } from './grid.ts';
import type { ElementType } from './kernel.ts';

/** Storage buffers that one dispatch may bind on any device. */
const MAX_STORAGE_BUFFERS = 8;
/** Invocations in one workgroup on any device. */
const MAX_WORKGROUP = 256;
const MAX_U32 = 0xffff_ffff;

/** A program breaks a rule of the backends. Its message names the command, kernel and tensors. */
export class InvalidProgram extends Error {
  override readonly name = 'InvalidProgram';
}

type Dispatch = Extract<Command, { op: 'dispatch' }>;

const isU32 = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MAX_U32;

const inWords = (tensor: Tensor): string => `"${tensor.label}" [${tensor.offset}, +${tensor.length}]`;

/** @throws RangeError where the length is no element count, or `data` is longer than it */
export function validateAllocation(label: string, length: number, data?: ArrayLike<number>): void {
  if (!isU32(length)) throw new RangeError(`"${label}" cannot have ${length} elements`);
  if (data && data.length > length) {
    throw new RangeError(`${data.length} elements do not fit in "${label}" of ${length}`);
  }
}

/** @throws RangeError where the view is not aligned or leaves its tensor */
export function validateView(tensor: Tensor, offset: number, length: number, label: string): void {
  if (!isU32(offset) || !isU32(length) || offset + length > tensor.length) {
    throw new RangeError(
      `view "${label}" [${offset}, +${length}] does not fit in "${tensor.label}" of ${tensor.length}`,
    );
  }
  if (offset % ALIGNMENT !== 0) {
    throw new RangeError(`view "${label}" starts at ${offset}, which is no multiple of ${ALIGNMENT}; use aligned()`);
  }
}

/** @throws RangeError where there is more data than the tensor holds */
export function validateWrite(tensor: Tensor, data: ArrayLike<number>): void {
  validateAllocation(tensor.label, tensor.length, data);
}

function checkBindings({ kernel, tensors }: Dispatch): string | undefined {
  const names = Object.keys(kernel.bindings);
  if (names.length > MAX_STORAGE_BUFFERS) {
    return `it binds ${names.length} buffers; ${MAX_STORAGE_BUFFERS} is the most that every device has`;
  }
  const unknown = Object.keys(tensors).find((name) => !(name in kernel.bindings));
  if (unknown !== undefined) return `it has no binding "${unknown}"; it has ${names.join(', ')}`;
  for (const name of names) {
    const wanted = kernel.bindings[name].split(' ')[1];
    const tensor: Tensor | undefined = tensors[name];
    if (tensor === undefined) return `nothing is bound to "${name}"`;
    if (tensor.type !== wanted) return `"${name}" is ${wanted}, and ${inWords(tensor)} is ${tensor.type}`;
  }
  return undefined;
}

/** One buffer is either read or written in a dispatch, and what is written is written through one binding. */
function checkConflicts({ kernel, tensors }: Dispatch): string | undefined {
  const bound = Object.entries(kernel.bindings)
    .map(([name, type]) => ({ name, writes: type.startsWith('write'), tensor: tensors[name] }))
    .filter(({ tensor }) => tensor.length > 0);
  for (const [i, a] of bound.entries()) {
    for (const b of bound.slice(i + 1)) {
      if (a.tensor.storage !== b.tensor.storage) continue;
      const pair = `"${a.name}" = ${inWords(a.tensor)} and "${b.name}" = ${inWords(b.tensor)}`;
      if (a.writes !== b.writes) return `${pair} share storage, and one is read while the other is written`;
      const overlap =
        a.tensor.offset < b.tensor.offset + b.tensor.length && b.tensor.offset < a.tensor.offset + a.tensor.length;
      if (a.writes && overlap) return `${pair} overlap, and both are written`;
    }
  }
  return undefined;
}

function checkParams({ kernel, params }: Dispatch): string | undefined {
  const unknown = Object.keys(params).find((name) => !(name in kernel.params));
  if (unknown !== undefined) return `it has no parameter "${unknown}"`;
  for (const [name, type] of Object.entries<ElementType>(kernel.params)) {
    const value: number | undefined = params[name];
    const fits = type === 'u32' ? isU32(value) : typeof value === 'number' && !Number.isNaN(value);
    if (!fits) return `parameter "${name}" is ${value}, which is no ${type}`;
  }
  return undefined;
}

function checkSize({ kernel, invocations }: Dispatch, counts: Tensor<'u32'> | undefined): string | undefined {
  if (!Number.isInteger(kernel.workgroup) || kernel.workgroup < 1 || kernel.workgroup > MAX_WORKGROUP) {
    return `its workgroup of ${kernel.workgroup} is not within 1 to ${MAX_WORKGROUP}`;
  }
  if (typeof invocations === 'number') {
    const fits = isU32(invocations) && Math.max(...grid(invocations, kernel.workgroup)) <= MAX_PER_DIMENSION;
    return fits ? undefined : `it cannot have ${invocations} invocations`;
  }
  const { index, times, most } = invocations;
  if (counts === undefined) return 'its invocations come from counts, and the program was recorded without any';
  if (!isU32(index) || index >= counts.length) return `its count ${index} is not in ${inWords(counts)}`;
  if (!isU32(times)) return `its count is multiplied by ${times}, which is no u32`;
  const fits = isU32(most) && Math.max(...grid(most, kernel.workgroup)) <= MAX_PER_DIMENSION;
  if (!fits) return `it cannot have ${most} invocations`;
  return undefined;
}

function check(command: Command, counts: Tensor<'u32'> | undefined): string | undefined {
  if (command.op === 'clear') return undefined;
  if (command.op === 'copy') {
    const { from, to } = command;
    const pair = `${inWords(from)} to ${inWords(to)}`;
    if (from.type !== to.type || from.length !== to.length) return `${pair} differ in type or length`;
    if (from.storage === to.storage) return `${pair} share storage, and a device does not copy within a buffer`;
    return undefined;
  }
  return checkSize(command, counts) ?? checkBindings(command) ?? checkParams(command) ?? checkConflicts(command);
}

/** @throws InvalidProgram at the first command that some device would refuse */
export function validate(label: string, commands: readonly Command[], counts?: Tensor<'u32'>): void {
  for (const [i, command] of commands.entries()) {
    const complaint = check(command, counts);
    if (complaint === undefined) continue;
    const what = command.op === 'dispatch' ? `kernel "${command.kernel.name}"` : command.op;
    throw new InvalidProgram(`program "${label}", command ${i}, ${what}: ${complaint}`);
  }
}

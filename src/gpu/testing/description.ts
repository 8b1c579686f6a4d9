/** Holds a kernel's WGSL to its description, by reflection. Runs in Node only. */
import { type TypeInfo, WgslReflect } from 'wgsl_reflect/wgsl_reflect.module.js';
import type { Kernel } from '../kernel.ts';

/** The scalar at the bottom of a type: `f32` of `array<vec4<f32>>`, `u32` of `array<atomic<u32>>`. */
function scalarOf(type: TypeInfo): string {
  const inner = 'format' in type ? (type.format as TypeInfo | null) : null;
  // Short names of vectors, such as vec4f, carry their scalar as a letter.
  const short = /^vec[234]([fu])$/.exec(type.name);
  if (short) return short[1] === 'f' ? 'f32' : 'u32';
  return inner ? scalarOf(inner) : type.name;
}

/**
 * The module with empty function bodies. They say nothing about declarations, and wgsl_reflect 1.6 takes
 * ordinary names in them, such as `block` and `workgroup`, for keywords. Delete this once it does not.
 */
function withoutBodies(wgsl: string): string {
  const code = wgsl.replace(/\/\/.*|\/\*[\s\S]*?\*\//g, '');
  let kept = '';
  let depth = 0;
  let inFunction = false;
  for (const token of code.split(/([{}]|\bfn\b)/)) {
    if (token === 'fn') inFunction = true;
    if (token === '}') depth--;
    if (!inFunction || depth === 0) kept += token;
    if (token === '{') depth++;
    if (token === '}' && depth === 0) inFunction = false;
  }
  return kept;
}

/** What the WGSL declares and what the description expects, as comparable lines. */
function declarations(reflection: WgslReflect): string[] {
  const lines: string[] = [];
  for (const { name, group, binding, access, type } of reflection.storage) {
    const kind = type.isArray ? scalarOf(type) : `${type.name}, not an array`;
    lines.push(`@group(${group}) @binding(${binding}) storage ${access} ${name}: ${kind}`);
  }
  for (const { name, group, binding, type, members } of reflection.uniforms) {
    lines.push(`@group(${group}) @binding(${binding}) uniform ${name}: ${type.name}`);
    for (const member of members ?? []) {
      lines.push(`${type.name}.${member.name}: ${member.type.name} at byte ${member.offset}`);
    }
  }
  for (const { name } of [...reflection.textures, ...reflection.samplers]) lines.push(`texture or sampler ${name}`);
  for (const { name } of reflection.overrides) lines.push(`override ${name}`);
  for (const { name, workgroupSize } of reflection.entry.compute) {
    lines.push(`@compute @workgroup_size(${workgroupSize?.join(', ') ?? '?'}) fn ${name}`);
  }
  return lines;
}

function expectations(kernel: Kernel): string[] {
  const bindings = Object.entries(kernel.bindings);
  const params = Object.entries(kernel.params);
  return [
    ...bindings.map(([name, type], i) => {
      const [access, scalar] = type.split(' ');
      return `@group(0) @binding(${i}) storage ${access === 'write' ? 'read_write' : 'read'} ${name}: ${scalar}`;
    }),
    ...(params.length > 0 ? [`@group(0) @binding(${bindings.length}) uniform p: Params`] : []),
    ...params.map(([name, type], i) => `Params.${name}: ${type} at byte ${4 * i}`),
    `@compute @workgroup_size(${kernel.workgroup}, 1, 1) fn main`,
  ];
}

/**
 * Where the WGSL and the description differ: bindings (name, order, group, access, scalar), parameters
 * (name, order, type, offset), entry point, workgroup size.
 * @returns one line per difference, none where the two agree
 */
export function mismatches(kernel: Kernel): string[] {
  const declared = declarations(new WgslReflect(withoutBodies(kernel.wgsl)));
  const expected = expectations(kernel);
  return [
    ...expected.filter((line) => !declared.includes(line)).map((line) => `the WGSL lacks: ${line}`),
    ...declared.filter((line) => !expected.includes(line)).map((line) => `not in the description: ${line}`),
  ];
}

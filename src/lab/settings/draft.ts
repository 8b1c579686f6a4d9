/**
 * The settings as a person edits them: plain JSON that may be wrong for a while. Fields are named
 * by their paths, `suites[0].settings.height`, as on the command line, in errors and in the address.
 */
import { BadConfig } from '../../training/badConfig.ts';
import type { ConfigInput, RunConfig } from '../../training/config.ts';
import { resolveConfig } from '../../training/resolve.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type Draft = { readonly [key: string]: Json };

export interface FieldError {
  readonly path: string;
  readonly message: string;
}

export type ParsedDraft = { readonly resolved: RunConfig } | { readonly errors: readonly FieldError[] };

/** The draft with every default filled in, or what is wrong with it, field by field. */
export function parseDraft(draft: Draft): ParsedDraft {
  try {
    return { resolved: resolveConfig(draft) };
  } catch (error) {
    if (!(error instanceof BadConfig)) throw error;
    return {
      errors: error.problems.map(({ path, holds, allowed }) => ({ path, message: `holds ${holds}; ${allowed}` })),
    };
  }
}

/** What is to be done, as a sentence: that a part which was never written holds nothing goes without saying. */
export function adviceOf(error: FieldError | undefined): string | undefined {
  if (error === undefined) return undefined;
  const advice = error.message.replace(/^holds nothing; /, '');
  return `${advice.charAt(0).toUpperCase()}${advice.slice(1)}.`;
}

/** A config as a draft. */
export function draftOf(config: ConfigInput | RunConfig): Draft {
  return JSON.parse(JSON.stringify(config)) as Draft;
}

function isRecord(value: Json | undefined): value is { readonly [key: string]: Json } {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** `suites[0].name` as `['suites', '0', 'name']`. */
export function keysOf(path: string): readonly string[] {
  return path.replaceAll('[', '.').replaceAll(']', '').split('.');
}

/** The value at a path; undefined where there is none. */
export function valueAt(value: Json, path: string): Json | undefined {
  let here: Json | undefined = value;
  for (const key of keysOf(path)) {
    if (Array.isArray(here)) here = (here as readonly Json[])[Number(key)];
    else if (isRecord(here) && Object.hasOwn(here, key)) here = here[key];
    else return undefined;
  }
  return here;
}

/** A copy with `next` at `path`; undefined takes the field out, and with it what it leaves empty. */
export function withValue(draft: Draft, path: string, next: Json | undefined): Draft {
  const changed = place(draft, keysOf(path), next);
  return isRecord(changed) ? changed : {};
}

function place(value: Json | undefined, path: readonly string[], next: Json | undefined): Json | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return next;
  if (Array.isArray(value) || (value === undefined && /^\d+$/.test(key))) {
    const list = [...((value as readonly Json[] | undefined) ?? [])];
    const index = Number(key);
    if (index > list.length) return list; // no holes: the schema then reports what is missing
    const held = place(list[index], rest, next);
    if (held === undefined) list.splice(index, 1);
    else list[index] = held;
    return list.length > 0 ? list : undefined;
  }
  const record: Record<string, Json> = isRecord(value) ? { ...value } : {};
  const held = place(Object.hasOwn(record, key) ? record[key] : undefined, rest, next);
  if (held === undefined) delete record[key];
  else Object.defineProperty(record, key, { value: held, enumerable: true, configurable: true, writable: true });
  return Object.keys(record).length > 0 ? record : undefined;
}

/** Every leaf by its path. An empty object has no leaves. */
export function leaves(value: Json, prefix = ''): Map<string, Json> {
  const found = new Map<string, Json>();
  const children = Array.isArray(value)
    ? (value as readonly Json[]).map((held, index) => [`${prefix}[${index}]`, held] as const)
    : isRecord(value)
      ? Object.entries(value).map(([key, held]) => [prefix === '' ? key : `${prefix}.${key}`, held] as const)
      : null;
  if (children === null) return found.set(prefix, value);
  for (const [path, held] of children) for (const [at, leaf] of leaves(held, path)) found.set(at, leaf);
  return found;
}

/** The leaves in which `to` differs from `from`; undefined where `to` has none. */
export function differences(from: Json, to: Json): Map<string, Json | undefined> {
  const before = leaves(from);
  const after = leaves(to);
  const changed = new Map<string, Json | undefined>();
  for (const [path, leaf] of after) if (before.get(path) !== leaf) changed.set(path, leaf);
  for (const path of before.keys()) if (!after.has(path)) changed.set(path, undefined);
  return changed;
}

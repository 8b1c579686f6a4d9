/** What is wrong with a config, field by field: where, what it holds, and what it may hold. */
import { z } from 'zod';

export interface Problem {
  /** The field as a JSON path, e.g. `suites[0].settings.height`. */
  readonly path: string;
  /** The value as JSON, cut to a line, or "nothing". */
  readonly holds: string;
  /** A clause, e.g. "it may hold an integer from 1 to 8". */
  readonly allowed: string;
}

/** A config that cannot be run. Nothing was enumerated or written. */
export class BadConfig extends Error {
  override readonly name = 'BadConfig';
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    const lines = problems.map(({ path, holds, allowed }) => `${path === '' ? 'It' : path} holds ${holds}; ${allowed}`);
    super(['The config is not valid.', ...lines].join('\n  '));
    this.problems = problems;
  }
}

type Path = readonly PropertyKey[];
type Schema = z.core.JSONSchema.JSONSchema;

/** `['suites', 0, 'name']` as `suites[0].name`. */
export function pathText(path: Path): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}

/** A value as JSON, at most a line of it. */
export function holding(value: unknown): string {
  if (value === undefined) return 'nothing';
  const json = JSON.stringify(value) ?? String(value);
  return json.length > 80 ? `${json.slice(0, 77)}...` : json;
}

/** The value at a path, undefined where there is none. */
export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = Reflect.get(value, part);
  }
  return value;
}

function schemaAt(root: Schema, path: Path): Schema | undefined {
  let schema: Schema = root;
  for (const part of path) {
    const inner = typeof part === 'number' ? schema.items : schema.properties?.[String(part)];
    if (typeof inner !== 'object' || Array.isArray(inner)) return undefined;
    schema = inner;
  }
  return schema;
}

const BOUNDLESS = Number.MAX_SAFE_INTEGER;

function numberWords(schema: Schema): string {
  const words = [schema.type === 'integer' ? 'an integer' : 'a number'];
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  if (multipleOf !== undefined) words.push(`divisible by ${multipleOf}`);
  if (minimum !== undefined && minimum > -BOUNDLESS) words.push(`from ${minimum}`);
  if (exclusiveMinimum !== undefined) words.push(`above ${exclusiveMinimum}`);
  if (maximum !== undefined && maximum < BOUNDLESS) words.push(`to ${maximum}`);
  if (exclusiveMaximum !== undefined) words.push(`below ${exclusiveMaximum}`);
  return words.join(' ');
}

function schemaWords(schema: Schema): string {
  if (schema.const !== undefined) return holding(schema.const);
  if (schema.enum !== undefined) return `one of ${schema.enum.map(holding).join(', ')}`;
  if (schema.anyOf !== undefined) return schema.anyOf.map(schemaWords).join(', or ');
  switch (schema.type) {
    case 'integer':
    case 'number':
      return numberWords(schema);
    case 'string':
      return 'a text';
    case 'boolean':
      return 'true or false';
    case 'array':
      return `a list of ${schema.minItems ?? 0} to ${schema.maxItems ?? 'any number of'} entries`;
    case 'object':
      return `an object${fieldWords(schema, ' with the fields ')}`;
    default:
      return 'another value';
  }
}

function fieldWords(schema: Schema | undefined, before: string): string {
  const names = Object.keys(schema?.properties ?? {});
  return names.length === 0 ? '' : `${before}${names.join(', ')}`;
}

/**
 * What zod found, in words.
 * @param schema the schema that refused `input`
 * @param prefix where `input` stands in the config
 */
export function problemsOf(schema: z.ZodType, input: unknown, error: z.ZodError, prefix: Path = []): Problem[] {
  const json: Schema = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      const known = fieldWords(schemaAt(json, issue.path), '; the fields here are ');
      return issue.keys.map((key) => ({
        path: pathText([...prefix, ...issue.path, key]),
        holds: holding(valueAt(input, [...issue.path, key])),
        allowed: `there is no such field${known}`,
      }));
    }
    const expected = schemaAt(json, issue.path);
    const byRule = issue.code === 'custom' || expected === undefined;
    return [
      {
        path: pathText([...prefix, ...issue.path]),
        holds: holding(valueAt(input, issue.path)),
        // A format says in its own message what it asks for.
        allowed: byRule
          ? issue.message
          : `it may hold ${issue.code === 'invalid_format' ? issue.message : schemaWords(expected)}`,
      },
    ];
  });
}

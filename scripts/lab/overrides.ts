/** `--set PATH=VALUE`: fields of a config replaced from the command line. */
import type { Override } from './arguments.ts';
import { BadInput } from './badInput.ts';

const PATH = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\[\d+\])*$/;

function readPath(path: string): (string | number)[] {
  if (!PATH.test(path)) {
    throw new BadInput(`--set ${path}: this is no path of a field; write it like objective.kind or suites[0].train`);
  }
  return Array.from(path.matchAll(/\[(\d+)\]|\w+/g), ([name, index]) => (index === undefined ? name : Number(index)));
}

/** JSON where it is JSON, else the text itself, so that no shell quotes are needed. */
function readValue(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function replaced(at: unknown, path: readonly (string | number)[], value: unknown, whole: string): unknown {
  if (path.length === 0) return value;
  const [head, ...rest] = path;
  if (typeof head === 'number') {
    const list = at ?? [];
    if (!Array.isArray(list)) throw new BadInput(`--set ${whole}: there is no list at [${head}]`);
    if (head > list.length)
      throw new BadInput(`--set ${whole}: the list has ${list.length} entries, so [${head}] would leave a gap`);
    const copy: unknown[] = [...list];
    copy[head] = replaced(list[head], rest, value, whole);
    return copy;
  }
  const fields = at ?? {};
  if (typeof fields !== 'object' || Array.isArray(fields))
    throw new BadInput(`--set ${whole}: there is no object around "${head}"`);
  const copy = new Map<string, unknown>(Object.entries(fields));
  copy.set(head, replaced(copy.get(head), rest, value, whole));
  return Object.fromEntries(copy);
}

/** A copy of `config` with every override in it, later ones over earlier ones. @throws BadInput */
export function applyOverrides(config: unknown, overrides: readonly Override[]): unknown {
  return overrides.reduce(
    (changed, { path, value }) => replaced(changed, readPath(path), readValue(value), path),
    config,
  );
}

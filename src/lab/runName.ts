/** A run's name follows from its settings: the same settings always have the same name. */

const FIRST =
  'amber brisk calm clear coral crisp dusky early fair fleet gentle gold hazel jade keen lucid mellow misty noble pale quick quiet rosy sage silver slate sunny swift tawny vivid warm young'.split(
    ' ',
  );
const SECOND =
  'ash badger birch crane dove elm falcon fern finch fox hare heron ibis iris kestrel lark linnet lynx maple marten merlin moth newt oak otter owl plover robin seal swan tern wren'.split(
    ' ',
  );

/** Two words from the FNV-1a hash of the settings as JSON, their keys in sorted order. */
export function runName(config: unknown): string {
  const hash = fnv(canonical(config), 0x811c9dc5);
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
  return `${FIRST[(mixed >>> 8) % FIRST.length]}-${SECOND[(mixed >>> 20) % SECOND.length]}`;
}

/** What stands for settings and all else that a run follows from: equal for equal values, whatever the order of keys. */
export function digest(value: unknown): string {
  const text = canonical(value);
  return [0x811c9dc5, 0x2545f491].map((basis) => fnv(text, basis).toString(16).padStart(8, '0')).join('');
}

/** FNV-1a over the code points of a text. */
function fnv(text: string, basis: number): number {
  let hash = basis;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash;
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).filter(([, held]) => held !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, held]) => `${JSON.stringify(key)}:${canonical(held)}`).join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

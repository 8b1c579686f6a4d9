/**
 * The safetensors format (huggingface/safetensors, README "Format"): eight bytes with the header's
 * length (little-endian), a JSON header, and the tensors' bytes (little-endian, row-major) without holes.
 *
 * `{ "name": { "dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24] }, "__metadata__": { "key": "text" } }`
 */
import { z } from 'zod';
import { BadCheckpoint } from './badCheckpoint.ts';

export type TensorData = Float32Array | Float64Array | Uint32Array;

export interface StoredTensor {
  /** Its product is the length of `data`; `[]` is a scalar. */
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/** What a file holds: tensors by name, and texts by key. */
export interface TensorFile {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: ReadonlyMap<string, string>;
}

type Dtype = 'F32' | 'F64' | 'U32';

const ARRAYS = { F32: Float32Array, F64: Float64Array, U32: Uint32Array } as const;
const METADATA = '__metadata__';
const LENGTH_BYTES = 8;
/** What the reference implementation accepts. */
const MAX_HEADER_BYTES = 100_000_000;

const size = z.int().min(0);
const entrySchema = z.strictObject({
  dtype: z.enum(['F32', 'F64', 'U32']),
  shape: z.array(size),
  data_offsets: z.tuple([size, size]),
});
const metadataSchema = z.record(z.string(), z.string());

function dtypeOf(data: TensorData): Dtype {
  if (data instanceof Float32Array) return 'F32';
  return data instanceof Float64Array ? 'F64' : 'U32';
}

function bytesOf(data: TensorData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

const product = (shape: readonly number[]): number => shape.reduce((all, n) => all * n, 1);

/**
 * @returns the bytes of a safetensors file; equal contents in any order give equal bytes
 * @throws RangeError where a shape does not fit its data or a name is not allowed
 */
export function encodeSafetensors(file: TensorFile): Uint8Array<ArrayBuffer> {
  // Float64 first, so that every tensor starts at a multiple of its element size; then by name.
  const order = [...file.tensors].sort(
    ([a, x], [b, y]) => y.data.BYTES_PER_ELEMENT - x.data.BYTES_PER_ELEMENT || (a < b ? -1 : 1),
  );
  const header = new Map<string, unknown>();
  if (file.metadata.size > 0) {
    header.set(METADATA, Object.fromEntries([...file.metadata].sort(([a], [b]) => (a < b ? -1 : 1))));
  }
  let end = 0;
  for (const [name, { shape, data }] of order) {
    if (name === METADATA || name === '__proto__') throw new RangeError(`a tensor cannot be called "${name}"`);
    if (product(shape) !== data.length)
      throw new RangeError(`"${name}" has shape [${shape}] but ${data.length} elements`);
    header.set(name, { dtype: dtypeOf(data), shape, data_offsets: [end, end + data.byteLength] });
    end += data.byteLength;
  }
  const json = JSON.stringify(Object.fromEntries(header));
  const text = new TextEncoder().encode(json);
  const headerBytes = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(LENGTH_BYTES + headerBytes + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes), true);
  bytes.fill(0x20, LENGTH_BYTES, LENGTH_BYTES + headerBytes);
  bytes.set(text, LENGTH_BYTES);
  let position = LENGTH_BYTES + headerBytes;
  for (const [, { data }] of order) {
    bytes.set(bytesOf(data), position);
    position += data.byteLength;
  }
  return bytes;
}

/**
 * Reads bytes of unknown origin. Every tensor is a copy.
 * @throws BadCheckpoint naming the place
 */
export function decodeSafetensors(bytes: Uint8Array): TensorFile {
  const { header, dataStart } = readHeader(bytes);
  const metadata = new Map<string, string>();
  const entries: { name: string; entry: z.output<typeof entrySchema> }[] = [];
  for (const [name, value] of Object.entries(header)) {
    if (name === METADATA) {
      const parsed = metadataSchema.safeParse(value);
      if (!parsed.success) throw new BadCheckpoint('header, __metadata__', problemOf(parsed.error));
      for (const [key, text] of Object.entries(parsed.data)) metadata.set(key, text);
    } else {
      const parsed = entrySchema.safeParse(value);
      if (!parsed.success) throw new BadCheckpoint(`header, tensor "${name}"`, problemOf(parsed.error));
      entries.push({ name, entry: parsed.data });
    }
  }

  entries.sort(
    (a, b) => a.entry.data_offsets[0] - b.entry.data_offsets[0] || a.entry.data_offsets[1] - b.entry.data_offsets[1],
  );
  const tensors = new Map<string, StoredTensor>();
  const available = bytes.length - dataStart;
  let position = 0;
  for (const { name, entry } of entries) {
    const place = `tensor "${name}"`;
    const [start, end] = entry.data_offsets;
    const type = ARRAYS[entry.dtype];
    const length = product(entry.shape);
    if (start !== position) {
      throw new BadCheckpoint(place, `begins at byte ${start} of the data; the tensor before it ends at ${position}`);
    }
    if (end > available)
      throw new BadCheckpoint(place, `ends at byte ${end} of the data, which is only ${available} bytes long`);
    if (end - start !== length * type.BYTES_PER_ELEMENT) {
      throw new BadCheckpoint(
        place,
        `holds ${end - start} bytes; ${entry.dtype} of shape [${entry.shape}] needs ${length * type.BYTES_PER_ELEMENT}`,
      );
    }
    tensors.set(name, { shape: entry.shape, data: new type(bytes.slice(dataStart + start, dataStart + end).buffer) });
    position = end;
  }
  if (position !== available)
    throw new BadCheckpoint('data', `${available} bytes long; the header describes ${position}`);
  return { tensors, metadata };
}

function readHeader(bytes: Uint8Array): { header: Record<string, unknown>; dataStart: number } {
  if (bytes.length < LENGTH_BYTES)
    throw new BadCheckpoint('file', `${bytes.length} bytes long; the shortest is ${LENGTH_BYTES + 2}`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, LENGTH_BYTES).getBigUint64(0, true));
  const dataStart = LENGTH_BYTES + length;
  if (length > MAX_HEADER_BYTES || dataStart > bytes.length) {
    throw new BadCheckpoint(
      'header',
      `said to be ${length} bytes long in a file of ${bytes.length}; it is cut short or no safetensors file`,
    );
  }
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(LENGTH_BYTES, dataStart));
    header = JSON.parse(text);
  } catch (error) {
    throw new BadCheckpoint('header', `not JSON in UTF-8 (${error instanceof Error ? error.message : String(error)})`);
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    throw new BadCheckpoint('header', 'not a JSON object');
  const twice = repeatedKey(text);
  if (twice !== undefined) throw new BadCheckpoint('header', `the name "${twice}" stands twice`);
  if (Object.hasOwn(header, '__proto__')) throw new BadCheckpoint('header', 'a tensor cannot be called "__proto__"');
  return { header: header as Record<string, unknown>, dataStart };
}

/** The first key that an object of this (valid) JSON text has twice: JSON.parse keeps the last and says nothing. */
function repeatedKey(json: string): string | undefined {
  const objects: (Set<string> | null)[] = [];
  const token = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g;
  for (const match of json.matchAll(token)) {
    const text = match[0];
    if (text === '{' || text === '[') objects.push(text === '{' ? new Set() : null);
    else if (text === '}' || text === ']') objects.pop();
    else if (match[1] !== undefined) {
      const key: string = JSON.parse(text.slice(0, -match[1].length));
      const keys = objects.at(-1);
      if (keys?.has(key)) return key;
      keys?.add(key);
    }
  }
  return undefined;
}

function problemOf(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue.path.length > 0 ? `${issue.path.join('.')}: ${issue.message}` : issue.message;
}

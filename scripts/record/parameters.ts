/**
 * The parameters of a recorded run in little room: what training added to the first values, which
 * follow from the seed, as 16-bit levels of one scale per tensor.
 *
 * Layers on texts are most of the Supervisor, but on the few texts of one task their product with the
 * texts' vectors is all that counts. `X` holds one text a row; of the layer's change `D` only its part
 * in the span of the rows of `X` is seen, and that part is `X^T A` with `A = (X X^T)^-1 X D`: one row a
 * text in place of one row a dimension.
 */
import type { RecordedParameters } from '../../src/lab/recorded.ts';
import type { ParameterLayout } from '../../src/supervisor/parameters.ts';
import type { TaskStore } from '../../src/supervisor/taskStore.ts';

const ZERO_LEVEL = 32_768;
const MOST_LEVELS = 32_767;

/** @param values `[layout.length]` parameters, and `initial` what they were at step 0 @param store of one task */
export function packParameters(
  layout: ParameterLayout,
  initial: Float32Array,
  values: Float32Array,
  store: TaskStore,
): RecordedParameters {
  return Object.fromEntries(
    Object.values(layout.tensors).map((tensor) => {
      const { name, offset, rows, columns } = tensor;
      const change = Float64Array.from(
        values.subarray(offset, offset + rows * columns),
        (value, i) => value - initial[offset + i],
      );
      const texts = textsOf(name, layout, store);
      return [name, quantised(texts === null ? change : alongTexts(change, texts, columns))];
    }),
  );
}

/** The parameters that `packParameters` has kept. @throws RangeError where they are of another Supervisor or task */
export function unpackParameters(
  layout: ParameterLayout,
  initial: Float32Array,
  packed: RecordedParameters,
  store: TaskStore,
): Float32Array {
  const values = initial.slice();
  for (const tensor of Object.values(layout.tensors)) {
    const { name, offset, rows, columns } = tensor;
    const texts = textsOf(name, layout, store);
    const wanted = (texts === null ? rows : texts.length + 1) * columns;
    const kept = packed[name];
    if (kept?.levels.length !== wanted)
      throw new RangeError(`"${name}" holds ${kept?.levels.length ?? 'no'} levels; this run has ${wanted}`);
    const levels = Float64Array.from(kept.levels, (level) => kept.scale * (level - ZERO_LEVEL));
    const change = texts === null ? levels : acrossDimensions(levels, texts, columns);
    for (const [i, added] of change.entries()) values[offset + i] += added;
  }
  return values;
}

/** Vectors of the distinct texts that a layer reads, one a row; null where it reads something else. */
function textsOf(name: string, { shape: { dimensions } }: ParameterLayout, store: TaskStore): Float32Array[] | null {
  const {
    tasks: [{ actionVector, tokenVector }],
    vectors,
  } = store;
  const rows = (numbers: Uint32Array): Float32Array[] =>
    [...new Set(numbers)].map((id) => vectors.subarray(id * dimensions, (id + 1) * dimensions));
  if (name.endsWith('.action')) return rows(actionVector);
  if (name.endsWith('.token')) return rows(tokenVector);
  // A task's vector is that of its whole text, the last of its tokens.
  if (name.endsWith('.task') || name === 'logZ.head') return rows(tokenVector.subarray(-1));
  return null;
}

/** `A` and below it the change of the bias, from the change of a layer `[dimensions + 1, columns]`. */
function alongTexts(change: Float64Array, texts: readonly Float32Array[], columns: number): Float64Array {
  const [dimensions, n] = [texts[0].length, texts.length];
  const along = new Float64Array((n + 1) * columns);
  for (const [k, text] of texts.entries()) {
    for (let i = 0; i < dimensions; i++) {
      for (let j = 0; j < columns; j++) along[k * columns + j] += text[i] * change[i * columns + j];
    }
  }
  solve(gram(texts), along.subarray(0, n * columns), columns);
  along.set(change.subarray(dimensions * columns), n * columns);
  return along;
}

/** `X^T A` and below it the change of the bias. */
function acrossDimensions(along: Float64Array, texts: readonly Float32Array[], columns: number): Float64Array {
  const [dimensions, n] = [texts[0].length, texts.length];
  const change = new Float64Array((dimensions + 1) * columns);
  for (const [k, text] of texts.entries()) {
    for (let i = 0; i < dimensions; i++) {
      for (let j = 0; j < columns; j++) change[i * columns + j] += text[i] * along[k * columns + j];
    }
  }
  change.set(along.subarray(n * columns), dimensions * columns);
  return change;
}

function gram(texts: readonly Float32Array[]): number[][] {
  return texts.map((a) => texts.map((b) => a.reduce((sum, value, i) => sum + value * b[i], 0)));
}

/** Replaces the rows of `right`, `[n, columns]`, by those of `matrix^-1 right`. @throws RangeError where it is singular */
function solve(matrix: number[][], right: Float64Array, columns: number): void {
  const n = matrix.length;
  for (let k = 0; k < n; k++) {
    // Symmetric and positive definite: no pivoting is needed.
    const pivot = matrix[k][k];
    if (pivot < 1e-6) throw new RangeError('The vectors of the texts depend on each other.');
    for (let row = 0; row < n; row++) {
      if (row === k) continue;
      const factor = matrix[row][k] / pivot;
      for (let i = k; i < n; i++) matrix[row][i] -= factor * matrix[k][i];
      for (let j = 0; j < columns; j++) right[row * columns + j] -= factor * right[k * columns + j];
    }
  }
  for (let k = 0; k < n; k++) for (let j = 0; j < columns; j++) right[k * columns + j] /= matrix[k][k];
}

function quantised(values: Float64Array): { readonly scale: number; readonly levels: Uint16Array } {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  // The file keeps seven digits of it.
  const scale = Number((largest / MOST_LEVELS).toPrecision(7));
  const levels = Uint16Array.from(values, (value) => ZERO_LEVEL + (scale === 0 ? 0 : Math.round(value / scale)));
  return { scale, levels };
}

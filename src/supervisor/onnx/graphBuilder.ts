/** A graph of ONNX, operator by operator, and its way to the bytes of a model (onnx.proto by npm `onnx-proto`). */
import type { onnx } from 'onnx-proto';

/** The name of what an operator gives. */
export type Value = string;
/** A number, or the name of one that whoever runs the model chooses. */
export type Dimension = number | string;
export type ElementName = 'float32' | 'int32';
/** What is computed with inside and given; inputs are float32 in any case. */
export type Precision = 'float32' | 'float64';

/** ONNX 1.10: the newest operators that `onnx-proto` knows the format of; onnxruntime reads them and newer ones. */
export const OPSET = 15;
const IR_VERSION = 8;
/** TensorProto.DataType. */
const FLOAT = 1;
const INT32 = 6;
const INT64 = 7;
const DOUBLE = 11;
/** AttributeProto.AttributeType. */
const INT = 2;
const INTS = 7;
const ELEMENTS: Readonly<Record<ElementName, number>> = { float32: FLOAT, int32: INT32 };

const product = (dims: readonly number[]): number => dims.reduce((all, n) => all * n, 1);

function typed(elemType: number, dims: readonly Dimension[]): onnx.ITypeProto {
  const dim = dims.map((n) => (typeof n === 'number' ? { dimValue: n } : { dimParam: n }));
  return { tensorType: { elemType, shape: { dim } } };
}

function attributeOf(name: string, value: number | readonly number[]): onnx.IAttributeProto {
  return typeof value === 'number' ? { name, type: INT, i: value } : { name, type: INTS, ints: [...value] };
}

/** What is written into a model beside its graph. */
export interface ModelText {
  readonly name: string;
  readonly about: string;
  readonly version: string;
  readonly metadata: Readonly<Record<string, string>>;
}

export class GraphBuilder {
  readonly #nodes: onnx.INodeProto[] = [];
  readonly #initializers: onnx.ITensorProto[] = [];
  readonly #inputs: onnx.IValueInfoProto[] = [];
  readonly #outputs: onnx.IValueInfoProto[] = [];
  readonly #names = new Set<string>();

  constructor(readonly precision: Precision = 'float32') {}

  get #float(): number {
    return this.precision === 'float32' ? FLOAT : DOUBLE;
  }

  /** @throws RangeError where the name is taken */
  #claim(name: string): Value {
    if (this.#names.has(name)) throw new RangeError(`The graph has a value "${name}" already.`);
    this.#names.add(name);
    return name;
  }

  input(name: string, type: ElementName, dims: readonly Dimension[], about: string): Value {
    this.#inputs.push({ name: this.#claim(name), type: typed(ELEMENTS[type], dims), docString: about });
    return type === 'float32' && this.precision === 'float64' ? this.toFloat(name) : name;
  }

  /**
   * A constant: floats, or int64 where it is an axis, a shape or a number of rows. One name is one constant.
   * @throws RangeError where the shape does not fit the data
   */
  constant(name: string, dims: readonly number[], data: Float32Array | readonly number[]): Value {
    if (product(dims) !== data.length) throw new RangeError(`"${name}" is [${dims}] and has ${data.length} elements.`);
    const floats = data instanceof Float32Array;
    const values = !floats
      ? BigInt64Array.from(data, BigInt)
      : this.precision === 'float32'
        ? data.slice()
        : Float64Array.from(data);
    this.#initializers.push({
      name: this.#claim(name),
      dims: [...dims],
      dataType: floats ? this.#float : INT64,
      rawData: new Uint8Array(values.buffer),
    });
    return name;
  }

  /** A whole number, or a list of them; made once however often it is asked for. */
  integers(...values: readonly number[]): Value {
    const name = `integers.${values.join('.')}`;
    return this.#names.has(name) ? name : this.constant(name, [values.length], values);
  }

  /** A whole number without a dimension. */
  integer(value: number): Value {
    const name = `integer.${value}`;
    return this.#names.has(name) ? name : this.constant(name, [], [value]);
  }

  /** A number without a dimension, in the graph's precision. */
  number(value: number): Value {
    const name = `number.${value}`;
    if (this.#names.has(name)) return name;
    const values = this.precision === 'float32' ? Float32Array.of(value) : Float64Array.of(value);
    const rawData = new Uint8Array(values.buffer);
    this.#initializers.push({ name: this.#claim(name), dims: [], dataType: this.#float, rawData });
    return name;
  }

  /** Floats in the graph's precision. */
  toFloat(value: Value): Value {
    return this.op('Cast', [value], { to: this.#float });
  }

  /** Whole numbers that can be compared with numbers of rows. */
  toInt64(value: Value): Value {
    return this.op('Cast', [value], { to: INT64 });
  }

  /** An operator with one output. @throws RangeError where an input is no value of the graph */
  op(
    opType: string,
    inputs: readonly Value[],
    attributes: Readonly<Record<string, number | readonly number[]>> = {},
  ): Value {
    const missing = inputs.find((name) => !this.#names.has(name));
    if (missing !== undefined) throw new RangeError(`${opType} reads "${missing}", which the graph does not have.`);
    const output = this.#claim(`${opType}.${this.#nodes.length}`);
    this.#nodes.push({
      name: output,
      opType,
      input: [...inputs],
      output: [output],
      attribute: Object.entries(attributes).map(([name, value]) => attributeOf(name, value)),
    });
    return output;
  }

  /** Gives floats to the outside, under a name. */
  output(value: Value, name: string, dims: readonly Dimension[], about: string): void {
    this.#nodes.push({ name, opType: 'Identity', input: [value], output: [this.#claim(name)] });
    this.#outputs.push({ name, type: typed(this.#float, dims), docString: about });
  }

  /** The model as it stands in a file. What writes the format is loaded when it is first asked for. */
  async bytes({ name, about, version, metadata }: ModelText): Promise<Uint8Array<ArrayBuffer>> {
    const { ModelProto } = await protobuf();
    const model: onnx.IModelProto = {
      irVersion: IR_VERSION,
      opsetImport: [{ domain: '', version: OPSET }],
      producerName: 'skillflow-lab',
      producerVersion: version,
      docString: about,
      metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
      graph: {
        name,
        node: this.#nodes,
        initializer: this.#initializers,
        input: this.#inputs,
        output: this.#outputs,
      },
    };
    // A copy: the writer's bytes may be part of a larger buffer.
    return Uint8Array.from(ModelProto.encode(model).finish());
  }
}

type Protobuf = typeof import('onnx-proto')['onnx'];

/** `onnx-proto` is CommonJS: Node puts all of it under `default`, a bundler beside it too. */
async function protobuf(): Promise<Protobuf> {
  const loaded: { readonly onnx?: Protobuf; readonly default?: { readonly onnx?: Protobuf } } = await import(
    'onnx-proto'
  );
  const found = loaded.onnx ?? loaded.default?.onnx;
  if (found === undefined) throw new Error('npm "onnx-proto" was loaded and holds no definition of ONNX.');
  return found;
}

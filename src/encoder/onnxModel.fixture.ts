/** Tiny ONNX models and their tokenizer, written byte by byte: ONNX is protocol buffers (onnx/onnx.proto). */

export const WIDTH = 16;

/** 60 tokens: what frames and fills up, words of the lab's worlds, and pieces that go on a word. */
export const VOCABULARY: readonly string[] = [
  '[PAD] [UNK] [CLS] [SEP] [MASK] a the on in of to is put take open close heat cool clean mug cup desk lamp shelf',
  'fridge sink capital currency language border france japan brazil what which country has two hop find answer search',
  '##ed ##s ##ing ##er ##y ##land b c d e f g h i j k x z',
]
  .join(' ')
  .split(' ');

/** A `tokenizer.json` as the Hugging Face library writes it: lower case, WordPiece, framed by [CLS] and [SEP]. */
export function tokenizerJson(change: Record<string, unknown> = {}): Uint8Array {
  const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];
  const frame = (id: string) => ({ SpecialToken: { id, type_id: 0 } });
  const json = {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: special.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [frame('[CLS]'), { Sequence: { id: 'A', type_id: 0 } }, frame('[SEP]')],
      pair: [],
      special_tokens: {
        '[CLS]': { id: '[CLS]', ids: [2], tokens: ['[CLS]'] },
        '[SEP]': { id: '[SEP]', ids: [3], tokens: ['[SEP]'] },
      },
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(VOCABULARY.map((token, id) => [token, id])),
    },
    ...change,
  };
  return new TextEncoder().encode(JSON.stringify(json));
}

/** A value in [-1, 1] that depends on its place alone. */
const value = (i: number): number => Math.fround(Math.sin(12.9898 * (i + 1)));
/** `[tokens, WIDTH]` */
export const embedding = (tokens: number): Float32Array =>
  Float32Array.from({ length: tokens * WIDTH }, (_, i) => value(i));
/** `[WIDTH, WIDTH]` */
export const weight: Float32Array = Float32Array.from({ length: WIDTH * WIDTH }, (_, i) => value(7000 + i) / 4);

/** By hand, in float64: the unit vector of `mean over tokens of tanh(E[token] W)`. */
export function vectorByHand(ids: readonly number[]): number[] {
  const table = embedding(VOCABULARY.length);
  const sum = Array.from({ length: WIDTH }, () => 0);
  for (const id of ids) {
    for (let d = 0; d < WIDTH; d++) {
      let inner = 0;
      for (let k = 0; k < WIDTH; k++) inner += table[id * WIDTH + k] * weight[k * WIDTH + d];
      sum[d] += Math.tanh(inner);
    }
  }
  const norm = Math.hypot(...sum);
  return sum.map((entry) => entry / norm);
}

// The wire format: a field is its number and kind as a varint, then a varint or a length and bytes.

type Bytes = readonly number[];

function varint(number: number): number[] {
  const bytes: number[] = [];
  let rest = number;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return [...bytes, rest];
}
const int = (field: number, number: number): number[] => [...varint(8 * field), ...varint(number)];
const bytes = (field: number, content: Bytes): number[] => [
  ...varint(8 * field + 2),
  ...varint(content.length),
  ...content,
];
const text = (field: number, content: string): number[] => bytes(field, [...new TextEncoder().encode(content)]);

const FLOAT = 1;
export const INT64 = 7;
export const INT32 = 6;

function tensor(name: string, dims: readonly number[], data: Float32Array | BigInt64Array): number[] {
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const type = data instanceof Float32Array ? FLOAT : INT64;
  return [...dims.flatMap((dim) => int(1, dim)), ...int(2, type), ...text(8, name), ...bytes(9, [...raw])];
}

interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes?: Readonly<Record<string, number>>;
}

function node({ op, inputs, output, attributes = {} }: OnnxNode): number[] {
  const listed = Object.entries(attributes).map(([name, i]) =>
    bytes(5, [...text(1, name), ...int(3, i), ...int(20, 2)]),
  );
  return [...inputs.flatMap((input) => text(1, input)), ...text(2, output), ...text(4, op), ...listed.flat()];
}

interface Port {
  readonly name: string;
  readonly type: number;
  readonly dims: readonly (number | string)[];
}

function port({ name, type, dims }: Port): number[] {
  const shape = dims.flatMap((dim) => bytes(1, typeof dim === 'number' ? int(1, dim) : text(2, dim)));
  return [...text(1, name), ...bytes(2, bytes(1, [...int(1, type), ...bytes(2, shape)]))];
}

interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  readonly tensors: readonly number[][];
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}

function modelOf({ nodes, tensors, inputs, outputs }: OnnxGraph): Uint8Array {
  const graph = [
    ...nodes.flatMap((one) => bytes(1, node(one))),
    ...text(2, 'tiny'),
    ...tensors.flatMap((one) => bytes(5, one)),
    ...inputs.flatMap((one) => bytes(11, port(one))),
    ...outputs.flatMap((one) => bytes(12, port(one))),
  ];
  return Uint8Array.from([...int(1, 8), ...bytes(7, graph), ...bytes(8, [...text(1, ''), ...int(2, 13)])]);
}

export const ids = (name: string, type = INT64): Port => ({ name, type, dims: ['batch', 'tokens'] });

export interface TinyModel {
  readonly inputs?: readonly Port[];
  /** Tokens that it knows. */
  readonly tokens?: number;
  /** What it gives: vectors of tokens, of texts (pooled by itself), or of tokens under another name. */
  readonly gives?: 'tokens' | 'texts' | 'renamed' | 'pooler-too' | 'ids';
  /** Numbers of an output vector: another than 16 cuts it. */
  readonly width?: number;
}

/** Embedding, a matrix and tanh; where it pools, the sum over the tokens that the mask keeps. */
export function tinyModel({
  tokens = VOCABULARY.length,
  gives = 'tokens',
  width = WIDTH,
  ...rest
}: TinyModel = {}): Uint8Array {
  const inputs = rest.inputs ?? [ids('input_ids'), ids('attention_mask'), ids('token_type_ids')];
  const columns = Float32Array.from(
    { length: WIDTH * width },
    (_, i) => weight[Math.floor(i / width) * WIDTH + (i % width)],
  );
  const tensors = [
    tensor('E', [tokens, WIDTH], embedding(tokens)),
    tensor('W', [WIDTH, width], columns),
    tensor('one', [1], BigInt64Array.from([1n])),
  ];
  const first = inputs[0]?.name ?? 'input_ids';
  const hidden = gives === 'renamed' ? 'hidden' : 'last_hidden_state';
  const layers: OnnxNode[] = [
    { op: 'Gather', inputs: ['E', first], output: 'embedded', attributes: { axis: 0 } },
    { op: 'MatMul', inputs: ['embedded', 'W'], output: 'mixed' },
    { op: 'Tanh', inputs: ['mixed'], output: hidden },
  ];
  const ofTokens: Port = { name: hidden, type: FLOAT, dims: ['batch', 'tokens', width] };
  if (gives === 'ids') {
    const nodes: OnnxNode[] = [{ op: 'Identity', inputs: [first], output: 'last_hidden_state' }];
    return modelOf({ nodes, tensors: [], inputs, outputs: [ids('last_hidden_state')] });
  }
  if (gives === 'tokens' || gives === 'renamed') {
    return modelOf({ nodes: layers, tensors, inputs, outputs: [ofTokens] });
  }
  const pooled = gives === 'texts' ? 'sentence_embedding' : 'pooler_output';
  const pooling: OnnxNode[] = [
    { op: 'Cast', inputs: ['attention_mask'], output: 'mask', attributes: { to: FLOAT } },
    { op: 'Unsqueeze', inputs: ['mask', 'one'], output: 'row' },
    { op: 'MatMul', inputs: ['row', hidden], output: 'summed' },
    { op: 'Squeeze', inputs: ['summed', 'one'], output: gives === 'texts' ? pooled : 'squeezed' },
    // A pooler that says something else than the mean.
    ...(gives === 'texts' ? [] : [{ op: 'Abs', inputs: ['squeezed'], output: pooled }]),
  ];
  const outputs: Port[] = [ofTokens, { name: pooled, type: FLOAT, dims: ['batch', width] }];
  return modelOf({ nodes: [...layers, ...pooling], tensors, inputs, outputs });
}

/** A model that asks for so many floats a token. */
export function hugeModel(floats: number): Uint8Array {
  const nodes: OnnxNode[] = [
    { op: 'ConstantOfShape', inputs: ['shape'], output: 'huge' },
    { op: 'Cast', inputs: ['input_ids'], output: 'numbers', attributes: { to: FLOAT } },
    { op: 'Unsqueeze', inputs: ['numbers', 'two'], output: 'column' },
    { op: 'Add', inputs: ['column', 'huge'], output: 'last_hidden_state' },
  ];
  const tensors = [
    tensor('shape', [1], BigInt64Array.from([BigInt(floats)])),
    tensor('two', [1], BigInt64Array.from([2n])),
  ];
  const outputs: Port[] = [{ name: 'last_hidden_state', type: FLOAT, dims: ['batch', 'tokens', 'numbers'] }];
  return modelOf({ nodes, tensors, inputs: [ids('input_ids'), ids('attention_mask')], outputs });
}

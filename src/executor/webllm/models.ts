/** The models of the installed version of WebLLM, what each needs, and whether this device can run it. */
import { type DeviceFacts, LEAST_LIMITS, LIMIT_NAMES } from './device.ts';
import { type Licence, licenceOf } from './licences.ts';

/** What is read of an entry of WebLLM's own list (its `ModelRecord`). */
export interface ModelRecord {
  readonly model: string;
  readonly model_id: string;
  readonly model_lib: string;
  /** Of a model in parts; its prompts are put together in another way. */
  readonly model_manifest?: string;
  readonly overrides?: { readonly context_window_size?: number } | undefined;
  readonly vram_required_MB?: number;
  readonly low_resource_required?: boolean;
  readonly buffer_size_required_bytes?: number;
  readonly required_features?: readonly string[];
  /** 0 or absent: a language model; 1: of embeddings; 2: of pictures and text. */
  readonly model_type?: number;
}

/** Weights as stored and numbers as computed with, e.g. 4 bits and f16 for `q4f16_1`. */
export interface Quantisation {
  readonly name: string;
  /** Bits of a stored weight; those of the arithmetic where they are stored as they are. */
  readonly weightBits: number;
  readonly arithmetic: 'f16' | 'f32';
}

/** A model as the lab shows it. The list does not tell the size of a download; `sizeOfWeights` asks the model itself. */
export interface ListedModel {
  readonly id: string;
  /** What is downloaded, from where. */
  readonly weights: string;
  readonly library: string;
  /** null where the id does not tell. */
  readonly quantisation: Quantisation | null;
  /** Memory in MB that WebLLM says it takes on the GPU, with its context; null where it does not say. */
  readonly memoryMB: number | null;
  /** WebLLM calls it fit for phones and the like. */
  readonly light: boolean;
  /** Tokens of prompt and answer together; null where the list leaves it to the model's own config. */
  readonly contextTokens: number | null;
  /** Of WebGPU. */
  readonly features: readonly string[];
  /** Bytes that must fit into one storage binding. */
  readonly bindingBytes: number;
  /** null: unknown, see the model's page. */
  readonly licence: Licence | null;
  /** Of this model in f32 arithmetic, for devices without `shader-f16`; null where there is none, or it is that. */
  readonly inF32: string | null;
}

/** Whether a device runs a model. `perhaps`: nothing speaks against it that the browser tells, but memory may be short. */
export interface Verdict {
  readonly runs: 'yes' | 'perhaps' | 'no';
  /** In sentences; empty for a plain yes. */
  readonly why: string;
  /** What can be done; empty for a plain yes. */
  readonly advice: string;
}

/** The quantisation in a model's id, as MLC names them: bits of a weight, arithmetic, variant. */
export function quantisationOf(modelId: string): Quantisation | null {
  const [, bits, arithmetic, variant] = /-q(\d)f(16|32)((?:_\d)?)(?:-|$)/.exec(modelId) ?? [];
  if (bits === undefined) return null;
  return {
    name: `q${bits}f${arithmetic}${variant}`,
    weightBits: Number(bits) === 0 ? Number(arithmetic) : Number(bits),
    arithmetic: arithmetic === '16' ? 'f16' : 'f32',
  };
}

const F16 = 'shader-f16';

/**
 * WebLLM's list as the lab shows it, without models of embeddings, which answer nothing.
 * @param records `prebuiltAppConfig.model_list`
 */
export function listModels(records: readonly ModelRecord[]): readonly ListedModel[] {
  const ids = new Set(records.map(({ model_id }) => model_id));
  return records.filter(({ model_type }) => model_type !== 1).map((record) => listed(record, ids));
}

function listed(record: ModelRecord, ids: ReadonlySet<string>): ListedModel {
  const id = record.model_id;
  const quantisation = quantisationOf(id);
  const said = record.required_features ?? [];
  // The list leaves `shader-f16` out for many models whose kernels compute in f16, e.g. Llama-3.2-1B-Instruct-q4f16_1.
  const features = quantisation?.arithmetic === 'f16' && !said.includes(F16) ? [...said, F16] : said;
  const inF32 = id.replace(/-q(\d)f16/, '-q$1f32');
  return {
    id,
    weights: record.model,
    library: record.model_lib,
    quantisation,
    memoryMB: record.vram_required_MB ?? null,
    light: record.low_resource_required === true,
    contextTokens: record.overrides?.context_window_size ?? null,
    features,
    bindingBytes: record.buffer_size_required_bytes ?? 0,
    licence: licenceOf(id),
    inF32: inF32 !== id && ids.has(inF32) ? inF32 : null,
  };
}

const mebibytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MiB`;

/** Of the largest binding that the engine asks a device for, whatever the adapter has. */
const MOST_BINDING = 2 ** 30;

/** Whether this device runs the model, and if not, why, and what to do. A pure function. */
export function canRun(model: ListedModel, { secure, adapter, memory }: DeviceFacts): Verdict {
  const no = (why: string, advice: string): Verdict => ({ runs: 'no', why, advice });
  if (!secure) {
    return no(
      'This page is not secure, so it has neither WebGPU nor storage.',
      'Open it over https, or from localhost.',
    );
  }
  if (adapter === null) {
    return no(
      'The browser found no GPU for WebGPU.',
      'Use a browser with WebGPU, switch on its hardware acceleration, or choose an executor that needs no GPU.',
    );
  }
  const missing = model.features.filter((feature) => !adapter.features.has(feature));
  if (missing.length > 0) {
    const instead = missing.includes(F16) && model.inF32 !== null;
    return no(
      `It needs ${missing.join(' and ')}, which this GPU or browser does not offer.`,
      instead ? `Choose ${model.inF32}, the same model in f32.` : 'Choose a model whose name has f32 in it.',
    );
  }
  const short = LIMIT_NAMES.find((name) => adapter.limits[name] < LEAST_LIMITS[name]);
  if (short !== undefined) {
    return no(
      `WebLLM needs ${short} of ${LEAST_LIMITS[short]}, and this GPU has ${adapter.limits[short]}.`,
      'Use another GPU or browser, or choose an executor that needs no GPU.',
    );
  }
  const binding = Math.min(adapter.limits.maxStorageBufferBindingSize, MOST_BINDING);
  if (model.bindingBytes > binding) {
    return no(
      `It needs a buffer of ${mebibytes(model.bindingBytes)} in one piece, and this GPU binds ${mebibytes(binding)}.`,
      'Choose a smaller model.',
    );
  }
  if (adapter.software) {
    return {
      runs: 'perhaps',
      why: 'This GPU is software and computes on the CPU: an answer may take minutes.',
      advice: 'Choose the smallest model, or switch on the hardware acceleration of the browser.',
    };
  }
  // Browsers round main memory and cap what they tell, so only less than the cap says anything.
  if (model.memoryMB !== null && memory !== null && memory < 8 && model.memoryMB > memory * 1024) {
    return {
      runs: 'perhaps',
      why: `It takes about ${Math.ceil(model.memoryMB)} MB of GPU memory, and this device has about ${memory} GiB of main memory. Browsers do not tell how much a GPU has.`,
      advice: 'Choose a smaller model if the GPU has no memory of its own.',
    };
  }
  return { runs: 'yes', why: '', advice: '' };
}

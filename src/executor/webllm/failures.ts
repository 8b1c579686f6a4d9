/**
 * What the engine of 0.2.86 says when it fails, as a failure of a model. Its errors cross its worker as plain strings
 * (`err.toString()`), so they are told apart by their words; failures.test.ts holds the words against those of the engine.
 */
import { ModelFailure, type ModelFailureKind } from '../modelFailure.ts';

/** What can be done, by kind. */
const ADVICE = {
  unreachable:
    'Check the network and the address, then open the run again: files that are stored already are not asked for again.',
  'insecure-page': 'Open the page over https, or from localhost.',
  'no-adapter':
    'Use a browser with WebGPU and its hardware acceleration switched on, update the driver, or choose an executor that needs no GPU.',
  unsupported: 'Choose a model that needs less of the GPU: one with f32 in its name, or a smaller one.',
  'out-of-memory': 'Close other tabs, or choose a smaller model or a shorter context.',
  'device-lost': 'Load the model again; if it is lost again, close other tabs or choose a smaller model.',
  quota: 'Delete models that are no longer needed, or free space on the disk. A private window has little room.',
  'not-found': 'Check the address or the name of the model.',
  integrity:
    'Delete the stored files of this model and load it again; if it fails again, its publisher changed a file.',
  'bad-request': 'Ask for less, or in a form that the model takes.',
  'server-error': 'Load the model again; if it fails again, choose another one.',
} as const satisfies Partial<Record<ModelFailureKind, string>>;

type EngineFailureKind = keyof typeof ADVICE;

/** The first that fits counts. */
const WORDS: readonly (readonly [RegExp, EngineFailureKind])[] = [
  // Its words speak of memory too, which is but its guess.
  [/DeviceLostError/, 'device-lost'],
  [/QuotaExceededError|\bquota\b.*exceed|exceed.*\bquota\b/i, 'quota'],
  [/IntegrityError|Invalid SRI hash/, 'integrity'],
  // The browser's own words for a library that is no program, and for a config that is no JSON.
  [/CompileError|expected magic word|SyntaxError.*JSON|JSON\.parse|JSON Parse error/, 'integrity'],
  [/tensor-cache (?:record range|nbytes|byteOffset)|Packed BF16 record has/i, 'integrity'],
  [
    /VK_ERROR_OUT_OF|out[ -]of[ -]memory|OutOfMemory|in Wasm memory|could not allocate memory|allocation failed|Invalid array buffer length/i,
    'out-of-memory',
  ],
  [/Device (?:was|is) lost|device is lost|Device lost|Engine\.unload\(\) is called/i, 'device-lost'],
  // The engine unloads itself when its device is lost, and then knows no model.
  [/ModelNotLoadedError|already been disposed|has been destroyed/, 'device-lost'],
  [/WebGPUNotAvailableError|WebGPUNotFoundError|Unable to find a compatible GPU/, 'no-adapter'],
  [
    /ShaderF16SupportError|FeatureSupportError|Cannot initialize runtime because of requested|requires unsupported WebGPU|requires maxStorageBufferBindingSize/,
    'unsupported',
  ],
  [/ModelNotFoundError|MissingModelError/, 'not-found'],
  [
    /ContextWindowSizeExceededError|MessageOrderError|ContentTypeError|UnsupportedRoleError|GrammarMatcherInitError|InvalidResponseFormat|MinValueError|NonNegativeError|SeedTypeError|RangeError: Make sure/,
    'bad-request',
  ],
  [/Failed to fetch|NetworkError|network error|Load failed|Failed to execute 'add' on 'Cache'/i, 'unreachable'],
];

/** One line, short enough to be shown. */
function lineOf(error: unknown): string {
  const [line = ''] = String(error).split('\n', 1);
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}

export function kindOf(error: unknown): EngineFailureKind {
  return WORDS.find(([words]) => words.test(String(error)))?.[1] ?? 'server-error';
}

/**
 * @param error of the engine, or of the browser under it
 * @param doing what was under way, as the start of a sentence: "Loading the model"
 */
export function engineFailure(error: unknown, doing: string): ModelFailure {
  if (error instanceof ModelFailure) return error;
  return failureOfKind(kindOf(error), `${doing} failed: ${lineOf(error)}`, { cause: error });
}

/** @param happened as a sentence without its full stop */
export function failureOfKind(kind: EngineFailureKind, happened: string, options?: ErrorOptions): ModelFailure {
  return new ModelFailure(kind, /[.!?…]$/.test(happened) ? happened : `${happened}.`, ADVICE[kind], options);
}

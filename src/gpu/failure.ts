/** The ways in which a device fails, as errors that say what to do about it. */

export type FailureKind = 'validation' | 'out-of-memory' | 'internal' | 'lost';

const HINTS: Readonly<Record<FailureKind, string>> = {
  validation: 'This is a mistake in the program, not in your settings: please report it with these settings.',
  'out-of-memory':
    "Lower the number of tasks, the trajectories per task, or the supervisor's width, or close other tabs.",
  internal: 'The driver refused. Reload the page, or choose the CPU as the device.',
  lost: 'Ask for a new device and go on from the last checkpoint.',
};

/** The device failed; whatever was submitted since is void. */
export class DeviceFailure extends Error {
  override readonly name = 'DeviceFailure';
  readonly kind: FailureKind;
  readonly hint: string;

  constructor(kind: FailureKind, message: string) {
    super(`GPU ${kind === 'lost' ? 'lost' : `${kind} error`}: ${message} ${HINTS[kind]}`);
    this.kind = kind;
    this.hint = HINTS[kind];
  }
}

/** Tells the kinds of WebGPU errors apart. */
export function failureOf(error: GPUError): DeviceFailure {
  if (error instanceof GPUOutOfMemoryError) return new DeviceFailure('out-of-memory', error.message);
  if (error instanceof GPUValidationError) return new DeviceFailure('validation', error.message);
  return new DeviceFailure('internal', error.message);
}

/** A kernel does not compile. */
export class KernelCompileError extends Error {
  override readonly name = 'KernelCompileError';
  readonly kernel: string;

  /** @param complaints of the compiler, each `line:column message` */
  constructor(kernel: string, complaints: readonly string[]) {
    super(`kernel "${kernel}" does not compile:\n${complaints.map((complaint) => `  ${complaint}`).join('\n')}`);
    this.kernel = kernel;
  }
}

/** The compiler's errors as `line:column message`, where the module has any. */
export async function complaintsOf(module: GPUShaderModule): Promise<string[]> {
  const { messages } = await module.getCompilationInfo();
  return messages.filter(({ type }) => type === 'error').map((m) => `${m.lineNum}:${m.linePos} ${m.message}`);
}

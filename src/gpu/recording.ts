/** A recorded program as the device sees it, and how it is encoded. */

export interface RecordedDispatch {
  readonly kernel: string;
  readonly pipeline: GPUComputePipeline;
  readonly bindGroup: GPUBindGroup;
  /** workgroups */
  readonly grid: readonly [x: number, y: number];
}

/** A clear or a copy, which lies between compute passes. */
export type Transfer = (encoder: GPUCommandEncoder) => void;

export type Recording = readonly (RecordedDispatch | Transfer)[];

function encodeDispatch(pass: GPUComputePassEncoder, { pipeline, bindGroup, grid }: RecordedDispatch): void {
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, bindGroup);
  pass.dispatchWorkgroups(...grid);
}

/** Encodes a recording; dispatches in a row share a compute pass. */
export function encode(encoder: GPUCommandEncoder, recording: Recording): void {
  let pass: GPUComputePassEncoder | undefined;
  for (const item of recording) {
    if (typeof item === 'function') {
      pass?.end();
      pass = undefined;
      item(encoder);
    } else {
      pass ??= encoder.beginComputePass();
      encodeDispatch(pass, item);
    }
  }
  pass?.end();
}

/** Encodes a recording with a compute pass to each dispatch, so that each can be timed. */
export function encodeTimed(
  encoder: GPUCommandEncoder,
  recording: Recording,
  timestamps: (dispatch: number) => GPUComputePassTimestampWrites,
): void {
  let dispatched = 0;
  for (const item of recording) {
    if (typeof item === 'function') {
      item(encoder);
      continue;
    }
    const pass = encoder.beginComputePass({ label: item.kernel, timestampWrites: timestamps(dispatched++) });
    encodeDispatch(pass, item);
    pass.end();
  }
}

/** The dispatches of a recording, in order. */
export function dispatchesOf(recording: Recording): readonly RecordedDispatch[] {
  return recording.flatMap((item) => (typeof item === 'function' ? [] : [item]));
}

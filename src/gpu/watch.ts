/** Whether a device still works, and why not. */
import { DeviceFailure, failureOf } from './failure.ts';

export interface Watch {
  /** Rejects with the first failure; never resolves. */
  readonly failed: Promise<never>;
  fail(reason: DeviceFailure): void;
  /** Expects the device to be destroyed from now on. */
  end(): void;
  /** @throws the failure, or Error once the watch has ended */
  assertAlive(): void;
  /** The result of an operation of the device, or the device's failure where that is why it did not succeed. */
  outcome<T>(operation: Promise<T>): Promise<T>;
}

/** Watches for uncaught errors and loss. Who does not look at `failed` learns of a failure from `assertAlive`. */
export function watch(device: GPUDevice): Watch {
  let failure: DeviceFailure | undefined;
  let ended = false;
  let reject: (reason: DeviceFailure) => void = () => {};
  const failed = new Promise<never>((_, rejectFailed) => {
    reject = rejectFailed;
  });
  failed.catch(() => {});

  function fail(reason: DeviceFailure): void {
    failure ??= reason;
    reject(failure);
  }

  function assertAlive(): void {
    if (failure) throw failure;
    if (ended) throw new Error('this backend was destroyed');
  }

  device.addEventListener('uncapturederror', (event) => fail(failureOf(event.error)));
  void device.lost.then(({ reason, message }) => {
    if (reason !== 'destroyed') fail(new DeviceFailure('lost', message));
  });

  return {
    failed,
    fail,
    end() {
      ended = true;
    },
    assertAlive,
    async outcome(operation) {
      try {
        return await operation;
      } catch (error) {
        // Operations may be rejected a moment before the loss is told.
        await new Promise((resolve) => setTimeout(resolve, 0));
        assertAlive();
        throw error;
      }
    },
  };
}

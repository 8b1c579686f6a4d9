import { expect, it } from 'vitest';
import { DeviceFailure } from './failure.ts';
import { watch } from './watch.ts';

/** A device that is lost when told so. */
function device(): { readonly device: GPUDevice; lose(reason: string): void } {
  let lose: (reason: string) => void = () => {};
  const lost = new Promise((resolve) => {
    lose = (reason) => resolve({ reason, message: 'gone' });
  });
  return { device: { lost, addEventListener() {} } as unknown as GPUDevice, lose: (reason) => lose(reason) };
}

it('blames the loss of the device for an operation that was rejected just before', async () => {
  const { device: lost, lose } = device();
  const { outcome } = watch(lost);
  const operation = outcome(Promise.reject(new Error('mapping was aborted')));
  lose('unknown');
  await expect(operation).rejects.toMatchObject({ name: 'DeviceFailure', kind: 'lost' });
});

it('hands on results, and errors that have nothing to do with the device', async () => {
  const { outcome } = watch(device().device);
  expect(await outcome(Promise.resolve(3))).toBe(3);
  await expect(outcome(Promise.reject(new Error('no such slot')))).rejects.toThrow('no such slot');
});

it('keeps the first failure', async () => {
  const { failed, fail, assertAlive } = watch(device().device);
  expect(assertAlive).not.toThrow();
  const first = new DeviceFailure('validation', 'first.');
  fail(first);
  fail(new DeviceFailure('lost', 'second.'));
  await expect(failed).rejects.toBe(first);
  expect(assertAlive).toThrow(first);
});

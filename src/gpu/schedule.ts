/**
 * The order in which a program reaches the device: its commands, with the indirect arguments of
 * dynamic dispatches prepared where the counts they come from may have changed.
 */
import type { Command, Tensor } from './backend.ts';

/** A distinct dynamic size: `ceil(times * counts[index] / workgroup)` workgroups. */
export interface Slot {
  readonly index: number;
  readonly times: number;
  readonly workgroup: number;
}

/** `prepare` recomputes the arguments of all slots; `slot` is set on dynamic dispatches only. */
export type Step =
  | { readonly op: 'prepare' }
  | { readonly op: 'command'; readonly command: Command; readonly slot?: number };

export interface Schedule {
  readonly slots: readonly Slot[];
  readonly steps: readonly Step[];
}

/** Whether the command may change the counts, which lie in the storage. */
function mayChange(command: Command, storage: number): boolean {
  if (command.op === 'clear') return command.tensor.storage === storage;
  if (command.op === 'copy') return command.to.storage === storage;
  if (command.kernel.keepsCounts) return false;
  return Object.entries(command.kernel.bindings).some(
    ([name, type]) => type.startsWith('write') && command.tensors[name].storage === storage,
  );
}

/**
 * Drops dispatches without invocations, gives every distinct dynamic size one slot, and prepares the
 * slots before the first dynamic dispatch and before the first one after any change of the counts.
 * @param commands as accepted by `validate`
 */
export function schedule(commands: readonly Command[], counts?: Tensor<'u32'>): Schedule {
  const slots: Slot[] = [];
  const slotOf = new Map<string, number>();
  const steps: Step[] = [];
  let prepared = false;
  for (const command of commands) {
    const invocations = command.op === 'dispatch' ? command.invocations : undefined;
    if (invocations === 0) continue;
    if (command.op === 'dispatch' && typeof invocations === 'object') {
      if (!prepared) steps.push({ op: 'prepare' });
      prepared = true;
      const slot: Slot = { ...invocations, workgroup: command.kernel.workgroup };
      const key = `${slot.index} ${slot.times} ${slot.workgroup}`;
      const known = slotOf.get(key) ?? slots.push(slot) - 1;
      slotOf.set(key, known);
      steps.push({ op: 'command', command, slot: known });
    } else {
      steps.push({ op: 'command', command });
    }
    if (counts && mayChange(command, counts.storage)) prepared = false;
  }
  return { slots, steps };
}

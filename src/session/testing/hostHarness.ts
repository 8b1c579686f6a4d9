/** A host among fakes, spoken to as the page does. */
import type { RunExport } from '../../training/exportRun.ts';
import { Host, type HostParts } from '../host.ts';
import type { Answers, Failure, Notice, Phase, Request, WorkerMessage } from '../protocol.ts';
import { type CheckpointStore, memoryStore } from '../storage.ts';
import { systemClock } from '../systemClock.ts';
import { FakeDevices, FakeTraining, resolved } from './fakeTrainer.ts';

export class Refused extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(`${failure.name}: ${failure.message}`);
    this.failure = failure;
  }
}

/** What stands for the export of a run at a step. */
export function exportOf(step: number): RunExport {
  return {
    files: [{ name: 'policy.onnx', type: 'application/octet-stream', bytes: Uint8Array.of(step) }],
    check: {
      tasks: 1,
      states: 10,
      actions: 30,
      nodes: 10,
      edges: 20,
      largest: { logPF: 2e-6, logPB: 1e-6, logF: null, logZ: 0 },
      tolerance: 1e-5,
      precision: 'float32',
      verified: true,
      runtime: '1.30.0',
    },
  };
}

export class HostHarness {
  readonly devices = new FakeDevices();
  readonly training = new FakeTraining();
  readonly notices: Notice[] = [];
  /** What an export waits for. */
  exporting: ((signal: AbortSignal) => Promise<void>) | null = null;
  readonly host: Host;
  readonly #waiting = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>();
  readonly #watchers = new Set<() => void>();
  #lastId = 0;

  /** @param real parts in the place of the fakes */
  constructor(
    readonly store: CheckpointStore = memoryStore(),
    real: Partial<HostParts> = {},
  ) {
    this.host = new Host({
      devices: this.devices,
      store,
      createTrainer: this.training.create,
      openExecutor: async () => {
        throw new Error('There is no language model here.');
      },
      setKey: async () => {},
      resolveConfig: resolved,
      exportRun: async ({ step }, signal) => {
        if (this.exporting !== null) await this.exporting(signal);
        return exportOf(step);
      },
      exactRecord: async (config) => ({ version: 1, config: resolved(config), tasks: [] }),
      // Waiting for a device takes no time here.
      clock: { ...systemClock, sleep: async () => {} },
      ...real,
      post: (message) => this.#receive(message),
    });
  }

  request<R extends Request>(request: R): Promise<Answers[R['type']]> {
    const id = ++this.#lastId;
    const answer = new Promise<Answers[R['type']]>((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (answer: unknown) => void, reject });
    });
    this.host.handle({ ...request, id });
    return answer;
  }

  /** Resolves once `condition` holds, looked at after every message. */
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!condition()) return;
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
      look();
    });
  }

  reaches(phase: Phase): Promise<void> {
    return this.until(() => this.phase === phase);
  }

  /** The phase told last. */
  get phase(): Phase | undefined {
    return this.of('phase').at(-1)?.phase;
  }

  of<T extends Notice['type']>(type: T): Extract<Notice, { type: T }>[] {
    return this.notices.filter((notice): notice is Extract<Notice, { type: T }> => notice.type === type);
  }

  #receive(sent: WorkerMessage): void {
    // What crosses the border of a worker is a copy, or an error where it cannot be copied.
    const message = structuredClone(sent);
    if (message.type === 'done' || message.type === 'failed') {
      const waiting = this.#waiting.get(message.id);
      if (waiting === undefined) throw new Error(`request ${message.id} was answered twice`);
      this.#waiting.delete(message.id);
      if (message.type === 'done') waiting.resolve(message.answer);
      else waiting.reject(new Refused(message.error));
    } else {
      this.notices.push(message);
    }
    for (const look of [...this.#watchers]) look();
  }
}

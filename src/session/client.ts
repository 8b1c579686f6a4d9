/** The page's end of the session: one request, one answer, and notices. */
import type { Answers, Failure, Notice, Request, RequestMessage, WorkerMessage } from './protocol.ts';

/** A failure of the worker as an error of the page, with the name it had there. */
export class SessionError extends Error {
  readonly hint: string;
  constructor(failure: Failure) {
    super(failure.message);
    this.name = failure.name;
    this.hint = failure.hint;
  }
}

interface Waiting {
  readonly resolve: (answer: Answers[keyof Answers]) => void;
  readonly reject: (error: SessionError) => void;
}

function startWorker(): Worker {
  return new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'session' });
}

/** A worker for one run of an experiment; its checkpoints are kept apart from those of the page's own runs. */
export function startExperimentWorker(): Worker {
  return new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'experiment' });
}

export class SessionClient {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Set<(notice: Notice) => void>();
  #lastId = 0;
  /** Why no request can be answered any more. */
  #end: Failure | null = null;

  constructor(worker: Worker = startWorker()) {
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<WorkerMessage>) => this.#receive(data);
    worker.onmessageerror = () => this.#crash('a message of the worker could not be read');
    worker.onerror = (event) => {
      event.preventDefault();
      this.#crash(event.message || 'its program could not be loaded');
    };
  }

  /** Resolves with the answer; rejects with an error that carries `name`, `message` and `hint`. */
  request<R extends Request>(request: R): Promise<Answers[R['type']]> {
    if (this.#end !== null) return Promise.reject(new SessionError(this.#end));
    return new Promise((resolve, reject) => {
      this.#lastId += 1;
      const message: RequestMessage = { ...request, id: this.#lastId };
      this.#worker.postMessage(message);
      // The worker answers a request with what Answers says of its type.
      this.#waiting.set(this.#lastId, { resolve: (answer) => resolve(answer as Answers[R['type']]), reject });
    });
  }

  /** Calls `listener` for every notice until the returned function is called. */
  onNotice(listener: (notice: Notice) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ends the worker; requests under way and later ones are rejected. */
  terminate(): void {
    this.#finish({ name: 'Terminated', message: 'The session has ended.', hint: 'Reload the page.' });
  }

  #receive(message: WorkerMessage): void {
    if (message.type !== 'done' && message.type !== 'failed') {
      for (const listener of this.#listeners) listener(message);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.type === 'done') waiting?.resolve(message.answer);
    else waiting?.reject(new SessionError(message.error));
  }

  #crash(what: string): void {
    if (this.#end !== null) return;
    const error: Failure = {
      name: 'WorkerCrashed',
      message: `The worker that trains stopped working: ${what}`,
      hint: 'Reload the page; the run goes on from its last checkpoint.',
    };
    this.#finish(error);
    for (const listener of this.#listeners) listener({ type: 'error', error });
    for (const listener of this.#listeners) {
      listener({ type: 'phase', phase: 'stopped', detail: error.message, progress: null });
    }
  }

  #finish(end: Failure): void {
    this.#end ??= end;
    this.#worker.terminate();
    for (const { reject } of this.#waiting.values()) reject(new SessionError(this.#end));
    this.#waiting.clear();
  }
}

/** A session for tests: it remembers what was asked, answers at once, and tells what the test tells it to. */

import type { Answers, Notice, Request, RunOpened } from '../session/protocol.ts';
import { EMPTY_LIBRARY } from '../skills/skill.ts';
import type { Evaluation, StepMetrics } from '../training/records.ts';
import { resolveConfig } from '../training/resolve.ts';
import { noRunStorage } from './kept/runStorage.ts';
import { createShelf, type Shelf } from './kept/shelf.ts';
import type { Preset } from './presets.ts';
import type { Memory, Resumable } from './store/memory.ts';
import type { Session } from './store/session.ts';

/** Presets of the tests, which stay as they are when those of the page change. */
export const TEST_PRESETS: readonly Preset[] = [
  {
    id: 'grid',
    title: 'Grid',
    summary: 'A grid.',
    config: { version: 1, steps: 250, suites: [{ name: 'hypergrid', train: 1 }] },
  },
  { id: 'diamond', title: 'Diamond', summary: 'Six nodes.', config: { version: 1, suites: [{ name: 'diamond' }] } },
];

type Answering = {
  [Type in Request['type']]?: (request: Extract<Request, { type: Type }>) => Answers[Type] | Promise<Answers[Type]>;
};

export class FakeSession implements Session {
  readonly asked: Request[] = [];
  readonly #listeners = new Set<(notice: Notice) => void>();
  readonly #answers: Answering;

  /** @param answers what differs from the plain answers; one that throws is a request that fails */
  constructor(answers: Answering = {}) {
    this.#answers = answers;
  }

  async request<R extends Request>(request: R): Promise<Answers[R['type']]> {
    this.asked.push(request);
    const answer = { ...PLAIN, ...this.#answers }[request.type] as
      | ((asked: R) => Answers[R['type']] | Promise<Answers[R['type']]>)
      | undefined;
    if (answer === undefined) throw new Error(`The test has no answer to "${request.type}".`);
    return answer(request);
  }

  onNotice(listener: (notice: Notice) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  terminate(): void {
    this.#listeners.clear();
  }

  tell(notice: Notice): void {
    for (const listener of this.#listeners) listener(notice);
  }

  /** The types of what was asked, views left out. */
  get transport(): readonly string[] {
    return this.asked.map((request) => request.type).filter((type) => type !== 'inspect' && type !== 'credit');
  }
}

/** An opened run with no task, so that no view is asked for. */
export function opened(config: unknown, changes: Partial<RunOpened> = {}): RunOpened {
  return {
    config: resolveConfig(config),
    device: { backend: 'cpu', adapter: 'CPU (TypeScript)', software: false },
    parameters: 1234,
    tasks: [],
    step: 0,
    steps: [],
    evaluations: [],
    references: [],
    library: EMPTY_LIBRARY,
    events: [],
    executor: null,
    storage: { kept: true, reason: '' },
    ...changes,
  };
}

const PLAIN: Answering = {
  open: ({ config }) => opened(config),
  play: () => null,
  pause: () => null,
  step: () => null,
  cancel: () => null,
  speed: () => null,
  reset: () => null,
  library: () => null,
  close: () => null,
};

export function metrics(step: number, loss = 1): StepMetrics {
  return {
    step,
    loss,
    logZ: 0,
    success: 0.5,
    reward: 1,
    length: 4,
    gradPolicy: 1,
    gradBackward: 1,
    gradLogZ: 1,
    states: 8,
    executed: 4,
  };
}

export function evaluation(step: number, changes: Partial<Evaluation> = {}): Evaluation {
  return {
    step,
    suite: 'hypergrid',
    split: 'train',
    tasks: 1,
    success: 0.4,
    targetSuccess: 0.5,
    attainable: 1,
    pass3: 0.7,
    pass5: 0.9,
    reward: 0.4,
    collapse: 0.2,
    l1: 0.3,
    jsd: 0.02,
    logZError: 0.1,
    slope: 0.9,
    modes: 3,
    modesOfTarget: 4,
    entropy: 3,
    entropyOfTarget: 3.2,
    creditSpearman: 0.8,
    credits: [],
    executorCalls: 100,
    ...changes,
  };
}

/** Memory that ends with the test. */
export function fakeMemory(held: Resumable | null = null): Memory {
  let now = held;
  return {
    resumable: () => now,
    remember: (run) => {
      now = run;
    },
    forget: () => {
      now = null;
    },
  };
}

/** A shelf that keeps nothing and has nothing to tell. */
export function emptyShelf(): Shelf {
  return createShelf({
    openStorage: async () => noRunStorage('this is a test.'),
    tell: () => {},
    now: () => '2026-02-03T04:05:06.000Z',
  });
}

/**
 * Turns on one GPU. A training run and a language model have a device each, in a worker each, and share one GPU. Each asks
 * for a turn, does one slice of work (a training step, a range of states of an evaluation, a token, a tensor of weights)
 * until the GPU is idle again, and ends the turn. A turn goes to the one that has used least for its weight, as in
 * start-time fair queueing (Goyal, Vin and Cheng 1996): while both are hungry, their used times, each divided by its
 * weight, differ by no more than the longest slices do. Who was idle saves up no claim.
 */

/** What a turn is for: work, or the loading of a model's weights, which a panel tells apart since it can take seconds. */
export type TurnPurpose = 'work' | 'load';

/** One that takes turns, as a panel shows it. */
export interface TurnsOf {
  readonly name: string;
  readonly weight: number;
  readonly turns: number;
  /** Time of its turns. */
  readonly milliseconds: number;
  /** Of that, time of turns for loading. */
  readonly loading: number;
  /** The longest turn: a slice cannot be stopped, so others may have waited for all of it. */
  readonly longestTurn: number;
  /** Of the time of all turns; 0 before the first. */
  readonly share: number;
  readonly waiting: number;
  /** From the asking to the turn. */
  readonly longestWait: number;
}

export interface TurnsReport {
  /** Who has the turn now, or null. */
  readonly holder: string | null;
  readonly parties: readonly TurnsOf[];
}

/** A turn that has come. */
export interface Turn {
  /**
   * The slice is done: resolves when the next one of the same work may begin, at once where nobody else has a better
   * claim. To end and to ask again instead would lose the claim to time that others used.
   * @throws the reason of the signal that the turn was asked for with
   */
  next(): Promise<void>;
  /** Gives the turn back. Called again, it does nothing. */
  end(): void;
}

/** The part that one of them sees. */
export interface TurnTaker {
  /**
   * Resolves when the turn has come. Whoever holds it lets go when the GPU has done the work, not when it was submitted,
   * and waits for nobody else who may want a turn.
   * @throws the signal's reason, or NoMoreTurns
   */
  turn(signal?: AbortSignal, purpose?: TurnPurpose): Promise<Turn>;
  /** Takes no more turns: what waits is refused and a turn that is held ends. For a worker that was stopped, too. */
  leave(): void;
}

interface Held {
  readonly party: Party;
  readonly purpose: TurnPurpose;
  readonly since: number;
}

interface Waiting {
  readonly since: number;
  readonly purpose: TurnPurpose;
  readonly resolve: (held: Held) => void;
  readonly reject: (reason: unknown) => void;
}

interface Party {
  readonly name: string;
  readonly weight: number;
  readonly queue: Waiting[];
  /** Used time over weight; lifted to `GpuTurns.#now` when it becomes hungry, so that idleness is no claim. */
  used: number;
  turns: number;
  milliseconds: number;
  loading: number;
  longestTurn: number;
  longestWait: number;
}

/** Whoever waits for a turn of a party that left. */
export class NoMoreTurns extends Error {
  override readonly name = 'NoMoreTurns';
  constructor(party: string) {
    super(`"${party}" takes no more turns on the GPU. Join again to take some.`);
  }
}

export class GpuTurns {
  readonly #clock: () => number;
  readonly #parties = new Map<string, Party>();
  #held: Held | null = null;
  /** Used time over weight of the one that got the last turn, when it got it. */
  #now = 0;

  /** @param clock milliseconds that only grow */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
  }

  /**
   * @param name of those that take turns now, no other may have it
   * @param weight its part of the GPU against the others' while all are hungry, above 0
   */
  join(name: string, weight = 1): TurnTaker {
    if (this.#parties.has(name)) throw new Error(`"${name}" takes turns on the GPU already.`);
    if (!(weight > 0 && Number.isFinite(weight)))
      throw new Error(`A weight of turns is a number above 0, not ${weight}.`);
    const party: Party = {
      name,
      weight,
      queue: [],
      used: this.#now,
      turns: 0,
      milliseconds: 0,
      loading: 0,
      longestTurn: 0,
      longestWait: 0,
    };
    this.#parties.set(name, party);
    return {
      turn: (signal, purpose = 'work') => this.#turn(party, signal, purpose),
      leave: () => this.#leave(party),
    };
  }

  report(): TurnsReport {
    const parties = [...this.#parties.values()];
    const all = parties.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    return {
      holder: this.#held?.party.name ?? null,
      parties: parties.map(({ name, weight, turns, milliseconds, loading, longestTurn, queue, longestWait }) => ({
        name,
        weight,
        turns,
        milliseconds,
        loading,
        longestTurn,
        share: all === 0 ? 0 : milliseconds / all,
        waiting: queue.length,
        longestWait,
      })),
    };
  }

  async #turn(party: Party, signal: AbortSignal | undefined, purpose: TurnPurpose): Promise<Turn> {
    if (party.queue.length === 0 && this.#held?.party !== party) party.used = Math.max(party.used, this.#now);
    const ask = this.#ask(party, signal, purpose, 'last');
    this.#grant();
    let held: Held | null = await ask;
    return {
      next: async () => {
        if (held === null || held !== this.#held) throw new NoMoreTurns(party.name);
        // Asked before the turn ends: its claim is weighed with those of the others.
        const again = this.#ask(party, signal, purpose, 'first');
        this.#end();
        held = null;
        held = await again;
      },
      end: () => {
        if (held !== null && held === this.#held) this.#end();
        held = null;
      },
    };
  }

  /** Puts one into the queue of its party. Resolves when it has the turn. */
  #ask(party: Party, signal: AbortSignal | undefined, purpose: TurnPurpose, place: 'first' | 'last'): Promise<Held> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      if (this.#parties.get(party.name) !== party) return reject(new NoMoreTurns(party.name));
      const drop = (): void => {
        party.queue.splice(party.queue.indexOf(waiting), 1);
        reject(signal?.reason);
      };
      const waiting: Waiting = {
        since: this.#clock(),
        purpose,
        resolve: (held) => {
          signal?.removeEventListener('abort', drop);
          resolve(held);
        },
        reject: (reason) => {
          signal?.removeEventListener('abort', drop);
          reject(reason);
        },
      };
      if (place === 'first') party.queue.unshift(waiting);
      else party.queue.push(waiting);
      signal?.addEventListener('abort', drop, { once: true });
    });
  }

  #grant(): void {
    if (this.#held !== null) return;
    const hungry = [...this.#parties.values()].filter(({ queue }) => queue.length > 0);
    const [next] = hungry.sort((a, b) => a.used - b.used || a.queue[0].since - b.queue[0].since);
    const waiting = next?.queue.shift();
    if (waiting === undefined) return;
    const held = { party: next, purpose: waiting.purpose, since: this.#clock() };
    this.#held = held;
    this.#now = next.used;
    next.turns += 1;
    next.longestWait = Math.max(next.longestWait, held.since - waiting.since);
    waiting.resolve(held);
  }

  #end(): void {
    if (this.#held === null) return;
    const { party, purpose, since } = this.#held;
    const spent = this.#clock() - since;
    party.milliseconds += spent;
    if (purpose === 'load') party.loading += spent;
    party.longestTurn = Math.max(party.longestTurn, spent);
    party.used += spent / party.weight;
    this.#held = null;
    this.#grant();
  }

  #leave(party: Party): void {
    if (!this.#parties.delete(party.name)) return;
    for (const { reject } of party.queue.splice(0)) reject(new NoMoreTurns(party.name));
    if (this.#held?.party === party) this.#end();
  }
}

/** What goes over a port, in both directions; `id` names one turn. */
interface TurnMessage {
  readonly turn: 'ask' | 'next' | 'end' | 'leave' | 'granted' | 'refused';
  readonly id: number;
  /** Of a turn that is asked for. */
  readonly purpose?: TurnPurpose;
}

/** Lets the other end of `port` take the turns of `taker`. Whoever stops that worker calls `taker.leave()`. */
export function serveTurns(port: MessagePort, taker: TurnTaker): void {
  const asked = new Map<number, { readonly controller: AbortController; readonly turn: Promise<Turn> }>();
  const answer = (id: number, granted: Promise<unknown>): void => {
    granted.then(
      () => port.postMessage({ turn: 'granted', id } satisfies TurnMessage),
      () => port.postMessage({ turn: 'refused', id } satisfies TurnMessage),
    );
  };
  port.onmessage = ({ data: { turn: kind, id, purpose } }: MessageEvent<TurnMessage>) => {
    const known = asked.get(id);
    if (kind === 'ask') {
      const controller = new AbortController();
      const turn = taker.turn(controller.signal, purpose);
      asked.set(id, { controller, turn });
      answer(id, turn);
    } else if (kind === 'next' && known !== undefined) {
      answer(
        id,
        known.turn.then((turn) => turn.next()),
      );
    } else if (kind === 'end' && known !== undefined) {
      asked.delete(id);
      // Ends a turn that is held; what only waits for one waits no more.
      known.turn.then(
        (turn) => turn.end(),
        () => {},
      );
      known.controller.abort();
    } else if (kind === 'leave') taker.leave();
  };
}

/** The turns that the other end of `port` serves. */
export function turnsOver(port: MessagePort, name: string): TurnTaker {
  const answers = new Map<number, { readonly granted: () => void; readonly refused: (reason: unknown) => void }>();
  let last = 0;
  const send = (turn: TurnMessage['turn'], id: number, purpose: TurnPurpose = 'work'): void =>
    port.postMessage({ turn, id, purpose } satisfies TurnMessage);
  port.onmessage = ({ data: { turn: kind, id } }: MessageEvent<TurnMessage>) => {
    const answer = answers.get(id);
    answers.delete(id);
    if (kind === 'granted') answer?.granted();
    else answer?.refused(new NoMoreTurns(name));
  };
  const ask = (
    kind: 'ask' | 'next',
    id: number,
    signal: AbortSignal | undefined,
    purpose?: TurnPurpose,
  ): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const drop = (): void => {
        answers.delete(id);
        send('end', id);
        reject(signal?.reason);
      };
      const settled =
        <T>(settle: (value: T) => void) =>
        (value: T): void => {
          signal?.removeEventListener('abort', drop);
          settle(value);
        };
      signal?.addEventListener('abort', drop, { once: true });
      answers.set(id, { granted: () => settled<void>(resolve)(), refused: settled(reject) });
      send(kind, id, purpose);
    });
  return {
    turn: async (signal, purpose) => {
      last += 1;
      const id = last;
      await ask('ask', id, signal, purpose);
      let ended = false;
      const end = (): void => {
        if (!ended) send('end', id);
        ended = true;
      };
      return {
        next: () => (ended ? Promise.reject(new NoMoreTurns(name)) : ask('next', id, signal)),
        end,
      };
    },
    leave: () => send('leave', 0),
  };
}

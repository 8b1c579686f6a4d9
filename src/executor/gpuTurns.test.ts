import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GpuTurns, NoMoreTurns, serveTurns, type Turn, type TurnTaker, turnsOver } from './gpuTurns.ts';

/** Lets everything run that waits for no message and no clock. */
const settle = async (): Promise<void> => {
  for (let round = 0; round < 20; round++) await Promise.resolve();
};

/** A GPU that two share, with a clock that stands until a slice is over. */
class Scene {
  time = 0;
  readonly errors: unknown[] = [];
  readonly turns = new GpuTurns(() => this.time);
  readonly #running = new Map<string, () => void>();

  /** Goes from slice to slice for as long as `slices` gives lengths. */
  hungry(taker: TurnTaker, name: string, slices: Iterator<number>): void {
    this.#work(taker, name, slices).catch((error: unknown) => this.errors.push(error));
  }

  async #work(taker: TurnTaker, name: string, slices: Iterator<number>): Promise<void> {
    const turn = await taker.turn();
    for (let slice = slices.next(); !slice.done; slice = slices.next()) {
      const length = slice.value;
      await new Promise<void>((resolve) => {
        this.#running.set(name, () => {
          this.time += length;
          resolve();
        });
      });
      await turn.next();
    }
    turn.end();
  }

  /** Ends the slice that runs. @returns who had it, or null */
  async step(): Promise<string | null> {
    await settle();
    expect(this.errors).toEqual([]);
    expect(this.#running.size).toBeLessThanOrEqual(1);
    const [entry] = this.#running;
    if (entry === undefined) return null;
    const [name, finish] = entry;
    this.#running.delete(name);
    finish();
    await settle();
    return name;
  }
}

function* lengths(values: readonly number[]): Generator<number> {
  for (let index = 0; ; index++) yield values[index % values.length];
}

const LONGEST = 100;
const slices = fc.array(fc.integer({ min: 1, max: LONGEST }), { minLength: 1, maxLength: 12 });
const weights = fc.integer({ min: 1, max: 4 });

describe('turns on one GPU', () => {
  test('go to both by their weights, whatever the lengths of their slices, and neither waits for long', async () => {
    await fc.assert(
      fc.asyncProperty(slices, slices, weights, weights, async (ofTraining, ofModel, a, b) => {
        const scene = new Scene();
        const [training, model] = [scene.turns.join('training', a), scene.turns.join('model', b)];
        scene.hungry(training, 'training', lengths(ofTraining));
        scene.hungry(model, 'model', lengths(ofModel));
        for (let step = 0; step < 60; step++) {
          await scene.step();
          const [one, other] = scene.turns.report().parties;
          // Each turn goes to the one that used less for its weight, so one slice is all that they can lie apart.
          const apart = Math.abs(one.milliseconds / a - other.milliseconds / b);
          expect(apart).toBeLessThanOrEqual(LONGEST / Math.min(a, b));
        }
        const [one, other] = scene.turns.report().parties;
        // The other makes up for one slice of one's own, by its weight, and may begin one slice more.
        expect(one.longestWait).toBeLessThanOrEqual(LONGEST * (1 + b / a));
        expect(other.longestWait).toBeLessThanOrEqual(LONGEST * (1 + a / b));
        expect(one.share + other.share).toBeCloseTo(1, 12);
        expect(one.milliseconds + other.milliseconds).toBe(scene.time);
      }),
      { numRuns: 60 },
    );
  });

  test('are half and half in time though one slice takes a hundred times as long as the other', async () => {
    const scene = new Scene();
    const [training, model] = [scene.turns.join('training'), scene.turns.join('model')];
    scene.hungry(training, 'training', lengths([1]));
    scene.hungry(model, 'model', lengths([100]));
    for (let step = 0; step < 1010; step++) await scene.step();
    const [one, other] = scene.turns.report().parties;
    // 1010 slices are ten rounds of a hundred short ones and a long one; a round may be under way.
    expect(Math.abs(one.share - 0.5)).toBeLessThanOrEqual(100 / scene.time);
    expect(one.turns).toBeGreaterThan(900);
    expect(other.turns).toBeGreaterThanOrEqual(9);
  });

  test('are all for the one that is hungry while the other is not', async () => {
    const scene = new Scene();
    const training = scene.turns.join('training');
    scene.turns.join('model');
    scene.hungry(training, 'training', lengths([5]));
    for (let step = 0; step < 10; step++) expect(await scene.step()).toBe('training');
    const [one, other] = scene.turns.report().parties;
    expect(one).toMatchObject({ milliseconds: 50, share: 1, longestWait: 0 });
    expect(other).toMatchObject({ turns: 0, milliseconds: 0, share: 0 });
  });

  test('come at once to one that was idle, and idleness saves up no claim', async () => {
    const scene = new Scene();
    const [training, model] = [scene.turns.join('training'), scene.turns.join('model')];
    scene.hungry(training, 'training', lengths([10]));
    for (let step = 0; step < 50; step++) await scene.step();
    scene.hungry(model, 'model', lengths([10]));
    const names: (string | null)[] = [];
    for (let step = 0; step < 10; step++) names.push(await scene.step());
    expect(names.filter((name) => name === 'model').length).toBeGreaterThanOrEqual(4);
    expect(names.filter((name) => name === 'training').length).toBeGreaterThanOrEqual(4);
    expect(scene.turns.report().parties[1].longestWait).toBeLessThanOrEqual(10);
  });

  test('are told as they stand: who has it, who waits', async () => {
    const turns = new GpuTurns(() => 0);
    const [training, model] = [turns.join('training', 3), turns.join('model')];
    expect(turns.report()).toEqual({
      holder: null,
      parties: ['training', 'model'].map((name) => ({
        name,
        weight: name === 'training' ? 3 : 1,
        turns: 0,
        milliseconds: 0,
        loading: 0,
        longestTurn: 0,
        share: 0,
        waiting: 0,
        longestWait: 0,
      })),
    });
    const held = await training.turn();
    const waiting = model.turn();
    await settle();
    expect(turns.report().holder).toBe('training');
    expect(turns.report().parties.map((party) => party.waiting)).toEqual([0, 1]);
    held.end();
    (await waiting).end();
    expect(turns.report().holder).toBeNull();
  });

  test('tell the loading of weights from work, and the longest slice of each', async () => {
    let time = 0;
    const turns = new GpuTurns(() => time);
    const [training, model] = [turns.join('training'), turns.join('model')];
    const load = await model.turn(undefined, 'load');
    time += 3;
    await load.next();
    time += 40;
    const waiting = training.turn();
    load.end();
    time += 2;
    (await waiting).end();
    const token = await model.turn();
    time += 5;
    token.end();
    const [ofTraining, ofModel] = turns.report().parties;
    expect(ofTraining).toMatchObject({ turns: 1, milliseconds: 2, loading: 0, longestTurn: 2 });
    expect(ofModel).toMatchObject({ turns: 3, milliseconds: 3 + 40 + 5, loading: 3 + 40, longestTurn: 40 });
  });

  test('after a load of one slice that took long, are made up for and no more', async () => {
    // A load that could not be sliced, with a training run that was hungry all along.
    const scene = new Scene();
    const [training, model] = [scene.turns.join('training'), scene.turns.join('model')];
    scene.hungry(model, 'model', lengths([500, ...Array.from({ length: 50 }, () => 10)]));
    scene.hungry(training, 'training', lengths([10]));
    const order: (string | null)[] = [];
    for (let step = 0; step < 91; step++) order.push(await scene.step());
    expect(order[0]).toBe('model');
    // Training makes up for 500 in steps of 10; it may have one step of a tie more.
    const again = order.indexOf('model', 1);
    expect(again - 1).toBeGreaterThanOrEqual(500 / 10);
    expect(again - 1).toBeLessThanOrEqual(500 / 10 + 1);
    const later = order.slice(again);
    expect(Math.abs(later.filter((name) => name === 'model').length - later.length / 2)).toBeLessThanOrEqual(1);
  });

  test('end with an aborted signal, and the next in the queue is not held up', async () => {
    const turns = new GpuTurns();
    const [training, model] = [turns.join('training'), turns.join('model')];
    const held = await training.turn();
    const controller = new AbortController();
    const reason = new Error('no longer wanted');
    const dropped = model.turn(controller.signal);
    const kept = model.turn();
    controller.abort(reason);
    await expect(dropped).rejects.toBe(reason);
    held.end();
    held.end();
    (await kept).end();
    await expect(model.turn(AbortSignal.abort(reason))).rejects.toBe(reason);
    (await model.turn()).end();
  });

  test('are free again when the one that holds one leaves, as a stopped worker does', async () => {
    const turns = new GpuTurns();
    const [training, model] = [turns.join('training'), turns.join('model')];
    const held = await model.turn();
    const more = model.turn();
    const next = training.turn();
    model.leave();
    await expect(more).rejects.toThrow(NoMoreTurns);
    (await next).end();
    await expect(held.next()).rejects.toThrow(NoMoreTurns);
    held.end();
    await expect(model.turn()).rejects.toThrow(NoMoreTurns);
    expect(turns.report().parties.map(({ name }) => name)).toEqual(['training']);
    (await turns.join('model').turn()).end();
  });

  test('refuse a name that is taken, and a weight that is none', () => {
    const turns = new GpuTurns();
    turns.join('training');
    expect(() => turns.join('training')).toThrow('"training" takes turns on the GPU already.');
    for (const weight of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => turns.join('model', weight)).toThrow('A weight of turns is a number above 0');
    }
  });

  test('cross from one worker to another over a port', async () => {
    const turns = new GpuTurns();
    const [here, there] = [turns.join('training'), turns.join('model')];
    const { port1, port2 } = new MessageChannel();
    serveTurns(port1, there);
    const model = turnsOver(port2, 'model');
    const order: string[] = [];
    const slicesOf = async (taker: TurnTaker, name: string): Promise<void> => {
      const turn: Turn = await taker.turn();
      for (let slice = 0; slice < 20; slice++) {
        order.push(name);
        await new Promise((resolve) => setTimeout(resolve, 1));
        await turn.next();
      }
      turn.end();
    };
    await Promise.all([slicesOf(here, 'training'), slicesOf(model, 'model')]);
    expect(order.length).toBe(40);
    // Neither did all of its slices before the other came to one.
    expect(order.slice(0, 20)).toContain('model');
    expect(order.slice(0, 20)).toContain('training');

    const held = await here.turn();
    const controller = new AbortController();
    const dropped = model.turn(controller.signal);
    controller.abort(new Error('no longer wanted'));
    await expect(dropped).rejects.toThrow('no longer wanted');
    held.end();
    (await model.turn()).end();
    const load = await model.turn(undefined, 'load');
    await new Promise((resolve) => setTimeout(resolve, 2));
    load.end();
    await expect.poll(() => turns.report().parties[1].loading).toBeGreaterThan(0);
    model.leave();
    await expect(model.turn()).rejects.toThrow(NoMoreTurns);
    port1.close();
  });
});

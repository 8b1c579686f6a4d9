import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Limiter } from './limiter.ts';

const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('jobs start in the order in which they came, as many at once as there are places, whatever fails or is aborted', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.record({ turns: fc.nat({ max: 4 }), fails: fc.boolean(), isAborted: fc.boolean() }), {
        maxLength: 20,
      }),
      async (places, jobs) => {
        const limiter = new Limiter(places);
        const started: number[] = [];
        let open = 0;
        let most = 0;
        const ends = jobs.map(({ turns, fails, isAborted }, index) => {
          const controller = new AbortController();
          const end = limiter.run(async () => {
            started.push(index);
            open++;
            most = Math.max(most, open);
            for (let turn = 0; turn < turns; turn++) await soon();
            open--;
            if (fails) throw new Error(`job ${index}`);
            return index;
          }, controller.signal);
          const ended = end.catch((error: unknown) => error);
          if (isAborted) controller.abort('aborted');
          return ended;
        });
        const results = await Promise.all(ends);
        for (const [index, result] of results.entries()) {
          if (started.includes(index)) expect(result).toEqual(jobs[index].fails ? new Error(`job ${index}`) : index);
          else expect([jobs[index].isAborted, result]).toEqual([true, 'aborted']);
        }
        expect(started).toEqual(started.toSorted((a, b) => a - b));
        expect(most).toBeLessThanOrEqual(places);
        expect(open).toBe(0);
        // Every place is free again.
        await Promise.all(Array.from({ length: places }, () => limiter.run(soon, new AbortController().signal)));
      },
    ),
    { numRuns: 100 },
  );
});

test('an aborted signal is refused though there is a place', async () => {
  await expect(new Limiter(1).run(async () => 1, AbortSignal.abort('aborted'))).rejects.toBe('aborted');
});

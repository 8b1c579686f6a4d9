/** What every backend promises, as tests. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Backend, Tensor } from '../backend.ts';
import { ALIGNMENT, aligned, dispatch } from '../backend.ts';
import { expectNoFailure } from './testBackend.ts';
import { increment, scaleShift, setCount, swap } from './testKernels.ts';

const ascending = (n: number, from = 0): number[] => Array.from({ length: n }, (_, i) => from + i);

async function values(backend: Backend, tensor: Tensor<'f32'> | Tensor<'u32'>): Promise<number[]> {
  return Array.from(
    tensor.type === 'f32' ? await backend.read(tensor as Tensor<'f32'>) : await backend.read(tensor as Tensor<'u32'>),
  );
}

/** Runs the contract over a backend of the given kind, made anew for every test. */
export function describeBackend(name: string, make: () => Promise<Backend>): void {
  describe(`the ${name} backend`, () => {
    let backend: Backend;
    beforeEach(async () => {
      backend = await make();
    });
    afterEach(async () => {
      await expectNoFailure(backend);
      backend.destroy();
    });

    describe('memory', () => {
      it('is zero where no data is given', async () => {
        expect(await values(backend, backend.tensor('f32', 5, 'a'))).toEqual([0, 0, 0, 0, 0]);
        expect(await values(backend, backend.tensor('u32', 3, 'b'))).toEqual([0, 0, 0]);
      });

      it('holds the data it was given, zero after its end', async () => {
        expect(await values(backend, backend.tensor('f32', 4, 'a', [1.5, -2]))).toEqual([1.5, -2, 0, 0]);
        expect(await values(backend, backend.tensor('u32', 2, 'b', [4_294_967_295, 7]))).toEqual([4_294_967_295, 7]);
      });

      it('may be empty', async () => {
        expect(await values(backend, backend.tensor('f32', 0, 'nothing'))).toEqual([]);
      });

      it('shares storage between a tensor and its views, and views of views', async () => {
        const whole = backend.tensor('u32', 3 * ALIGNMENT, 'whole');
        const part = backend.view(whole, ALIGNMENT, 2 * ALIGNMENT, 'part');
        const last = backend.view(part, ALIGNMENT, 3, 'last');
        backend.write(last, [7, 8, 9]);
        backend.write(whole, [1]);
        expect((await values(backend, whole)).flatMap((v, i) => (v === 0 ? [] : [[i, v]]))).toEqual([
          [0, 1],
          [2 * ALIGNMENT, 7],
          [2 * ALIGNMENT + 1, 8],
          [2 * ALIGNMENT + 2, 9],
        ]);
        expect((await values(backend, part)).length).toBe(2 * ALIGNMENT);
        expect(await values(backend, last)).toEqual([7, 8, 9]);
      });

      it('counts the bytes of tensors and not of views', () => {
        const before = backend.bytes;
        const a = backend.tensor('u32', 100, 'a');
        expect(backend.bytes - before).toBe(400);
        backend.view(a, ALIGNMENT, 36, 'view');
        expect(backend.bytes - before).toBe(400);
      });

      it('refuses views that are not aligned or leave their tensor, and writes that do', () => {
        const a = backend.tensor('f32', 100, 'a');
        expect(() => backend.view(a, 1, 2, 'shifted')).toThrow(/"shifted".*64/);
        expect(() => backend.view(a, 64, 37, 'long')).toThrow(/"long".*"a"/);
        expect(() => backend.view(a, -64, 1, 'negative')).toThrow(/"negative"/);
        expect(() => backend.write(a, new Float32Array(101))).toThrow(/101.*"a" of 100/);
        expect(() => backend.tensor('u32', 1, 'small', [1, 2])).toThrow(/2.*"small" of 1/);
      });

      it('answers several reads that are under way at once', async () => {
        const tensors = ascending(6).map((i) => backend.tensor('u32', i + 1, `t${i}`, [i]));
        const read = await Promise.all(tensors.map((tensor) => backend.read(tensor)));
        expect(read.map((data) => [data.length, data[0]])).toEqual(ascending(6).map((i) => [i + 1, i]));
      });

      it('hands out copies: what was read does not change afterwards', async () => {
        const a = backend.tensor('u32', 2, 'a', [1, 2]);
        const read = await backend.read(a);
        backend.write(a, [3, 4]);
        expect(await values(backend, a)).toEqual([3, 4]);
        expect([...read]).toEqual([1, 2]);
      });
    });

    describe('a program', () => {
      it('runs its commands in order, each seeing what came before', async () => {
        const a = backend.tensor('f32', 3, 'a', [1, 2, 3]);
        const b = backend.tensor('f32', 3, 'b');
        const c = backend.tensor('f32', 3, 'c', [9, 9, 9]);
        const program = await backend.record('chain', [
          dispatch(scaleShift, 3, { a, out: b }, { n: 3, scale: 2, shift: 0 }),
          dispatch(scaleShift, 3, { a: b, out: a }, { n: 3, scale: 1, shift: 1 }),
          { op: 'copy', from: a, to: c },
          { op: 'clear', tensor: a },
          dispatch(scaleShift, 2, { a: c, out: b }, { n: 2, scale: 10, shift: 0 }),
        ]);
        expect(program.dispatches).toBe(3);
        await backend.run(program);
        expect(await values(backend, a)).toEqual([0, 0, 0]);
        expect(await values(backend, b)).toEqual([30, 50, 6]);
        expect(await values(backend, c)).toEqual([3, 5, 7]);
      });

      it('sees what is written between runs', async () => {
        const a = backend.tensor('f32', 1, 'a');
        const out = backend.tensor('f32', 1, 'out');
        const program = await backend.record('shift', [
          dispatch(scaleShift, 1, { a, out }, { n: 1, scale: 1, shift: 0.5 }),
        ]);
        for (const value of [1, 2, 3]) {
          backend.write(a, [value]);
          await backend.run(program);
          expect(await values(backend, out)).toEqual([value + 0.5]);
        }
      });

      it('binds a view as exactly its range', async () => {
        const arena = backend.tensor('u32', aligned(70) + 70, 'arena', ascending(aligned(70) + 70));
        const a = backend.view(arena, 0, 70, 'a');
        const b = backend.view(arena, aligned(70), 70, 'b');
        await backend.run(await backend.record('swap', [dispatch(swap, 70, { a, b }, {})]));
        expect(await values(backend, a)).toEqual(ascending(70, aligned(70)));
        expect(await values(backend, b)).toEqual(ascending(70));
      });

      it('clears and copies only the range of a view', async () => {
        const arena = backend.tensor('u32', 2 * ALIGNMENT, 'arena', ascending(2 * ALIGNMENT, 1));
        const other = backend.tensor('u32', 2, 'other');
        const tail = backend.view(arena, ALIGNMENT, 2, 'tail');
        await backend.run(
          await backend.record('range', [
            { op: 'copy', from: tail, to: other },
            { op: 'clear', tensor: tail },
          ]),
        );
        expect(await values(backend, other)).toEqual([ALIGNMENT + 1, ALIGNMENT + 2]);
        expect((await values(backend, arena)).flatMap((v, i) => (v === 0 ? [i] : []))).toEqual([
          ALIGNMENT,
          ALIGNMENT + 1,
        ]);
      });

      it('may bind empty tensors, read and written', async () => {
        const a = backend.tensor('f32', 0, 'a');
        const out = backend.tensor('f32', 0, 'out');
        const x = backend.tensor('u32', ALIGNMENT, 'x', [5]);
        const end = backend.view(x, ALIGNMENT, 0, 'end');
        await backend.run(
          await backend.record('empty', [
            dispatch(scaleShift, 1, { a, out }, { n: 0, scale: 1, shift: 1 }),
            dispatch(swap, 1, { a: end, b: backend.tensor('u32', 0, 'b') }, {}),
            { op: 'clear', tensor: out },
            { op: 'copy', from: a, to: out },
          ]),
        );
        expect((await values(backend, x))[0]).toBe(5);
      });

      it('does nothing where a dispatch has no invocations', async () => {
        const a = backend.tensor('u32', 1, 'a', [1]);
        const b = backend.tensor('u32', 1, 'b', [2]);
        await backend.run(await backend.record('none', [dispatch(swap, 0, { a, b }, {})]));
        expect(await values(backend, a)).toEqual([1]);
      });

      it('replays 2,000 times with one submission each and without growing', async () => {
        const counts = backend.tensor('u32', 1, 'counts', [3]);
        const cells = backend.tensor('u32', 4, 'cells');
        const program = await backend.record(
          'count',
          [dispatch(increment, { index: 0, times: 1, most: 4 }, { counts, cells }, { index: 0, times: 1 })],
          counts,
        );
        const { bytes, submissions } = backend;
        for (let i = 0; i < 2000; i++) {
          await backend.run(program);
          if (i % 100 === 0) await backend.read(cells);
        }
        expect(await values(backend, cells)).toEqual([2000, 2000, 2000, 0]);
        expect(backend.submissions - submissions).toBe(2000);
        expect(backend.bytes).toBe(bytes);
      });

      it('belongs to the backend that recorded it', async () => {
        const other = await make();
        const program = await other.record('foreign', []);
        await expect(backend.run(program)).rejects.toThrow(/"foreign".*another backend/);
        other.destroy();
      });
    });

    describe('invocations counted on the device', () => {
      it.each([0, 1, 7, 64, 65])('reach exactly %i cells, times the factor', async (count) => {
        const counts = backend.tensor('u32', 2, 'counts', [99, count]);
        const cells = backend.tensor('u32', 200, 'cells');
        await backend.run(
          await backend.record(
            'dynamic',
            [dispatch(increment, { index: 1, times: 3, most: 3 * 65 }, { counts, cells }, { index: 1, times: 3 })],
            counts,
          ),
        );
        expect(await values(backend, cells)).toEqual(ascending(200).map((i) => (i < 3 * count ? 1 : 0)));
      });

      it.each([65_535, 65_536, 200_003])('reach %i workgroups, more than one dimension holds', async (count) => {
        const counts = backend.tensor('u32', 1, 'counts', [count]);
        const dynamic = backend.tensor('u32', count + 1, 'dynamic');
        const fixed = backend.tensor('u32', count + 1, 'fixed');
        const params = { index: 0, times: 1 };
        await backend.run(
          await backend.record(
            'large',
            [
              dispatch(increment, { index: 0, times: 1, most: count + 1 }, { counts, cells: dynamic }, params),
              dispatch(increment, count, { counts, cells: fixed }, params),
            ],
            counts,
          ),
        );
        for (const cells of [await backend.read(dynamic), await backend.read(fixed)]) {
          expect(cells.slice(0, count).every((cell) => cell === 1)).toBe(true);
          expect(cells[count]).toBe(0);
        }
      });

      it('follow a count that changes within the program and between runs', async () => {
        const arena = backend.tensor('u32', 2 * ALIGNMENT, 'arena');
        const counts = backend.view(arena, ALIGNMENT, 2, 'counts');
        const first = backend.tensor('u32', 5, 'first');
        const second = backend.tensor('u32', 5, 'second');
        const third = backend.tensor('u32', 5, 'third');
        const params = { index: 0, times: 1 };
        const program = await backend.record(
          'changing',
          [
            dispatch(increment, { index: 0, times: 1, most: 5 }, { counts, cells: first }, params),
            dispatch(setCount, 1, { counts }, { index: 0, value: 4 }),
            dispatch(increment, { index: 0, times: 1, most: 5 }, { counts, cells: second }, params),
            { op: 'clear', tensor: arena },
            dispatch(increment, { index: 0, times: 1, most: 5 }, { counts, cells: third }, params),
          ],
          counts,
        );
        backend.write(counts, [2]);
        await backend.run(program);
        expect(await values(backend, first)).toEqual([1, 1, 0, 0, 0]);
        expect(await values(backend, second)).toEqual([1, 1, 1, 1, 0]);
        expect(await values(backend, third)).toEqual([0, 0, 0, 0, 0]);
        backend.write(counts, [3]);
        await backend.run(program);
        expect(await values(backend, first)).toEqual([2, 2, 1, 0, 0]);
      });
    });

    describe('recording refuses', () => {
      it('a storage that one dispatch both reads and writes, even in separate ranges', async () => {
        const arena = backend.tensor('f32', 2 * ALIGNMENT, 'arena');
        const a = backend.view(arena, 0, 4, 'left');
        const out = backend.view(arena, ALIGNMENT, 4, 'right');
        const command = dispatch(scaleShift, 4, { a, out }, { n: 4, scale: 1, shift: 0 });
        await expect(backend.record('step', [command])).rejects.toThrow(
          /"step".*"scaleShift".*"left".*"right".*read while the other is written/,
        );
      });

      it('written ranges that overlap', async () => {
        const a = backend.tensor('u32', 2 * ALIGNMENT, 'whole');
        const b = backend.view(a, ALIGNMENT, 4, 'part');
        await expect(backend.record('step', [dispatch(swap, 4, { a, b }, {})])).rejects.toThrow(
          /"swap".*"whole".*"part".*overlap/,
        );
      });

      it('a count that is not there', async () => {
        const counts = backend.tensor('u32', 2, 'counts');
        const cells = backend.tensor('u32', 1, 'cells');
        const command = dispatch(increment, { index: 2, times: 1, most: 1 }, { counts, cells }, { index: 0, times: 1 });
        await expect(backend.record('step', [command], counts)).rejects.toThrow(/"increment".*count 2.*"counts"/);
        await expect(backend.record('step', [command])).rejects.toThrow(/"increment".*without any/);
      });

      it('a copy between different lengths, and one within a storage', async () => {
        const a = backend.tensor('u32', 2 * ALIGNMENT, 'a');
        const b = backend.tensor('u32', 3, 'b');
        const view = (at: number) => backend.view(a, at, 3, `a at ${at}`);
        await expect(backend.record('step', [{ op: 'copy', from: a, to: b }])).rejects.toThrow(/"a".*"b".*length/);
        const within = { op: 'copy' as const, from: view(0), to: view(ALIGNMENT) };
        await expect(backend.record('step', [within])).rejects.toThrow(/"a at 0".*"a at 64".*share storage/);
      });

      it('parameters that do not fit their type', async () => {
        const a = backend.tensor('f32', 1, 'a');
        const out = backend.tensor('f32', 1, 'out');
        const record = (n: number, scale: number) =>
          backend.record('step', [dispatch(scaleShift, 1, { a, out }, { n, scale, shift: 0 })]);
        await expect(record(-1, 1)).rejects.toThrow(/"scaleShift".*"n" is -1/);
        await expect(record(0.5, 1)).rejects.toThrow(/"n" is 0.5/);
        await expect(record(1, Number.NaN)).rejects.toThrow(/"scale" is NaN/);
      });
    });

    it('tells the time of each kernel with its dispatches, or that it cannot', async () => {
      const a = backend.tensor('f32', 1, 'a', [1]);
      const out = backend.tensor('f32', 1, 'out');
      const command = dispatch(scaleShift, 1, { a, out }, { n: 1, scale: 2, shift: 0 });
      const program = await backend.record('timed', [command, { op: 'clear', tensor: a }, command]);
      const times = await backend.profile(program);
      if (times === null) return;
      expect(times.map(({ kernel, dispatches }) => [kernel, dispatches])).toEqual([['scaleShift', 2]]);
      expect(times[0].milliseconds).toBeGreaterThanOrEqual(0);
      expect(await values(backend, out)).toEqual([0]);
    });
  });
}

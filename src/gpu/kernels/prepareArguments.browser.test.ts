import { expect, it } from 'vitest';
import { compareWithTwin } from '../testing/compareWithTwin.ts';
import { prepareArguments } from './prepareArguments.ts';
import { SIZES } from './twins.fixture.ts';

it.each(SIZES)('prepares %i slots as its twin does', async (slots) => {
  // One slot more than there are, which must be left alone. Counts around every threshold: nothing, one workgroup, one row, several rows, the largest number.
  const counts = [0, 1, 63, 64, 65, 65_535 * 64, 65_535 * 64 + 1, 3_000_000_000, 4_294_967_295];
  const triples = Array.from({ length: slots + 1 }, (_, i) => [i % counts.length, 1 + (i % 2), [1, 64, 256][i % 3]]);
  const differences = await compareWithTwin(prepareArguments, {
    tensors: { counts, slots: triples.flat(), grids: new Uint32Array(3 * (slots + 1)) },
    params: { slots },
    invocations: slots + 1,
  });
  expect(differences).toEqual({});
});

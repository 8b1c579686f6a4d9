import { describe, expect, test } from 'vitest';
import { table } from './table.ts';

describe('a table', () => {
  test('puts the first column to the left and figures to the right', () => {
    expect(
      table(
        ['split', 'L1'],
        [
          ['train', '0.01'],
          ['heldOut', '10.25'],
        ],
      ),
    ).toBe('split       L1\ntrain     0.01\nheldOut  10.25');
  });

  test('is its head where there are no rows', () => {
    expect(table(['a', 'b'], [])).toBe('a  b');
  });
});

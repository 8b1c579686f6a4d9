import { describe, expect, it } from 'vitest';
import { ribbon } from './ribbon.ts';

function pointsOf(path: string): { x: number; y: number }[] {
  return path
    .split(/[MLZ]/)
    .filter((part) => part !== '')
    .map((part) => {
      const [x, y] = part.split(',').map(Number);
      return { x, y };
    });
}

describe('a ribbon', () => {
  it('is as thick where it is steep as where it is flat', () => {
    const width = 10;
    const points = pointsOf(
      ribbon(
        [
          { x: 0, y: 0 },
          { x: 50, y: 200 },
        ],
        width,
      ).area,
    );
    const half = points.length / 2;
    for (let i = 0; i < half; i++) {
      const [a, b] = [points[i], points[points.length - 1 - i]];
      expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeCloseTo(width, 0);
    }
  });

  it('leaves and enters horizontally at its ends', () => {
    const points = pointsOf(
      ribbon(
        [
          { x: 0, y: 20 },
          { x: 80, y: 60 },
        ],
        8,
      ).area,
    );
    expect(points[0]).toEqual({ x: 0, y: 16 });
    expect(points[points.length - 1]).toEqual({ x: 0, y: 24 });
  });

  it('without thickness is one line', () => {
    expect(
      ribbon(
        [
          { x: 0, y: 0 },
          { x: 10, y: 0 },
        ],
        0,
      ).sides.match(/M/g),
    ).toHaveLength(1);
  });
});

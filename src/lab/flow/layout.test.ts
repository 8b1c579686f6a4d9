import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crossingCost, isotonic, layeredLayout, orderLayers } from './layout.ts';

const OPTIONS = { nodeGap: 10, bendGap: 4, minHeight: 100 };
const node = (layer: number, height = 20) => ({ layer, height });
const edge = (source: number, target: number, weight = 1) => ({ source, target, weight, width: 4 });

describe('crossings', () => {
  // Items 0, 1 above each other on the left, 2, 3 on the right; 0-3 and 1-2 cross.
  const segments = [
    { a: 0, b: 3, weight: 2 },
    { a: 1, b: 2, weight: 3 },
  ];

  it('cost the product of the two weights', () => {
    expect(
      crossingCost(
        [
          [0, 1],
          [2, 3],
        ],
        segments,
      ),
    ).toBe(6);
    expect(
      crossingCost(
        [
          [0, 1],
          [3, 2],
        ],
        segments,
      ),
    ).toBe(0);
  });

  it('are removed where an order without any exists', () => {
    const order = orderLayers(
      [
        [0, 1],
        [2, 3],
      ],
      segments,
    );
    expect(crossingCost(order, segments)).toBe(0);
  });

  it('never grow by ordering, whatever the graph', () => {
    const segment = fc.record({
      a: fc.integer({ min: 0, max: 4 }),
      b: fc.integer({ min: 5, max: 9 }),
      weight: fc.double({ min: 0.01, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 14 }), (drawn) => {
        const layers = [
          [0, 1, 2, 3, 4],
          [5, 6, 7, 8, 9],
        ];
        const order = orderLayers(layers, drawn);
        expect(crossingCost(order, drawn)).toBeLessThanOrEqual(crossingCost(layers, drawn) + 1e-9);
        expect(order.map((layer) => [...layer].sort((p, q) => p - q))).toEqual(layers);
      }),
      { numRuns: 60 },
    );
  });
});

describe('isotonic regression', () => {
  it('keeps what already rises', () => {
    expect(isotonic([1, 2, 2, 5], [1, 1, 1, 1])).toEqual([1, 2, 2, 5]);
  });

  it('pools neighbours that fall to their weighted mean', () => {
    // (1 * 6 + 3 * 2) / 4 = 3
    expect(isotonic([6, 2, 9], [1, 3, 1])).toEqual([3, 3, 9]);
  });
});

describe('layered layout', () => {
  it('gives an edge one bend in every layer that it passes', () => {
    const { bends } = layeredLayout([node(0), node(1), node(3)], [edge(0, 1), edge(0, 2), edge(1, 2)], OPTIONS);
    expect(bends.map((list) => list.length)).toEqual([0, 2, 1]);
  });

  it('keeps every node inside the drawing and apart from its neighbours', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ layer: fc.integer({ min: 0, max: 3 }), height: fc.integer({ min: 2, max: 40 }) }), {
          minLength: 2,
          maxLength: 14,
        }),
        (nodes) => {
          const edges = nodes.flatMap((from, i) =>
            nodes.flatMap((to, j) => (from.layer < to.layer && (i + j) % 3 === 0 ? [edge(i, j)] : [])),
          );
          const { y, height } = layeredLayout(nodes, edges, OPTIONS);
          for (const [i, a] of nodes.entries()) {
            expect(y[i] - a.height / 2).toBeGreaterThanOrEqual(-1e-6);
            expect(y[i] + a.height / 2).toBeLessThanOrEqual(height + 1e-6);
            for (const [j, b] of nodes.entries()) {
              if (j <= i || a.layer !== b.layer) continue;
              expect(Math.abs(y[i] - y[j])).toBeGreaterThanOrEqual((a.height + b.height) / 2 + OPTIONS.bendGap - 1e-6);
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('draws a chain as a straight line', () => {
    const { y } = layeredLayout([node(0), node(1), node(2)], [edge(0, 1), edge(1, 2)], OPTIONS);
    expect(y[1]).toBeCloseTo(y[0], 6);
    expect(y[2]).toBeCloseTo(y[0], 6);
  });
});

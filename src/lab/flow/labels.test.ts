import { describe, expect, it } from 'vitest';
import { hypergrid } from '../../worlds/hypergrid/index.ts';
import { readGrid } from './hypergrid.ts';
import { compact, nodeName, shorten } from './labels.ts';
import { taskView } from './taskView.fixture.ts';

describe('names', () => {
  it('are cut at a word, without a comma before the dots', () => {
    expect(shorten('the mug is hot, the door open', 18)).toBe('the mug is hot…');
    expect(shorten('short', 18)).toBe('short');
  });

  it('spare the words that say little', () => {
    expect(compact('lettuce 2 is in the fridge')).toBe('lettuce 2 in fridge');
    expect(compact('leaf c a c')).toBe('leaf c a c');
  });

  it('of a long state say what is new beside the parent that most flow comes from', () => {
    const { graph, learned } = taskView(hypergrid, { dimensions: 3, height: 3 });
    const raised = graph.target[graph.outStart[0]];
    expect(nodeName(graph, learned, raised, 40)).toBe('at (1, 0, 0)');
    expect(nodeName(graph, learned, raised, 8)).toBe('x1 = 1');
  });
});

describe('the grid', () => {
  it('is read out of a two-dimensional hypergrid, each move one step right or up', () => {
    const { graph } = taskView(hypergrid, { dimensions: 2, height: 4 });
    const grid = readGrid(graph);
    expect(grid?.side).toBe(4);
    expect(grid?.cells).toHaveLength(16);
    // 2 * 4 * 3 moves
    expect(grid?.moves).toHaveLength(24);
    for (const { from, to } of grid?.moves ?? []) expect(to.x - from.x + (to.y - from.y)).toBe(1);
  });

  it('is not seen in three dimensions', () => {
    expect(readGrid(taskView(hypergrid, { dimensions: 3, height: 3 }).graph)).toBeNull();
  });
});

import { defineKernel } from '../../gpu/kernel.ts';
import { NONE } from '../plan.ts';
import wgsl from './listActive.wgsl?raw';

/**
 * The entries of one of the store's inverse indices whose node is marked, for the rows of the batch: `listed` gets
 * their positions in the index, in rising order, from where the row's own entries begin; then NONE, unless all are
 * there. So who gathers by row need not look at each entry once per column.
 * Invocations: 64 a row. `nodeOf` maps an entry to its node; NONE where entries are nodes.
 */
export const listActive = defineKernel({
  name: 'listActive',
  about: 'Lists which uses of a text count in this step',
  wgsl,
  bindings: { plan: 'read u32', graph: 'read u32', marks: 'read u32', listed: 'write u32' },
  params: {
    rowsIndex: 'u32',
    rows: 'u32',
    rowStride: 'u32',
    inverseStart: 'u32',
    inverse: 'u32',
    nodeOf: 'u32',
  },
  twin({ plan, graph, marks, listed }, p) {
    for (let row = 0; row < plan[p.rowsIndex]; row++) {
      const start = p.inverseStart + plan[p.rows + row * p.rowStride + 1];
      const end = graph[start + 1];
      let at = graph[start];
      for (let j = at; j < end; j++) {
        const entry = graph[p.inverse + j];
        if (marks[p.nodeOf === NONE ? entry : graph[p.nodeOf + entry]] !== 0) listed[at++] = j;
      }
      if (at < end) listed[at] = NONE;
    }
  },
});

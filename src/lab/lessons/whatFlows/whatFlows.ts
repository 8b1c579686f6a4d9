/** The lesson "What flows": flow, backward policy, balance and credit on six nodes. */
import type { Lesson } from '../lesson.ts';
import { initialWhatFlows, type WhatFlows } from './model.ts';
import { PAGES } from './pages.tsx';
import { Stage } from './Stage.tsx';

export const whatFlows: Lesson<WhatFlows> = {
  id: 'what-flows',
  title: 'What flows',
  initial: initialWhatFlows,
  pages: PAGES,
  Stage,
};

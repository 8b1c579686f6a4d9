/** The one registry of objectives: the kernel that makes the coefficients of each walk. */
import { tb } from '../flow/objectives/tb/tb.ts';
import { ttb } from '../flow/objectives/ttb/ttb.ts';
import { vargrad } from '../flow/objectives/vargrad/vargrad.ts';
import type { OBJECTIVES } from './config.ts';

export const objectives: Readonly<Record<(typeof OBJECTIVES)[number], typeof tb | typeof ttb | typeof vargrad>> = {
  ttb,
  tb,
  vargrad,
};

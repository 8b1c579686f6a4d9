/** The one registry of objectives. A new one is a folder of flow/objectives/ and a line here and in OBJECTIVES. */
import { db } from '../flow/objectives/db/db.ts';
import { flowrl } from '../flow/objectives/flowrl/flowrl.ts';
import { grpo } from '../flow/objectives/grpo/grpo.ts';
import type { Objective } from '../flow/objectives/objective.ts';
import { ppo } from '../flow/objectives/ppo/ppo.ts';
import { reinforce } from '../flow/objectives/reinforce/reinforce.ts';
import { sft } from '../flow/objectives/sft/sft.ts';
import { subtb } from '../flow/objectives/subtb/subtb.ts';
import { tb } from '../flow/objectives/tb/tb.ts';
import { ttb } from '../flow/objectives/ttb/ttb.ts';
import { ttbPaper } from '../flow/objectives/ttbPaper/ttbPaper.ts';
import { vargrad } from '../flow/objectives/vargrad/vargrad.ts';
import type { FlowForm } from '../supervisor/parameters.ts';
import type { OBJECTIVES, RunConfig } from './config.ts';

export const objectives: Readonly<Record<(typeof OBJECTIVES)[number], Objective>> = {
  ttb,
  'ttb-paper': ttbPaper,
  tb,
  vargrad,
  db,
  subtb,
  flowrl,
  reinforce,
  grpo,
  ppo,
  sft,
};

/** How a run has log F, or the values in its place; null where it has neither. */
export function flowForm({ objective, supervisor }: Pick<RunConfig, 'objective' | 'supervisor'>): FlowForm | null {
  const { flow, logZ } = objectives[objective.kind];
  if (!flow) return null;
  return logZ === 'flow' ? (supervisor.logF ?? 'head') : 'head';
}

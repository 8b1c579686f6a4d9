/** Whether and how a run's library evolves, and whether a person may change it. Pure. */
import type { EvolutionSettings } from '../../evolution/settings.ts';
import { evolutionSchema } from '../../evolution/settings.ts';
import type { Phase } from '../../session/protocol.ts';
import type { Preset } from '../presets.ts';
import { type Draft, valueAt } from '../settings/draft.ts';
import type { LabRun, Written } from '../store/runState.ts';

/** How the library of a run evolves; null where it stays as it is. @param config resolved: then `evolution` is there or off */
export function evolutionOf(config: Draft): EvolutionSettings | null {
  const parsed = evolutionSchema.safeParse(valueAt(config, 'evolution'));
  return parsed.success && parsed.data.enabled ? parsed.data : null;
}

/** Why the library cannot be changed by hand, in a sentence; null where it can. */
export function whyFixed(run: Pick<LabRun, 'source' | 'config'>, phase: Phase): string | null {
  if (run.source === 'recorded') return 'This run was recorded. Train it here to change its library.';
  if (evolutionOf(run.config) === null)
    return 'The library of this run stays as it is: it was opened without evolution.';
  if (phase === 'closed' || phase === 'compiling') return 'No run is open at the moment.';
  return null;
}

/** A household whose tasks take up to five acts, with four steps for them: most wait for a skill. */
const SHORT: Draft = {
  version: 1,
  steps: 600,
  suites: [
    {
      name: 'household',
      settings: { horizon: 4, plan: 7, rooms: 2, receptacles: 5, objects: 2 },
      train: 128,
      validation: 32,
      heldOut: 32,
    },
  ],
  objective: { kind: 'tb' },
  optimiser: { lr: 0.003, clip: 10 },
};

/**
 * Settings under which a library evolves: of the first preset that has it switched on, else of the first whose tasks
 * have too few steps for single acts, with it switched on.
 */
export function evolvingSettings(presets: readonly Preset[]): Written & { readonly title: string } {
  const own = presets.find(({ config }) => evolutionOf(config) !== null);
  if (own) return { preset: own.id, title: own.title, draft: own.config };
  const short = presets.find(({ config }) => isShort(config));
  return {
    preset: short?.id ?? null,
    title: short?.title ?? 'a household with too few steps',
    draft: { ...(short?.config ?? SHORT), evolution: { enabled: true } },
  };
}

function isShort(config: Draft): boolean {
  const [plan, horizon, validation] = ['settings.plan', 'settings.horizon', 'validation'].map((field) =>
    Number(valueAt(config, `suites[0].${field}`) ?? 0),
  );
  return plan > horizon && validation > 0;
}

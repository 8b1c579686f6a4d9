/** What the view says where there is no library yet. */
import type { ReactNode } from 'react';
import type { EvolutionSettings } from '../../evolution/settings.ts';
import { useLab, useParts } from '../context.ts';
import { type LabRun, stepsDone } from '../store/runState.ts';
import { evolvingSettings } from './evolving.ts';
import { waitingWords } from './words.ts';

/** No run, or one whose library stays as it is. */
export function NoEvolution(): ReactNode {
  const { presets } = useParts();
  const hasRun = useLab((state) => state.run !== null);
  const setSettings = useLab((state) => state.setSettings);
  const evolves = useLab((state) => {
    const evolution = state.resolved?.evolution;
    return evolution !== undefined && evolution !== null;
  });
  const play = useLab((state) => state.play);
  const busy = useLab((state) => state.busy);
  const { preset, draft, title } = evolvingSettings(presets);
  return (
    <section aria-label="No skills" className="skill-panel max-w-prose">
      <h2 className="font-semibold">{hasRun ? 'This run has no skills' : 'No run yet'}</h2>
      <p className="mt-1 text-soft">
        Where training stops helping and tasks are still out of reach, evolution looks for stretches of walks that the
        flow gives credit, and proposes each as a skill that is done in one step. A proposal stays only if reward on
        validation tasks rises; everything tried is shown here with its evidence.
      </p>
      <div className="mt-2 flex flex-wrap items-center gap-2">
        {evolves ? (
          <>
            <button
              type="button"
              className="button border-flow font-semibold"
              disabled={busy}
              onClick={() => void play()}
            >
              Train
            </button>
            <span className="text-soft">The settings have evolution switched on.</span>
          </>
        ) : (
          <button type="button" className="button border-flow font-semibold" onClick={() => setSettings(preset, draft)}>
            Open “{title}” with evolution
          </button>
        )}
      </div>
      {!evolves && (
        <p className="mt-1 text-[0.92em] text-soft">
          Or switch it on under Evolution in the settings: household, two-hop-qa and contest-math carry out skills.
        </p>
      )}
    </section>
  );
}

/** An evolving run whose library is empty. */
export function Waiting({
  run,
  evolution,
}: {
  readonly run: LabRun;
  readonly evolution: EvolutionSettings;
}): ReactNode {
  const detail = useLab((state) => (state.phase === 'evolving' ? state.detail : null));
  if (detail !== null) {
    return (
      <div className="skill-panel">
        <h2 className="font-semibold">The library is empty, and a phase is being held</h2>
        <p className="mt-1 text-soft">{detail.replace(/^Evolving: /, '')}</p>
        <p className="text-soft">First the training tasks are walked, then each proposal is tried on a fork.</p>
      </div>
    );
  }
  if (stepsDone(run) >= run.total) {
    return (
      <div className="skill-panel">
        <h2 className="font-semibold">The library is empty</h2>
        <p className="mt-1 text-soft">The run has taken all its steps: no further phase is held.</p>
      </div>
    );
  }
  const { plateau, headroom } = waitingWords(run.steps, run.evaluations, evolution, run.events);
  return (
    <div className="skill-panel">
      <h2 className="font-semibold">
        {run.events.length === 0 ? 'The library is empty, and waits for its first phase' : 'The library is still empty'}
      </h2>
      <p className="mt-1 text-soft">{plateau}</p>
      {headroom !== '' && <p className="text-soft">{headroom}</p>}
    </div>
  );
}

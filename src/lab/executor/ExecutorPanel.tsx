/** What the executor of a live run was asked, what came back, and what it cost. */
import { type ReactNode, useDeferredValue, useMemo, useState } from 'react';
import { useLab } from '../context.ts';
import { isLive } from '../settings/ExecutorFields.tsx';
import type { LiveExecutor } from '../store/runState.ts';
import { AskAgain } from './AskAgain.tsx';
import { CallList } from './CallList.tsx';
import { type CallFilter, EVERY_CALL, inWords, matching, totalsBy, totalsOf } from './calls.ts';
import { GpuTurns } from './GpuTurns.tsx';
import { Results } from './Results.tsx';
import { TotalsTable } from './TotalsTable.tsx';

export function ExecutorPanel(): ReactNode {
  const executor = useLab((state) => state.run?.executor ?? null);
  if (executor === null) return <NoModel />;
  return <Calls executor={executor} />;
}

const ENUMERATED = 'each world carries out what the Supervisor chooses.';
const WHY = {
  recorded: `The run on screen was recorded over tasks that are enumerated: ${ENUMERATED}`,
  session: `The tasks of this run are enumerated: ${ENUMERATED}`,
} as const;

function NoModel(): ReactNode {
  const source = useLab((state) => state.run?.source ?? null);
  const live = useLab((state) => isLive(state.draft));
  const busy = useLab((state) => state.busy);
  const play = useLab((state) => state.play);
  const choosePreset = useLab((state) => state.choosePreset);
  return (
    <div className="max-w-prose rounded-[10px] border border-line bg-panel p-4">
      <h2 className="font-semibold">{source === null ? 'No run yet' : 'No language model in this run'}</h2>
      <p className="mt-1 text-soft">
        {source !== null && `${WHY[source]} `}In a live suite a language model carries out each step, and every call
        stands here with its prompt, its answer and its cost.
      </p>
      {live ? (
        <div className="mt-3 flex flex-wrap items-center gap-2">
          <button
            type="button"
            className="button border-flow font-semibold"
            disabled={busy}
            onClick={() => void play()}
          >
            Train
          </button>
          <span className="text-soft">The settings have a live suite.</span>
        </div>
      ) : (
        <>
          <button type="button" className="button mt-3" onClick={() => choosePreset('two-hop-qa-live')}>
            Choose a live run
          </button>
          <p className="mt-1 text-[0.92em] text-faint">
            It takes the small model that ships with the lab: no download, no key. Then press Train.
          </p>
        </>
      )}
    </div>
  );
}

function Calls({ executor }: { readonly executor: LiveExecutor }): ReactNode {
  const { calls, model, turns } = executor;
  const [filter, setFilter] = useState<CallFilter>(EVERY_CALL);
  const [chosen, setChosen] = useState<number | null>(null);
  const [byKeys, setByKeys] = useState(false);
  const [by, setBy] = useState<'act' | 'skill'>('act');
  // Typing goes before a list of thousands.
  const asked = useDeferredValue(filter);
  const found = useMemo(() => matching(calls, asked), [calls, asked]);
  const all = useMemo(() => totalsOf('all', calls), [calls]);
  const groups = useMemo(() => totalsBy(by, calls), [calls, by]);
  const call = chosen === null ? undefined : calls[chosen];

  function close(): void {
    document.querySelector<HTMLElement>(`[data-call="${chosen}"]`)?.focus();
    setChosen(null);
  }

  return (
    <div className="flex flex-col gap-3">
      <header>
        <h2 className="font-semibold break-words">
          {model.startsWith('micro-') ? (
            <>
              The small model of the lab <span className="font-normal text-faint">{model}</span>
            </>
          ) : (
            model
          )}
        </h2>
        <p className="text-soft" aria-live="polite">
          {inWords(all)}
        </p>
        <Results executor={executor} />
        {turns !== null && <GpuTurns turns={turns} />}
      </header>
      {calls.length > 0 && (
        <section aria-label="Totals">
          <fieldset className="flex items-center gap-2">
            <legend className="float-left mr-2 text-soft">Totals by</legend>
            {(['act', 'skill'] as const).map((one) => (
              <button
                key={one}
                type="button"
                className={`button ${by === one ? 'bg-flow-soft' : ''}`}
                aria-pressed={by === one}
                onClick={() => setBy(one)}
              >
                {one}
              </button>
            ))}
          </fieldset>
          <TotalsTable
            by={by}
            rows={groups}
            chosen={by === 'act' ? filter.act : filter.skill}
            onChoose={(name) => setFilter({ ...EVERY_CALL, text: filter.text, state: filter.state, [by]: name })}
          />
        </section>
      )}
      <CallList
        found={found}
        of={calls.length}
        filter={filter}
        onFilter={setFilter}
        chosen={chosen}
        onChoose={(number, keys) => {
          setChosen(number);
          setByKeys(keys);
        }}
      />
      {call !== undefined && chosen !== null && (
        <AskAgain key={chosen} call={{ ...call, number: chosen }} takesFocus={byKeys} onClose={close} />
      )}
    </div>
  );
}

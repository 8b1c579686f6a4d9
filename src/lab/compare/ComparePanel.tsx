/** The Compare view: kept runs side by side, as curves, as settings that differ, and as a table of their ends. */
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import type { Split } from '../../graph/world.ts';
import { useLab, useShelf } from '../context.ts';
import { Chart } from '../curves/Chart.tsx';
import { StepReader } from '../curves/StepReader.tsx';
import { splitName } from '../curves/series.ts';
import type { KeptRun } from '../kept/keptRun.ts';
import { RunList } from '../kept/RunList.tsx';
import { type Asked, compareRuns } from './comparison.ts';
import { DifferenceTable } from './DifferenceTable.tsx';
import { BY_OBJECTIVE, EACH_RUN, groupings } from './groups.ts';
import { LineKeys } from './LineKeys.tsx';
import { ResultTable } from './ResultTable.tsx';
import { pathName } from './settings.ts';
import { splitsOf, suitesOf } from './splits.ts';

export function ComparePanel(): ReactNode {
  const open = useShelf((state) => state.open);
  const status = useShelf((state) => state.status);
  const runs = useShelf((state) => state.runs);
  const chosenIds = useShelf((state) => state.chosen);
  const by = useLab((state) => state.compareBy) ?? BY_OBJECTIVE;
  const wantedSplit = useLab((state) => state.compareSplit);
  const [wantedSuite, setWantedSuite] = useState<string | null>(null);
  useEffect(() => {
    void open();
  }, [open]);

  const chosen = useMemo(() => runs.filter(({ id }) => chosenIds.has(id)), [runs, chosenIds]);
  const suites = useMemo(() => suitesOf(chosen), [chosen]);
  const suite = suites.find((name) => name === wantedSuite) ?? suites[0] ?? '';
  const splits = useMemo(() => splitsOf(chosen, suite), [chosen, suite]);
  const split = wantedSplit ?? splits[0] ?? 'train';
  const comparison = useMemo(() => compareRuns(chosen, { by, suite, split }), [chosen, by, suite, split]);
  const [lit, setLit] = useState<string | null>(null);

  if (status === 'opening' && runs.length === 0) return <p className="text-soft">Loading the kept runs.</p>;
  return (
    <div className="grid gap-4 xl:grid-cols-[18rem_minmax(0,1fr)]">
      <RunList marks={comparison.marksOfRuns} onPoint={(id) => setLit(comparison.labelOfRun.get(id ?? '') ?? null)} />
      <div className="min-w-0">
        {chosen.length === 0 ? (
          <Nothing hasRuns={runs.length > 0} />
        ) : (
          <>
            <Controls chosen={chosen} by={by} suites={suites} suite={suite} onSuite={setWantedSuite} split={split} />
            {comparison.groups.length === 0 ? (
              <p className="mt-3 text-soft">
                None of the chosen runs was evaluated on {splitName(split)} tasks. Choose another split, or give the
                suite such tasks in the settings and train again.
              </p>
            ) : (
              <Compared comparison={comparison} asked={{ by, suite, split }} lit={lit} onPoint={setLit} />
            )}
          </>
        )}
      </div>
    </div>
  );
}

function Nothing({ hasRuns }: { readonly hasRuns: boolean }): ReactNode {
  return (
    <div className="max-w-prose rounded-[10px] border border-line bg-panel p-4">
      <h2 className="font-semibold">{hasRuns ? 'No run is chosen' : 'No run to compare yet'}</h2>
      <p className="mt-1 text-soft">
        {hasRuns
          ? 'Tick runs in the list to lay their curves over each other. '
          : 'Press Train: a run that is finished or paused is kept here. '}
        To compare objectives, train once with each; with several seeds of each, their mean stands here with its 95%
        interval. Runs of others come in by Import, as run.json files.
      </p>
    </div>
  );
}

interface ControlsProps {
  readonly chosen: readonly KeptRun[];
  readonly by: string;
  readonly suites: readonly string[];
  readonly suite: string;
  readonly onSuite: (suite: string) => void;
  readonly split: Split;
}

function Controls({ chosen, by, suites, suite, onSuite, split }: ControlsProps): ReactNode {
  const setCompared = useLab((state) => state.setCompared);
  const options = useMemo(() => [...new Set([...groupings(chosen), by])], [chosen, by]);
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1.5 text-soft">
      <label className="flex items-center gap-2">
        Group by
        <select
          className="control max-w-56"
          value={by}
          onChange={(event) => setCompared({ compareBy: event.target.value })}
        >
          {options.map((path) => (
            <option key={path} value={path}>
              {path === EACH_RUN ? 'each run by itself' : pathName(path)}
            </option>
          ))}
        </select>
      </label>
      <label className="flex items-center gap-2">
        Tasks
        <select
          className="control"
          value={split}
          onChange={(event) => setCompared({ compareSplit: event.target.value as Split })}
        >
          {(['heldOut', 'validation', 'train'] as const).map((name) => (
            <option key={name} value={name}>
              {splitName(name)}
            </option>
          ))}
        </select>
      </label>
      {suites.length > 1 && (
        <label className="flex items-center gap-2">
          Suite
          <select className="control" value={suite} onChange={(event) => onSuite(event.target.value)}>
            {suites.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      )}
    </div>
  );
}

interface ComparedProps {
  readonly comparison: ReturnType<typeof compareRuns>;
  readonly asked: Asked;
  readonly lit: string | null;
  readonly onPoint: (label: string | null) => void;
}

function Compared({ comparison, asked, lit, onPoint }: ComparedProps): ReactNode {
  const hoverStep = useLab((state) => state.hoverStep);
  const hover = useLab((state) => state.hover);
  const { groups, curves, total, without } = comparison;
  const averaged = groups.some(({ runs }) => runs.length > 1);
  return (
    <>
      <LineKeys comparison={comparison} onPoint={onPoint} />
      <p className="mt-1 text-soft">
        {averaged
          ? 'Runs that differ only in their seed are one line: their mean, in a band that is its 95% interval (Student’s t).'
          : groups.length === 1
            ? 'One run. Choose or train another to compare it with.'
            : 'Each line is one run. Runs that differ only in their seed would be averaged.'}
        {without.length > 0 &&
          ` ${without.length} of the chosen runs ${without.length === 1 ? 'was' : 'were'} not evaluated on ${splitName(asked.split)} tasks of ${asked.suite}.`}
      </p>
      <div className="mt-2 max-w-md">
        <StepReader last={total} step={hoverStep} onStep={hover} />
      </div>
      <div className="mt-1 grid grid-cols-[repeat(auto-fill,minmax(min(20rem,100%),1fr))] gap-3">
        {curves.map((curve) => (
          <div key={curve.id} className="min-w-0 rounded-[10px] border border-line bg-panel px-3 py-1">
            <Chart curve={curve} total={total} step={hoverStep} onStep={hover} lit={lit} />
          </div>
        ))}
      </div>
      <ResultTable comparison={comparison} asked={asked} onPoint={onPoint} />
      <DifferenceTable groups={groups} />
    </>
  );
}

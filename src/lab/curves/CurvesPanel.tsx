/** The curves of the run, read together at one step. */
import { type ReactNode, useDeferredValue, useMemo } from 'react';
import { useLab } from '../context.ts';
import { shownTask } from '../store/labState.ts';
import { stepsDone } from '../store/runState.ts';
import { Chart } from './Chart.tsx';
import { curvesOf } from './curves.ts';
import { StepReader } from './StepReader.tsx';

export function CurvesPanel(): ReactNode {
  const run = useDeferredValue(useLab((state) => state.run));
  const previous = useLab((state) => state.previous);
  const suite = useLab((state) => shownTask(state)?.suite);
  const hoverStep = useLab((state) => state.hoverStep);
  const hover = useLab((state) => state.hover);
  const curves = useMemo(() => (run === null ? [] : curvesOf(run, suite ?? '', previous)), [run, suite, previous]);
  const last = run === null ? 0 : stepsDone(run);
  const manySuites = new Set(run?.tasks.map((task) => task.suite)).size > 1;
  return (
    <aside aria-label="Curves" className="relative overflow-y-auto border-line bg-panel px-4 py-3 lg:border-l">
      {run === null || (run.steps.length === 0 && run.evaluations.length === 0) ? (
        <p className="text-soft">
          The curves of a run appear here: success, distance to the exact target, solutions, loss.
        </p>
      ) : (
        <>
          <StepReader last={last} step={hoverStep} onStep={hover} />
          {manySuites && <p className="text-soft">Of suite {suite}, the suite of the task on screen.</p>}
          {curves.map((curve) => (
            <Chart key={curve.id} curve={curve} total={run.total} step={hoverStep} onStep={hover} />
          ))}
        </>
      )}
    </aside>
  );
}

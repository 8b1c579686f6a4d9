/** One skill: its document, what was measured of it, where it comes from, and how it came to be as it is. */
import { type ReactNode, useMemo } from 'react';
import type { EvolutionEvent } from '../../evolution/events.ts';
import type { Skill, SkillStatistics } from '../../skills/skill.ts';
import { diffSkills, type FieldChange } from '../../skills/skillDiff.ts';
import { useLab } from '../context.ts';
import { type Measured, splitName } from '../curves/series.ts';
import { count, percent, signed } from '../flow/figures.ts';
import { hasEnded } from '../store/labState.ts';
import { EventGlyph } from './EventGlyph.tsx';
import { attainableWords, gateWords, originName, titleOf } from './eventWords.ts';
import { GateFigure, reachOf } from './GateFigure.tsx';
import { eventsOf, measuredOf, sharesOf, type Version, versionsOf } from './history.ts';
import { IntervalPlot } from './IntervalPlot.tsx';
import { Plan } from './Plan.tsx';
import { ShareBars } from './ShareBars.tsx';
import { ShareCurve } from './ShareCurve.tsx';
import { Sources } from './Sources.tsx';

interface SkillDetailProps {
  readonly skill: Skill;
  readonly events: readonly EvolutionEvent[];
  /** Evaluations of the split that counts most; null where nothing was measured. */
  readonly evaluated: Measured | null;
  /** Coverage of the intervals; null where it is not known. */
  readonly confidence: number | null;
  readonly onEvent: (event: number) => void;
  /** What can be done with it. */
  readonly actions: ReactNode;
}

export function SkillDetail({ skill, events, evaluated, confidence, onEvent, actions }: SkillDetailProps): ReactNode {
  const measured = useMemo(() => measuredOf(skill, events), [skill, events]);
  const versions = useMemo(() => versionsOf(skill, events), [skill, events]);
  const shares = useMemo(() => sharesOf(skill, events, evaluated?.points ?? []), [skill, events, evaluated]);
  const about = useMemo(() => eventsOf(skill, events), [skill, events]);
  const { lineage, statistics } = skill;
  const isOver = useLab(hasEnded);
  return (
    <section aria-labelledby="skill-title" className="skill-panel skill-detail">
      <div className="flex flex-wrap items-baseline gap-x-2">
        <h2 id="skill-title" className="text-[1.08rem] font-bold break-all">
          {skill.name}
        </h2>
        <span className="text-soft">
          version {skill.version}, {originName(lineage.origin)} at step {lineage.step.toLocaleString('en')}
          {lineage.parents.length > 0 && `, from ${lineage.parents.join(' and ')}`}
          {skill.pinned && ', pinned: the flow does not remove it'}
        </span>
      </div>
      {actions}
      <SkillDocument skill={skill} />
      <h3 className="heading">What the flow says of it</h3>
      {statistics === null ? (
        <p className="text-soft">
          {isOver
            ? 'Not measured: it came after the last phase of this run.'
            : 'Not measured yet: the next phase walks the training tasks and measures it.'}
        </p>
      ) : (
        <Measures statistics={statistics} confidence={confidence} />
      )}
      {evaluated !== null && <ShareCurve points={shares} of={splitName(evaluated.split)} />}
      <Phases measured={measured} />
      <Judgement version={versions[0]} onEvent={onEvent} />
      <Sources skill={skill} />
      <Versions versions={versions} onEvent={onEvent} />
      {about.length > 0 && (
        <>
          <h3 className="heading">Events</h3>
          <ul>
            {about.map(({ number, event }) => (
              <li key={number}>
                <button type="button" className="text-left underline" onClick={() => onEvent(number)}>
                  Step {event.step.toLocaleString('en')}
                </button>{' '}
                <EventGlyph kind={event.kind} />
                {titleOf(event)}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function SkillDocument({ skill }: { readonly skill: Skill }): ReactNode {
  const { description, plan, pitfall, constraint, allows } = skill;
  return (
    <dl className="skill-document">
      <dt>When</dt>
      <dd>{description === '' ? <span className="text-soft">not said</span> : description}</dd>
      <dt>Plan</dt>
      <dd>
        <Plan plan={plan} />
      </dd>
      {pitfall !== '' && (
        <>
          <dt>Pitfall</dt>
          <dd>{pitfall}</dd>
        </>
      )}
      {(constraint !== '' || allows.length > 0) && (
        <>
          <dt>Constraint</dt>
          <dd>
            {constraint}
            {allows.length > 0 && (
              <span className="block text-soft">The executor offers it only where one can {allows.join(' and ')}.</span>
            )}
          </dd>
        </>
      )}
    </dl>
  );
}

function Measures({
  statistics,
  confidence,
}: {
  readonly statistics: SkillStatistics;
  readonly confidence: number | null;
}): ReactNode {
  const { G, J, lambda, g, step, visits, flowShare } = statistics;
  const verdict =
    g === null
      ? ''
      : g.low > 0
        ? ' The step that invokes it earns credit.'
        : g.high < 0
          ? ' The step that invokes it takes blame.'
          : ' Whether the step that invokes it earns credit cannot be told from zero.';
  return (
    <>
      <p className="text-soft">
        At the phase of step {step.toLocaleString('en')}: invoked {count(visits, 'time')}, {percent(flowShare)} of all
        steps.
        {verdict}
      </p>
      <IntervalPlot
        label="What was measured of the skill, in nats"
        rows={[
          { name: 'g', help: 'credit of the step that invokes it', estimate: g },
          { name: 'Λ̃', help: 'flow it leads to, beside the other skills', estimate: lambda },
          { name: 'G', help: 'mean log flow it leads to, beside log Z', estimate: G },
          { name: 'J', help: 'how unevenly it pays', estimate: J, isPositive: true },
        ]}
      />
      <p className="text-[0.92em] text-soft">
        In nats, with {confidence === null ? 'bootstrap' : `${percent(confidence)} bootstrap`} intervals; the upright
        line is zero.
      </p>
    </>
  );
}

/** Visits and share of the flow over the phases, as far as they are known. */
function Phases({ measured }: { readonly measured: readonly SkillStatistics[] }): ReactNode {
  if (measured.length === 0) return null;
  if (measured.length === 1) return <p className="text-[0.92em] text-soft">No figures of earlier phases are kept.</p>;
  return (
    <>
      <ShareBars measured={measured} />
      <details className="mt-0.5 text-[0.92em]">
        <summary className="w-fit rounded text-soft">Table</summary>
        <table className="skill-table">
          <thead>
            <tr>
              <th scope="col">step</th>
              <th scope="col" className="skill-number">
                visits
              </th>
              <th scope="col" className="skill-number">
                share of all steps
              </th>
              <th scope="col" className="skill-number">
                g
              </th>
            </tr>
          </thead>
          <tbody>
            {measured.map(({ step, visits, flowShare, g }) => (
              <tr key={step}>
                <th scope="row">{step.toLocaleString('en')}</th>
                <td className="skill-number">{visits.toLocaleString('en')}</td>
                <td className="skill-number">{percent(flowShare)}</td>
                <td className="skill-number">{g === null ? '–' : signed(g.mean)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  );
}

/** Why this version stands in the library. */
function Judgement({
  version,
  onEvent,
}: {
  readonly version: Version | undefined;
  readonly onEvent: (event: number) => void;
}): ReactNode {
  const by = version?.by ?? null;
  if (by === null) {
    return (
      <>
        <h3 className="heading">Why it is here</h3>
        <p className="text-soft">The run began with it.</p>
      </>
    );
  }
  const { event, number } = by;
  const { gate, evidence } = event;
  return (
    <>
      <h3 className="heading">Why it is here</h3>
      <p>
        {evidence.reason}{' '}
        <button type="button" className="underline" onClick={() => onEvent(number)}>
          Event {number + 1}
        </button>
      </p>
      {gate !== null && (
        <>
          <p className="flex flex-wrap items-center gap-x-3">
            <GateFigure gate={gate} reach={reachOf([gate])} />
            <span className="whitespace-nowrap">
              {gate.before.toFixed(3)} <span aria-hidden="true">→</span>
              <span className="sr-only">to</span> {gate.after.toFixed(3)}
            </span>
          </p>
          <p className="text-soft">
            {gateWords(gate, event.kind)} {count(gate.pairs, 'pair')} of a task and a seed. {attainableWords(event)}
          </p>
        </>
      )}
    </>
  );
}

function Versions({
  versions,
  onEvent,
}: {
  readonly versions: readonly Version[];
  readonly onEvent: (event: number) => void;
}): ReactNode {
  if (versions.length < 2) return null;
  return (
    <>
      <h3 className="heading">What changed</h3>
      {versions.slice(0, -1).map(({ skill, by }, i) => (
        <div key={by?.number ?? 'first'} className="mt-1">
          <p>
            {by !== null && (
              <button type="button" className="underline" onClick={() => onEvent(by.number)}>
                Step {by.event.step.toLocaleString('en')}
              </button>
            )}
            {by !== null && `, ${by.event.evidence.reason}`}
          </p>
          <Diff changes={diffSkills(versions[i + 1].skill, skill)} />
        </div>
      ))}
    </>
  );
}

/** Field by field; of a plan line by line. */
function Diff({ changes }: { readonly changes: readonly FieldChange[] }): ReactNode {
  return (
    <dl className="skill-document">
      {changes.map((change) => (
        <div key={change.field} className="contents">
          <dt>{change.field}</dt>
          <dd className="skill-diff">
            {change.field === 'plan' ? (
              change.lines.map(({ kind, text }, line) => {
                const Tag = kind === 'removed' ? 'del' : kind === 'added' ? 'ins' : 'span';
                // biome-ignore lint/suspicious/noArrayIndexKey: a line is known by its place
                return <Tag key={line}>{text}</Tag>;
              })
            ) : (
              <>
                {change.before !== '' && <del>{change.before}</del>}
                {change.after !== '' && <ins>{change.after}</ins>}
              </>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

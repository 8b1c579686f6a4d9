/** The Skills view: the library, what happened to it over training, and the evidence for every change. */
import { type ReactNode, useDeferredValue, useMemo, useState } from 'react';
import type { Skill, SkillDraft } from '../../skills/skill.ts';
import { useLab, useParts } from '../context.ts';
import { measuredSplits } from '../curves/series.ts';
import { shownTask } from '../store/labState.ts';
import type { LabRun } from '../store/runState.ts';
import { SKILL_LISTS, type SkillList } from '../urlState.ts';
import { Forbidden, UndoBar } from './ByHand.tsx';
import { DraftForm } from './DraftForm.tsx';
import { NoEvolution, Waiting } from './EmptySkills.tsx';
import { EventCard } from './EventCard.tsx';
import { EventLog } from './EventLog.tsx';
import { Exchange } from './Exchange.tsx';
import { evolutionOf, whyFixed } from './evolving.ts';
import { heirOf, lastByHand, rejectsOf } from './history.ts';
import { LineageChart } from './LineageChart.tsx';
import { lineageOf } from './lineage.ts';
import { RejectList } from './RejectList.tsx';
import { SkillActions } from './SkillActions.tsx';
import { SkillCards } from './SkillCards.tsx';
import { SkillDetail } from './SkillDetail.tsx';
import { SkillTree } from './SkillTree.tsx';
import './skills.css';
import { libraryWords, lineageWords } from './words.ts';

export function SkillsPanel(): ReactNode {
  const run = useLab((state) => state.run);
  const loading = useLab(
    (state) => state.run === null && (state.recording === 'loading' || state.phase === 'compiling'),
  );
  if (loading) return <p className="text-soft">Loading.</p>;
  const isBare =
    run === null || (evolutionOf(run.config) === null && run.library.skills.length === 0 && run.events.length === 0);
  return <div className="flex flex-col gap-2">{isBare ? <Bare run={run} /> : <Skills run={run} />}</div>;
}

function Bare({ run }: { readonly run: LabRun | null }): ReactNode {
  return (
    <>
      <div className="flex justify-end gap-1.5">
        <Exchange skills={[]} name={run?.name ?? null} />
      </div>
      <NoEvolution />
    </>
  );
}

const LISTS: Readonly<Record<SkillList, string>> = { cards: 'Cards', tree: 'Tree', rejects: 'Turned down', log: 'Log' };

function Skills({ run: now }: { readonly run: LabRun }): ReactNode {
  const run = useDeferredValue(now);
  const { lab } = useParts();
  const phase = useLab((state) => state.phase);
  const hoverStep = useLab((state) => state.hoverStep);
  const hover = useLab((state) => state.hover);
  const change = useLab((state) => state.changeLibrary);
  const changing = useLab((state) => state.changing);
  const taskSuite = useLab((state) => shownTask(state)?.suite);
  const list = useLab((state) => state.skillList);
  const asked = useLab((state) => state.chosenSkill);
  const setSkills = useLab((state) => state.setSkills);
  const [eventNumber, setEventNumber] = useState<number | null>(null);
  const [writing, setWriting] = useState<'add' | 'edit' | null>(null);
  const { library, events, evaluations } = run;
  const { skills } = library;
  const suites = [...new Set(evaluations.map((one) => one.suite))];
  // That of the task on screen, as the curves have it.
  const suite = suites.find((one) => one === taskSuite) ?? suites[0] ?? '';
  const evolution = useMemo(() => evolutionOf(run.config), [run.config]);
  const lineage = useMemo(() => lineageOf(evaluations, events, suite), [evaluations, events, suite]);
  const evaluated = useMemo(() => measuredSplits(evaluations, suite)[0] ?? null, [evaluations, suite]);
  const rejects = useMemo(() => rejectsOf(events), [events]);
  const fixed = whyFixed(run, phase);
  const chosen = asked === null ? undefined : heirOf(asked, skills, events);
  const skill = chosen ?? skills[0];
  const event = eventNumber === null ? undefined : events[eventNumber];
  const byHand = lastByHand(events);
  const slots = evolution?.slots ?? 64;
  const counts: Readonly<Record<SkillList, number>> = {
    cards: skills.length,
    tree: skills.length,
    rejects: rejects.length,
    log: events.length,
  };

  function choose({ name }: Skill): void {
    setSkills({ chosenSkill: name });
    setWriting(null);
  }

  /** Leaves a table, and keeps cards or tree. */
  function showSkills(): void {
    if (list !== 'tree') setSkills({ skillList: 'cards' });
  }

  async function save(draft: SkillDraft): Promise<void> {
    const edited = writing === 'edit' ? skill : undefined;
    const before = library.skills;
    const made = await change(
      edited === undefined ? { kind: 'add', draft } : { kind: 'edit', name: edited.name, draft },
    );
    if (!made) return;
    setWriting(null);
    const present = lab.getState().run?.library.skills ?? [];
    const added = present.find((one) => before.every((old) => old.slot !== one.slot));
    const saved = edited === undefined ? added : present.find((one) => one.slot === edited.slot);
    if (saved) setSkills({ chosenSkill: saved.name });
  }

  const reached = event && skills.find((one) => one.slot === event.skill.slot && one.name === event.skill.name);
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1">
        <p role="status" className="max-w-[46rem] min-w-0 flex-1 text-[1.08rem] leading-snug">
          {libraryWords(skills, lineage)}
        </p>
        <div className="flex gap-1.5">
          <button
            type="button"
            className="button"
            disabled={fixed !== null || changing}
            title={fixed ?? 'Write a skill by hand'}
            onClick={() => {
              setWriting('add');
              showSkills();
            }}
          >
            Add a skill
          </button>
          <Exchange skills={skills} name={run.name} />
        </div>
      </div>
      {fixed !== null && <p className="text-[0.92em] text-soft">{fixed}</p>}
      {byHand !== null && <UndoBar last={byHand} library={library} fixed={fixed} />}
      {skills.length === 0 && evolution !== null && <Waiting run={run} evolution={evolution} />}
      <LineageChart
        lineage={lineage}
        caption={`${suites.length > 1 ? `Of suite ${suite}, that of the task on screen. ` : ''}${lineageWords(events)}`}
        total={run.total}
        step={hoverStep}
        onStep={hover}
        chosen={eventNumber}
        onChoose={setEventNumber}
      />
      {event !== undefined && eventNumber !== null && (
        <EventCard
          key={eventNumber}
          number={eventNumber}
          event={event}
          fixed={fixed}
          onShow={
            reached === undefined
              ? undefined
              : () => {
                  choose(reached);
                  showSkills();
                }
          }
          onClose={() => setEventNumber(null)}
        />
      )}
      <fieldset aria-label="What is listed" className="skill-choices mt-1 self-start">
        {SKILL_LISTS.map((key) => (
          <button key={key} type="button" aria-pressed={key === list} onClick={() => setSkills({ skillList: key })}>
            {LISTS[key]} {key !== 'tree' && <span className="font-normal text-soft">{counts[key]}</span>}
          </button>
        ))}
      </fieldset>
      {list === 'rejects' && <RejectList rejects={rejects} chosen={eventNumber} onEvent={setEventNumber} />}
      {list === 'log' && <EventLog events={events} chosen={eventNumber} onEvent={setEventNumber} />}
      {(list === 'cards' || list === 'tree') && (
        <div
          className={
            skills.length === 0 ? '' : 'grid items-start gap-3 md:grid-cols-[minmax(15rem,19rem)_minmax(0,1fr)]'
          }
        >
          <div>
            {asked !== null && chosen === undefined && skill !== undefined && (
              <p role="status" className="mb-1.5 text-[0.92em] text-soft break-words">
                There is no skill “{asked}” in the library; {skill.name} is shown.
              </p>
            )}
            {list === 'cards' && skills.length > 0 && (
              <SkillCards skills={skills} chosen={writing === 'add' ? null : (skill?.slot ?? null)} onChoose={choose} />
            )}
            {list === 'tree' && skills.length > 0 && (
              <SkillTree skills={skills} suites={suites} chosen={skill?.slot ?? null} onChoose={choose} />
            )}
            <Forbidden library={library} fixed={fixed} />
          </div>
          {writing !== null && fixed === null ? (
            <DraftForm
              key={writing === 'edit' ? `edit ${skill?.slot}` : 'add'}
              old={writing === 'edit' ? (skill ?? null) : null}
              library={library}
              slots={slots}
              changing={changing}
              onSave={(draft) => void save(draft)}
              onClose={() => setWriting(null)}
            />
          ) : (
            skill !== undefined && (
              <SkillDetail
                skill={skill}
                events={events}
                evaluated={evaluated}
                confidence={evolution?.what.confidence ?? null}
                onEvent={setEventNumber}
                actions={<SkillActions skill={skill} fixed={fixed} onEdit={() => setWriting('edit')} />}
              />
            )
          )}
        </div>
      )}
    </>
  );
}

/** The library as a gallery of cards; the whole of a card chooses it. */
import type { ReactNode } from 'react';
import type { Skill } from '../../skills/skill.ts';
import { useLab } from '../context.ts';
import { percent } from '../flow/figures.ts';
import { hasEnded } from '../store/labState.ts';
import { originName } from './eventWords.ts';
import { CardInterval } from './IntervalPlot.tsx';
import { Plan } from './Plan.tsx';

interface SkillCardsProps {
  readonly skills: readonly Skill[];
  readonly chosen: number | null;
  readonly onChoose: (skill: Skill) => void;
}

export function SkillCards({ skills, chosen, onChoose }: SkillCardsProps): ReactNode {
  const most = Math.max(0, ...skills.map(({ statistics }) => statistics?.flowShare ?? 0));
  return (
    <ul aria-label="Skills" className="flex flex-col gap-2">
      {skills.map((skill) => (
        <Card
          key={skill.slot}
          skill={skill}
          most={most}
          chosen={skill.slot === chosen}
          onChoose={() => onChoose(skill)}
        />
      ))}
    </ul>
  );
}

interface CardProps {
  readonly skill: Skill;
  /** The largest share of any skill, which fills the bar. */
  readonly most: number;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

function Card({ skill, most, chosen, onChoose }: CardProps): ReactNode {
  const { name, version, pinned, description, plan, statistics, lineage } = skill;
  const isOver = useLab(hasEnded);
  return (
    <li className="skill-card" data-chosen={chosen}>
      <div className="flex items-start justify-between gap-2">
        <h3 className="min-w-0">
          <button type="button" aria-pressed={chosen} onClick={onChoose}>
            {name}
          </button>
        </h3>
        <span className="flex shrink-0 gap-1">
          {version > 1 && <span className="skill-badge">v{version}</span>}
          {pinned && <span className="skill-badge border-flow text-ink">pinned</span>}
        </span>
      </div>
      <div className="my-0.5">
        <Plan plan={plan} small />
      </div>
      <p className="skill-when text-[0.92em]" title={description}>
        {description === '' ? 'When to use it is not said.' : description}
      </p>
      <div className="mt-1 text-[0.92em]">
        {statistics === null ? (
          <p className="text-soft">
            {isOver ? 'Not measured by the run’s end.' : 'Not measured yet: the next phase does.'}
          </p>
        ) : (
          <dl className="grid grid-cols-[max-content_minmax(0,1fr)] items-center gap-x-2">
            <dt className="text-faint">flow share</dt>
            <dd className="flex items-center gap-2">
              <span className="skill-share w-20 shrink-0" aria-hidden="true">
                <i style={{ width: `${most === 0 ? 0 : (100 * statistics.flowShare) / most}%` }} />
              </span>
              {percent(statistics.flowShare)}
            </dd>
            <dt className="text-faint">credit g</dt>
            <dd>{statistics.g === null ? 'not visited' : <CardInterval estimate={statistics.g} />}</dd>
          </dl>
        )}
        <p className="text-soft">
          {originName(lineage.origin)}, step {lineage.step.toLocaleString('en')}
        </p>
      </div>
    </li>
  );
}

/** The library as a tree of capabilities: suite, kind of first act, skills, and what was made from them. */
import type { ReactNode } from 'react';
import type { Skill } from '../../skills/skill.ts';
import { count, percent } from '../flow/figures.ts';
import { originName } from './eventWords.ts';
import { type Kin, treeOf } from './tree.ts';

interface SkillTreeProps {
  readonly skills: readonly Skill[];
  readonly suites: readonly string[];
  readonly chosen: number | null;
  readonly onChoose: (skill: Skill) => void;
}

export function SkillTree({ skills, suites, chosen, onChoose }: SkillTreeProps): ReactNode {
  return (
    <div className="skill-panel">
      <ul aria-label="Capabilities" className="skill-tree">
        {treeOf(skills, suites).map(({ suite, acts }) => (
          <li key={suite}>
            <b className="break-words">{suite}</b>{' '}
            <span className="text-soft">{count(acts.length, 'kind of first act', 'kinds of first act')}</span>
            <ul>
              {acts.map(({ act, skills: kins }) => (
                <li key={act}>
                  <span className="font-mono text-[0.92em]">{act}</span> …
                  <Kins kins={kins} chosen={chosen} onChoose={onChoose} />
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </div>
  );
}

interface KinsProps {
  readonly kins: readonly Kin[];
  readonly chosen: number | null;
  readonly onChoose: (skill: Skill) => void;
}

function Kins({ kins, chosen, onChoose }: KinsProps): ReactNode {
  return (
    <ul>
      {kins.map(({ skill, gone, children }) => (
        <li key={skill.slot}>
          <button type="button" aria-pressed={skill.slot === chosen} onClick={() => onChoose(skill)}>
            {skill.name}
          </button>
          <span className="text-[0.92em] text-soft">
            {skill.statistics !== null && ` ${percent(skill.statistics.flowShare)}`}
            {gone.length > 0 && `, ${originName(skill.lineage.origin)} from ${gone.join(' and ')}, gone`}
          </span>
          {children.length > 0 && <Kins kins={children} chosen={chosen} onChoose={onChoose} />}
        </li>
      ))}
    </ul>
  );
}

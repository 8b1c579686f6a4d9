/** One probability twice: learned as a filled bar, exact as a dashed frame, both as digits. */
import { fixed } from './figures.ts';

interface ProbabilityBarProps {
  readonly name: string;
  readonly learned: number;
  readonly exact: number;
}

export function ProbabilityBar({ name, learned, exact }: ProbabilityBarProps) {
  return (
    <span className="flow-probability">
      <svg width="100%" height="10" aria-hidden="true">
        <rect x="0" y="1" width={`${learned * 100}%`} height="8" rx="2" className="flow-bar" />
        <rect x="0.5" y="0.5" width={`${Math.min(exact * 100, 99.6)}%`} height="9" rx="2" className="flow-bar-exact" />
      </svg>
      <span className="flow-digits">
        <span className="flow-sr">{name} learned </span>
        <b data-testid="learned">{fixed(learned, 3)}</b> <i>exact {fixed(exact, 3)}</i>
      </span>
    </span>
  );
}

/** The marks of events: each kind has a shape of its own, so that colour is never the only key. */
import type { ReactNode } from 'react';
import type { EventKind } from '../../evolution/events.ts';

/** Shapes around the origin, about 11 high; those that are lines are not filled. */
const SHAPES: Readonly<Record<EventKind, { readonly d: string; readonly filled: boolean; readonly tone: string }>> = {
  create: { d: 'M0,-6L6,5H-6Z', filled: true, tone: 'plus' },
  refine: { d: 'M0,-6.5L6.5,0L0,6.5L-6.5,0Z', filled: true, tone: 'flow' },
  prune: { d: 'M0,6L6,-5H-6Z', filled: true, tone: 'minus' },
  merge: { d: 'M-5.5,-5.5L0,0.5L5.5,-5.5M0,0.5V6.5', filled: false, tone: 'minus' },
  split: { d: 'M-5.5,5.5L0,-0.5L5.5,5.5M0,-0.5V-6.5', filled: false, tone: 'plus' },
  rollback: { d: 'M-6.5,0L4.5,-6V6Z', filled: true, tone: 'warn' },
  manual: { d: 'M-5,-5H5V5H-5Z', filled: true, tone: 'focus' },
  reject: { d: 'M-2.6,-2.6L2.6,2.6M2.6,-2.6L-2.6,2.6', filled: false, tone: 'soft' },
};

export function EventShape({ kind }: { readonly kind: EventKind }): ReactNode {
  const { d, filled, tone } = SHAPES[kind];
  const thin = kind === 'reject';
  return (
    <>
      <path d={d} fill="none" stroke="var(--panel)" strokeWidth={thin ? 3 : 5} strokeLinejoin="round" />
      <path
        d={d}
        fill={filled ? `var(--${tone})` : 'none'}
        stroke={`var(--${tone})`}
        strokeWidth={filled ? 1 : thin ? 1.4 : 2.4}
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </>
  );
}

/** The mark of a kind, to stand in a line of text. */
export function EventGlyph({ kind }: { readonly kind: EventKind }): ReactNode {
  return (
    <svg aria-hidden="true" viewBox="-8 -8 16 16" className="mr-1 inline size-[1.05em] shrink-0 align-[-0.15em]">
      <EventShape kind={kind} />
    </svg>
  );
}

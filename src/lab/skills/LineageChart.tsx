/** Success over training with what happened to the library, each event where it happened. */
import { type KeyboardEvent, type PointerEvent, type ReactNode, useMemo, useState } from 'react';
import type { EventKind } from '../../evolution/events.ts';
import { EVENT_KINDS } from '../../evolution/events.ts';
import { LineKey } from '../curves/LineKey.tsx';
import { type Line, valueAtStep } from '../curves/series.ts';
import { strokeOf } from '../curves/stroke.ts';
import { useWidth } from '../flow/useWidth.ts';
import { figure } from '../format.ts';
import { EventGlyph, EventShape } from './EventGlyph.tsx';
import { gateWords, kindName, titleOf } from './eventWords.ts';
import type { EventMark, Lineage } from './lineage.ts';

const LEFT = 34;
const RIGHT = 12;
const TOP = 12;
const PLOT = 168;
/** Height of a row of small marks below the plot, and how many there are at most. */
const ROW = 10;
const MOST_ROWS = 5;
const BOTTOM = TOP + PLOT;
const LANE = BOTTOM + 8;

interface LineageChartProps {
  readonly lineage: Lineage;
  readonly caption: string;
  /** Steps on the horizontal axis. */
  readonly total: number;
  /** The step that is read; null for the last. */
  readonly step: number | null;
  readonly onStep: (step: number | null) => void;
  /** Number of the chosen event. */
  readonly chosen: number | null;
  readonly onChoose: (event: number) => void;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

export function LineageChart(props: LineageChartProps): ReactNode {
  const { lineage, caption, total, step, onStep, chosen, onChoose } = props;
  const { lines, marks } = lineage;
  const [frame, width] = useWidth<HTMLDivElement>(800);
  const [pointed, setPointed] = useState<number | null>(null);
  const rows = Math.min(MOST_ROWS, Math.max(0, ...marks.map(({ value, order }) => (value === null ? order + 1 : 0))));
  const axes = useMemo(() => axesFor(width, total), [width, total]);
  const { x, y, right } = axes;
  const height = LANE + rows * ROW + 20;
  const places = useMemo(() => marks.map((mark) => placeOf(mark, axes)), [marks, axes]);

  function follow(event: PointerEvent<SVGSVGElement>): void {
    const box = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - box.left - LEFT) / (right - LEFT);
    onStep(Math.round(Math.min(1, Math.max(0, share)) * total));
  }

  const shown = pointed === null ? undefined : marks.find(({ number }) => number === pointed);
  return (
    <section aria-labelledby="lineage-title" className="skill-panel">
      <h2 id="lineage-title" className="heading">
        Lineage over training
      </h2>
      <p className="text-soft">{caption}</p>
      <div ref={frame} className="relative mt-1">
        {/* biome-ignore lint/a11y/useSemanticElements: it is a picture with buttons in it */}
        <svg
          width={width}
          height={height}
          role="group"
          aria-label={`Success over ${total} steps. ${caption}`}
          className="block touch-pan-y"
          onPointerMove={follow}
          onPointerLeave={() => {
            onStep(null);
            setPointed(null);
          }}
        >
          <g className="fill-faint text-[0.85rem]">
            {[0, 0.25, 0.5, 0.75, 1].map((tick) => (
              <g key={tick}>
                <line x1={LEFT} x2={right} y1={y(tick)} y2={y(tick)} stroke="var(--line)" />
                <text x={LEFT - 6} y={y(tick) + 4} textAnchor="end">
                  {figure(tick)}
                </text>
              </g>
            ))}
            <text x={LEFT} y={height - 4}>
              step 0
            </text>
            <text x={right} y={height - 4} textAnchor="end">
              {total.toLocaleString('en')}
            </text>
          </g>
          {[...lines].reverse().map((line) => (
            <PlotLine key={line.label} line={line} x={x} y={y} />
          ))}
          {step !== null && <line x1={x(step)} x2={x(step)} y1={TOP} y2={LANE + rows * ROW} stroke="var(--focus)" />}
          <Marks
            marks={marks}
            places={places}
            chosen={chosen}
            onChoose={onChoose}
            onPoint={(number) => setPointed(number)}
          />
        </svg>
        {shown !== undefined && <Tip mark={shown} place={places[marks.indexOf(shown)]} width={width} />}
      </div>
      <Key lines={lines} marks={marks} step={step} />
    </section>
  );
}

interface Axes {
  x(step: number): number;
  y(value: number): number;
  readonly right: number;
}

function axesFor(width: number, total: number): Axes {
  const right = Math.max(LEFT + 100, width - RIGHT);
  return {
    right,
    x: (step) => LEFT + ((right - LEFT) * step) / Math.max(1, total),
    y: (value) => BOTTOM - PLOT * Math.min(1, Math.max(0, value)),
  };
}

function placeOf({ step, value, order }: EventMark, { x, y }: Axes): Place {
  if (value === null) return { x: x(step), y: LANE + ROW / 2 + (order % MOST_ROWS) * ROW };
  const stacked = y(value) - 15 * order;
  return { x: x(step), y: stacked < TOP ? y(value) + 15 * order : stacked };
}

interface PlotLineProps {
  readonly line: Line;
  x(step: number): number;
  y(value: number): number;
}

function PlotLine({ line, x, y }: PlotLineProps): ReactNode {
  const { className, width, dashes } = strokeOf(line);
  const d = line.points
    .map(([at, value], i) => `${i === 0 ? 'M' : 'L'}${x(at).toFixed(1)},${y(value).toFixed(1)}`)
    .join('');
  const dotted = line.style !== 'target' && line.points.length <= 40;
  return (
    <g className={className}>
      <path d={d} fill="none" strokeWidth={width + 0.3} strokeDasharray={dashes} strokeLinejoin="round" />
      {dotted &&
        line.points.map(([at, value]) => (
          <circle key={at} cx={x(at)} cy={y(value)} r={line.style === 'learned' ? 2.4 : 1.6} fill="var(--panel)" />
        ))}
    </g>
  );
}

interface MarksProps {
  readonly marks: readonly EventMark[];
  readonly places: readonly Place[];
  readonly chosen: number | null;
  readonly onChoose: (event: number) => void;
  readonly onPoint: (event: number | null) => void;
}

/** One stop for the keyboard; arrow keys go from event to event. */
function Marks({ marks, places, chosen, onChoose, onPoint }: MarksProps): ReactNode {
  const stop = marks.some(({ number }) => number === chosen) ? chosen : (marks.at(-1)?.number ?? null);

  function onKeyDown(event: KeyboardEvent<SVGGElement>, at: number): void {
    const move = { ArrowRight: 1, ArrowLeft: -1, Home: -at, End: marks.length - 1 - at }[event.key];
    if (move !== undefined) {
      const next = marks[at + move];
      if (next === undefined) return;
      onChoose(next.number);
      event.currentTarget.parentElement?.querySelector<SVGGElement>(`[data-event="${next.number}"]`)?.focus();
    } else if (event.key === 'Enter' || event.key === ' ') {
      onChoose(marks[at].number);
    } else return;
    event.preventDefault();
  }

  return (
    <g>
      {marks.map((mark, i) => {
        const { number, event, value } = mark;
        const { x, y } = places[i];
        const isChosen = number === chosen;
        return (
          // biome-ignore lint/a11y/useSemanticElements: there is no button in an SVG
          <g
            key={number}
            role="button"
            tabIndex={number === stop ? 0 : -1}
            aria-pressed={isChosen}
            aria-label={`Step ${event.step}. ${titleOf(event)}`}
            data-event={number}
            className="skill-mark"
            onClick={() => onChoose(number)}
            onKeyDown={(key) => onKeyDown(key, i)}
            onPointerEnter={() => onPoint(number)}
            onPointerLeave={() => onPoint(null)}
            onFocus={() => onPoint(null)}
          >
            {value !== null && <line x1={x} x2={x} y1={y} y2={BOTTOM} stroke="var(--edge)" strokeDasharray="1 3" />}
            <circle cx={x} cy={y} r={value === null ? 5.5 : 11} className="skill-mark-halo" data-chosen={isChosen} />
            <g transform={`translate(${x.toFixed(1)} ${y.toFixed(1)})`}>
              <EventShape kind={event.kind} />
            </g>
          </g>
        );
      })}
    </g>
  );
}

function Tip({
  mark,
  place,
  width,
}: {
  readonly mark: EventMark;
  readonly place: Place;
  readonly width: number;
}): ReactNode {
  const { event } = mark;
  const left = Math.min(Math.max(0, place.x - 130), Math.max(0, width - 270));
  return (
    <div className="skill-tip" aria-hidden="true" style={{ left, top: place.y + 14 }}>
      <b>
        Step {event.step}. {titleOf(event)}
      </b>
      <span className="block text-soft">
        {event.gate === null ? event.evidence.reason : gateWords(event.gate, event.kind)}
      </span>
    </div>
  );
}

interface KeyProps {
  readonly lines: readonly Line[];
  readonly marks: readonly EventMark[];
  readonly step: number | null;
}

function Key({ lines, marks, step }: KeyProps): ReactNode {
  const counts = new Map<EventKind, number>();
  for (const { event } of marks) counts.set(event.kind, (counts.get(event.kind) ?? 0) + 1);
  return (
    <ul aria-label="Key" className="flex flex-wrap gap-x-3.5 text-[0.92em] text-soft">
      {lines.map((line) => {
        const value = step === null ? (line.points.at(-1)?.[1] ?? null) : valueAtStep(line.points, step);
        return (
          <li key={line.label} className="whitespace-nowrap">
            <LineKey line={line} />
            {line.label} <span className="text-ink">{value === null ? '–' : figure(value)}</span>
          </li>
        );
      })}
      {EVENT_KINDS.filter((kind) => counts.has(kind)).map((kind) => (
        <li key={kind} className="whitespace-nowrap">
          <EventGlyph kind={kind} />
          {kindName(kind).toLowerCase()} <span className="text-ink">{counts.get(kind)}</span>
        </li>
      ))}
    </ul>
  );
}

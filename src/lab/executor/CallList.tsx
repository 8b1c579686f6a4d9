/** The calls that a filter leaves, a page at a time: thousands are not drawn at once. */
import { type KeyboardEvent, type ReactNode, useId, useState } from 'react';
import { useLab } from '../context.ts';
import { isRunning } from '../store/labState.ts';
import type { CallFilter, NumberedCall } from './calls.ts';
import { EVERY_CALL, timeInWords } from './calls.ts';

const PAGE = 25;
/** One line a call; where that is too narrow to read, what went in and what came out have lines of their own. */
const COLUMNS = 'grid-cols-[2.5rem_minmax(0,1fr)_auto] @xl:grid-cols-[3.5rem_6.5rem_minmax(0,1fr)_minmax(0,1fr)_9rem]';
const OWN_LINE = 'col-span-2 col-start-2 @xl:col-auto';
const STATES: readonly (readonly [CallFilter['state'], string])[] = [
  ['all', 'all'],
  ['made', 'made here'],
  ['cached', 'known before'],
  ['cut', 'cut'],
  ['failed', 'refused'],
];

interface CallListProps {
  readonly found: readonly NumberedCall[];
  /** How many there are without a filter. */
  readonly of: number;
  readonly filter: CallFilter;
  readonly onFilter: (filter: CallFilter) => void;
  readonly chosen: number | null;
  /** `byKeys`: by Enter or Space on its row, not by a pointer. */
  readonly onChoose: (number: number, byKeys: boolean) => void;
}

export function CallList({ found, of, filter, onFilter, chosen, onChoose }: CallListProps): ReactNode {
  const running = useLab((state) => isRunning(state.phase));
  const [page, setPage] = useState(0);
  const id = useId();
  const pages = Math.max(1, Math.ceil(found.length / PAGE));
  const shown = Math.min(page, pages - 1);
  // The newest first: that is what one waits for.
  const rows = [...found].reverse().slice(shown * PAGE, (shown + 1) * PAGE);
  const isFiltered = JSON.stringify(filter) !== JSON.stringify(EVERY_CALL);

  function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move === undefined || !(event.target instanceof HTMLButtonElement)) return;
    const buttons = [...event.currentTarget.querySelectorAll<HTMLButtonElement>('button[data-call]')];
    const at = buttons.indexOf(event.target);
    if (at < 0) return;
    buttons[at + move]?.focus();
    event.preventDefault();
  }

  return (
    <section aria-label="Calls">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <label htmlFor={`${id}-text`} className="text-soft">
          Search
        </label>
        <input
          id={`${id}-text`}
          type="search"
          className="control w-56"
          placeholder="in prompts and answers"
          value={filter.text}
          onChange={({ target }) => {
            setPage(0);
            onFilter({ ...filter, text: target.value });
          }}
        />
        <span className="flex items-center gap-x-3">
          <label htmlFor={`${id}-state`} className="text-soft">
            Show
          </label>
          <select
            id={`${id}-state`}
            className="control"
            value={filter.state}
            onChange={({ target }) => {
              setPage(0);
              onFilter({ ...filter, state: STATES.find(([state]) => state === target.value)?.[0] ?? 'all' });
            }}
          >
            {STATES.map(([state, name]) => (
              <option key={state} value={state}>
                {name}
              </option>
            ))}
          </select>
        </span>
        {isFiltered && (
          <button type="button" className="button" onClick={() => onFilter(EVERY_CALL)}>
            Show all
          </button>
        )}
        <span className="text-soft tabular-nums" aria-live="polite">
          {found.length === of
            ? `${of.toLocaleString('en')} in all`
            : `${found.length.toLocaleString('en')} of ${of.toLocaleString('en')}`}
          {filter.act !== null && `, act ${filter.act}`}
          {filter.skill !== null && (filter.skill === '' ? ', of no skill' : `, skill ${filter.skill}`)}
        </span>
      </div>
      {rows.length === 0 ? (
        <p className="mt-2 text-soft">
          {of === 0
            ? running
              ? 'The model is being asked, and its answers come here. A server that cannot be reached is tried again for a while (half a minute, unless set otherwise) before the run rests and says why.'
              : 'The first step asks where its walks lead; press Play or Step.'
            : 'No call is like that.'}
        </p>
      ) : (
        <ul
          className={`@container mt-2 flex flex-col overflow-y-auto rounded-[10px] border border-line bg-panel px-1 ${chosen === null ? '' : 'max-h-[13rem]'}`}
          onKeyDown={onKeyDown}
        >
          {rows.map((call) => (
            <li key={call.number} className="border-b border-line last:border-b-0">
              <button
                type="button"
                data-call={call.number}
                aria-current={call.number === chosen ? 'true' : undefined}
                className={`grid w-full gap-x-3 rounded ${COLUMNS} px-1 py-1 text-left hover:bg-flow-soft ${call.number === chosen ? 'bg-flow-soft' : ''}`}
                onClick={({ detail }) => onChoose(call.number, detail === 0)}
              >
                <span className="text-right text-faint tabular-nums">{call.number + 1}</span>
                <span className="truncate">
                  {call.result.act}
                  {call.result.skill !== null && <span className="text-faint"> · {call.result.skill.name}</span>}
                </span>
                <span className={`truncate text-soft ${OWN_LINE}`}>{call.result.inputs[0] ?? call.result.task}</span>
                <span className={`truncate ${OWN_LINE} ${call.result.finish === 'failed' ? 'text-minus' : ''}`}>
                  {call.result.finish === 'failed' ? 'refused' : oneLine(call.result.answer)}
                </span>
                <span className="col-start-3 row-start-1 text-right text-faint whitespace-nowrap tabular-nums @xl:col-auto @xl:row-auto">
                  {tookOf(call)}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {pages > 1 && (
        <nav aria-label="Pages of calls" className="mt-2 flex items-center gap-2">
          <button type="button" className="button" disabled={shown === 0} onClick={() => setPage(shown - 1)}>
            Newer
          </button>
          <span className="text-soft tabular-nums">
            page {shown + 1} of {pages}
          </span>
          <button type="button" className="button" disabled={shown === pages - 1} onClick={() => setPage(shown + 1)}>
            Older
          </button>
        </nav>
      )}
    </section>
  );
}

function tookOf({ cached, result: { prompt, finish, completionTokens, milliseconds } }: NumberedCall): string {
  if (cached) return 'known before';
  if (prompt.length === 0 && finish !== 'failed') return 'no model';
  return `${completionTokens} tok · ${timeInWords(milliseconds)}`;
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line === '' ? '(empty)' : line;
}

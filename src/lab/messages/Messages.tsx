/** What a person should read: errors with what to do, news of the session, a run that can be resumed. */
import type { ReactNode } from 'react';
import { useLab } from '../context.ts';
import type { LabMessage } from '../store/labState.ts';

const STYLE: Readonly<
  Record<LabMessage['level'], { readonly mark: string; readonly name: string; readonly frame: string }>
> = {
  info: { mark: 'i', name: 'News', frame: 'border-flow bg-flow-soft' },
  warning: { mark: '!', name: 'Warning', frame: 'border-warn bg-warn-soft' },
  error: { mark: '×', name: 'Error', frame: 'border-minus bg-minus-soft' },
};

export function Messages(): ReactNode {
  const messages = useLab((state) => state.messages);
  const errors = messages.filter((message) => message.level === 'error');
  const news = messages.filter((message) => message.level !== 'error');
  return (
    <section aria-label="Messages" className="max-h-[40vh] overflow-y-auto">
      <div role="alert">
        {errors.map((message) => (
          <Line key={message.id} message={message} />
        ))}
      </div>
      <div role="status">
        {news.map((message) => (
          <Line key={message.id} message={message} />
        ))}
      </div>
      <ResumeOffer />
    </section>
  );
}

function Line({ message }: { readonly message: LabMessage }): ReactNode {
  const dismiss = useLab((state) => state.dismiss);
  const { mark, name, frame } = STYLE[message.level];
  return (
    <div className={`flex items-start gap-2.5 border-l-4 px-4 py-1.5 ${frame}`}>
      <b aria-hidden="true">{mark}</b>
      <p className="min-w-0 flex-1 break-words whitespace-pre-line">
        <span className="sr-only">{name}: </span>
        {message.text} {message.hint !== '' && <span className="text-soft">{message.hint}</span>}
      </p>
      <button type="button" className="button" onClick={() => dismiss(message.id)}>
        Dismiss
      </button>
    </div>
  );
}

function ResumeOffer(): ReactNode {
  const last = useLab((state) => state.resumable);
  const busy = useLab((state) => state.busy);
  const resume = useLab((state) => state.resumeLast);
  const forget = useLab((state) => state.forgetLast);
  if (last === null) return null;
  return (
    <div className="flex flex-wrap items-center gap-2.5 border-l-4 border-flow bg-flow-soft px-4 py-1.5">
      <p className="min-w-0">
        Your run <b>{last.name}</b> is kept at step {last.step.toLocaleString('en')} of{' '}
        {last.total.toLocaleString('en')}.
      </p>
      <button type="button" className="button bg-panel" disabled={busy} onClick={() => void resume()}>
        Resume
      </button>
      <button type="button" className="button bg-panel" onClick={forget}>
        Not now
      </button>
    </div>
  );
}

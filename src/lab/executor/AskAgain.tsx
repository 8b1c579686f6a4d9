/** One call in full, and the same call again with a changed prompt beside it. The second answer belongs to no run. */
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import type { Completion } from '../../executor/languageModel.ts';
import { tokensOf } from '../../executor/prompt.ts';
import type { Failure } from '../../session/protocol.ts';
import { useLab } from '../context.ts';
import { failureOf } from '../store/failures.ts';
import type { NumberedCall, Part } from './calls.ts';
import { differingParts, spentInWords } from './calls.ts';

interface AskAgainProps {
  readonly call: NumberedCall;
  /** Whoever opened it by keys goes on in it; Escape goes back to the list. */
  readonly takesFocus: boolean;
  readonly onClose: () => void;
}

export function AskAgain({ call, takesFocus, onClose }: AskAgainProps): ReactNode {
  const { result, cached, number } = call;
  const [system = { role: 'system' as const, content: '' }, user = { role: 'user' as const, content: '' }] =
    result.prompt;
  const isTool = result.prompt.length === 0;
  const place = useRef<HTMLElement>(null);
  // The list above is long: what was chosen comes into sight.
  useEffect(() => {
    place.current?.scrollIntoView({ block: 'nearest' });
    if (takesFocus) place.current?.focus({ preventScroll: true });
  }, [takesFocus]);
  return (
    <section
      ref={place}
      tabIndex={-1}
      aria-label={`Call ${number + 1}`}
      onKeyDown={({ key }) => {
        if (key === 'Escape') onClose();
      }}
      className="scroll-my-2 rounded-[10px] border border-line bg-panel p-3"
    >
      <div className="flex items-start justify-between gap-2">
        <h3 className="font-semibold break-words">
          Call {number + 1}: {result.act}
          {result.skill !== null && ` for the skill ${result.skill.name}, version ${result.skill.version}`}
        </h3>
        <button type="button" className="button px-1.5" aria-label="Close the call" onClick={onClose}>
          ×
        </button>
      </div>
      <p className="text-soft tabular-nums">
        {cached ? 'Known from before, so it cost nothing here. ' : ''}
        {isTool ? `Carried out by ${result.model}, without the model.` : spentInWords(result)}
        {result.finish === 'length' && ' The answer was cut at the limit.'}
      </p>
      {result.failure !== null && <p className="break-words text-minus">{result.failure}</p>}
      {isTool ? (
        <div className="mt-2 grid items-start gap-3 lg:grid-cols-2">
          <Said title="Given" text={result.inputs.join('\n')} />
          <Said title="Result" text={result.answer} />
        </div>
      ) : (
        <Beside first={{ system: system.content, user: user.content, answer: result.answer }} act={result.act} />
      )}
      <p className="mt-2 font-mono text-[0.85em] break-all text-faint">kept under {result.key}</p>
    </section>
  );
}

interface First {
  readonly system: string;
  readonly user: string;
  readonly answer: string;
}

function Beside({ first, act }: { readonly first: First; readonly act: string }): ReactNode {
  const askModel = useLab((state) => state.askModel);
  const stopAsking = useLab((state) => state.stopAsking);
  const [system, setSystem] = useState(first.system);
  const [user, setUser] = useState(first.user);
  const [answer, setAnswer] = useState<Completion | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [state, setState] = useState<'idle' | 'asking' | 'stopped'>('idle');
  const waits = useRef(false);
  const id = useId();
  const isChanged = system !== first.system || user !== first.user;

  // Nobody waits for an answer to a call that is not shown.
  useEffect(
    () => () => {
      if (waits.current) void stopAsking();
    },
    [stopAsking],
  );

  async function ask(): Promise<void> {
    waits.current = true;
    setState('asking');
    setFailure(null);
    setAnswer(null);
    let next: typeof state = 'idle';
    try {
      const messages = [
        { role: 'system', content: system },
        { role: 'user', content: user },
      ] as const;
      setAnswer(await askModel(messages, tokensOf(act)));
    } catch (error) {
      const reason = failureOf(error);
      if (reason.name === 'Cancelled') next = 'stopped';
      else setFailure(reason);
    } finally {
      waits.current = false;
      setState(next);
    }
  }

  return (
    <div className="mt-2 grid items-start gap-x-3 gap-y-1 lg:grid-cols-2">
      <Said title="Prompt of the act" text={first.system} />
      <Changeable id={`${id}-system`} title="Another prompt of the act" text={system} onChange={setSystem} />
      <Said title="Task, skill and note" text={first.user} />
      <Changeable id={`${id}-user`} title="Another task, skill and note" text={user} onChange={setUser} />
      <Said
        title="Answer"
        text={first.answer}
        parts={answer === null ? null : differingParts(first.answer, answer.text)}
        mark="del"
      />
      <div>
        <div className="mt-1 flex min-h-[1.9rem] flex-wrap items-center gap-2">
          <button
            type="button"
            className="button border-flow font-semibold"
            disabled={state === 'asking'}
            onClick={() => void ask()}
          >
            Ask
          </button>
          {state === 'asking' ? (
            <button type="button" className="button" onClick={() => void stopAsking()}>
              Stop
            </button>
          ) : (
            <button
              type="button"
              className="button"
              disabled={!isChanged}
              onClick={() => {
                setSystem(first.system);
                setUser(first.user);
              }}
            >
              Back to the first
            </button>
          )}
          {state === 'asking' && <progress aria-label="The model is asked" className="h-1.5 w-24 accent-flow" />}
          <span className="text-soft" aria-live="polite">
            {state === 'asking' && 'The model is asked. A run in play waits for the answer, once its step is done.'}
            {state === 'stopped' && 'The question was given up.'}
          </span>
        </div>
        {failure !== null && (
          <p role="alert" className="mt-1 break-words text-minus">
            {failure.message} {failure.hint}
          </p>
        )}
        {answer !== null && (
          <>
            <Said title="Its answer" text={answer.text} parts={differingParts(answer.text, first.answer)} mark="ins" />
            <p className="mt-1 text-soft tabular-nums">
              {answer.text === first.answer ? 'The same as the first. ' : 'Marked is what the other does not have. '}
              {spentInWords(answer)}
              {answer.finish === 'length' && ' It was cut at the limit.'} It is kept nowhere.
            </p>
          </>
        )}
      </div>
    </div>
  );
}

interface ChangeableProps {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly onChange: (text: string) => void;
}

function Changeable({ id, title, text, onChange }: ChangeableProps): ReactNode {
  // About fifty characters of a line fit beside the first.
  const lines = text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 50)), 0);
  return (
    <div className="mt-1">
      <label className="heading block" htmlFor={id}>
        {title}
      </label>
      <textarea
        id={id}
        className="control mt-0.5 block w-full p-2 font-mono text-[0.92em]"
        rows={Math.min(14, Math.max(2, lines))}
        value={text}
        onChange={({ target }) => onChange(target.value)}
      />
    </div>
  );
}

interface SaidProps {
  readonly title: string;
  readonly text: string;
  /** The same text with what another lacks marked; null for nothing to compare it with. */
  readonly parts?: readonly Part[] | null;
  readonly mark?: 'ins' | 'del';
}

function Said({ title, text, parts = null, mark: Mark = 'ins' }: SaidProps): ReactNode {
  return (
    <div className="mt-1">
      <h4 className="heading">{title}</h4>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a long text scrolls, so it must be reachable by keyboard
        tabIndex={0}
        className="mt-0.5 max-h-72 overflow-y-auto rounded border border-line bg-bg p-2 font-mono text-[0.92em] break-words whitespace-pre-wrap"
      >
        {text === ''
          ? '(empty)'
          : parts === null
            ? text
            : parts.map((part, i) =>
                part.changed ? (
                  // biome-ignore lint/suspicious/noArrayIndexKey: parts have no identity but their place
                  <Mark key={i} className={Mark === 'ins' ? 'text-plus' : 'text-minus'}>
                    {part.text}
                  </Mark>
                ) : (
                  part.text
                ),
              )}
      </pre>
    </div>
  );
}

/** One call in full, and the same call again with a changed prompt beside it. The second answer belongs to no run. */
import { type ReactNode, useId, useState } from 'react';
import type { Completion } from '../../executor/languageModel.ts';
import { tokensOf } from '../../executor/prompt.ts';
import type { Failure } from '../../session/protocol.ts';
import { useLab } from '../context.ts';
import { failureOf } from '../store/failures.ts';
import type { NumberedCall } from './calls.ts';
import { differingParts, timeInWords } from './calls.ts';

export function AskAgain({ call }: { readonly call: NumberedCall }): ReactNode {
  const { result, cached, number } = call;
  const [system = { role: 'system' as const, content: '' }, user = { role: 'user' as const, content: '' }] =
    result.prompt;
  const isTool = result.prompt.length === 0;
  return (
    <section aria-label={`Call ${number + 1}`} className="rounded-[10px] border border-line bg-panel p-3">
      <h3 className="font-semibold">
        Call {number + 1}: {result.act}
        {result.skill !== null && ` for the skill ${result.skill.name}, version ${result.skill.version}`}
      </h3>
      <p className="text-soft tabular-nums">
        {cached ? 'Known from before, so it cost nothing here. ' : ''}
        {isTool
          ? `Carried out by ${result.model}, without the model.`
          : `${result.promptTokens.toLocaleString('en')} tokens read, ${result.completionTokens.toLocaleString('en')} written, ${timeInWords(result.milliseconds)}${result.cost > 0 ? `, cost ${result.cost.toFixed(5)}` : ''}.`}
        {result.finish === 'length' && ' The answer was cut at the limit.'}
      </p>
      {result.failure !== null && <p className="text-minus">{result.failure}</p>}
      {isTool ? (
        <div className="mt-2 grid gap-3 lg:grid-cols-2">
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
  const [system, setSystem] = useState(first.system);
  const [user, setUser] = useState(first.user);
  const [answer, setAnswer] = useState<Completion | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [waiting, setWaiting] = useState(0);
  const id = useId();
  const isChanged = system !== first.system || user !== first.user;

  async function ask(): Promise<void> {
    const turn = waiting + 1;
    setWaiting(turn);
    setFailure(null);
    setAnswer(null);
    try {
      const messages = [
        { role: 'system', content: system },
        { role: 'user', content: user },
      ] as const;
      setAnswer(await askModel(messages, tokensOf(act)));
    } catch (error) {
      setFailure(failureOf(error));
    } finally {
      setWaiting(0);
    }
  }

  return (
    <div className="mt-2 grid gap-3 lg:grid-cols-2">
      <div>
        <Said title="Prompt of the act" text={first.system} />
        <Said title="Task, skill and note" text={first.user} />
        <Said title="Answer" text={first.answer} />
      </div>
      <div>
        <label className="heading" htmlFor={`${id}-system`}>
          The same again, with another prompt
        </label>
        <textarea
          id={`${id}-system`}
          className="control mt-1 w-full font-mono text-[0.92em]"
          rows={3}
          value={system}
          onChange={({ target }) => setSystem(target.value)}
        />
        <label className="sr-only" htmlFor={`${id}-user`}>
          Task, skill and note of the same again
        </label>
        <textarea
          id={`${id}-user`}
          className="control mt-1 w-full font-mono text-[0.92em]"
          rows={Math.min(12, Math.max(4, user.split('\n').length + 1))}
          value={user}
          onChange={({ target }) => setUser(target.value)}
        />
        <div className="mt-1 flex flex-wrap items-center gap-2">
          <button type="button" className="button" disabled={waiting > 0} onClick={() => void ask()}>
            Ask
          </button>
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
          <span className="text-soft" aria-live="polite">
            {waiting > 0 ? 'The model is asked; a run in play is served between its steps.' : ''}
          </span>
        </div>
        {failure !== null && (
          <p role="alert" className="mt-1 text-minus">
            {failure.message} {failure.hint}
          </p>
        )}
        {answer !== null && (
          <div className="mt-2">
            <h4 className="heading">Its answer</h4>
            <p className="text-soft tabular-nums">
              {answer.text === first.answer
                ? 'The same as the first. '
                : 'Underlined is what the first does not have. '}
              {answer.promptTokens.toLocaleString('en')} tokens read, {answer.completionTokens.toLocaleString('en')}{' '}
              written, {timeInWords(answer.milliseconds)}. It is kept nowhere.
            </p>
            <pre className="mt-1 rounded border border-line bg-bg p-2 font-mono text-[0.92em] break-words whitespace-pre-wrap">
              {differingParts(answer.text, first.answer).map(({ text, changed }, i) =>
                changed ? (
                  // biome-ignore lint/suspicious/noArrayIndexKey: parts have no identity but their place
                  <ins key={i} className="text-plus">
                    {text}
                  </ins>
                ) : (
                  text
                ),
              )}
            </pre>
          </div>
        )}
      </div>
    </div>
  );
}

function Said({ title, text }: { readonly title: string; readonly text: string }): ReactNode {
  return (
    <div className="mt-1 first:mt-0">
      <h4 className="heading">{title}</h4>
      <pre className="mt-0.5 rounded border border-line bg-bg p-2 font-mono text-[0.92em] break-words whitespace-pre-wrap">
        {text === '' ? '(empty)' : text}
      </pre>
    </div>
  );
}

/** Turns the pages of a lesson: text and the one thing to do on the left, the stage on the right. */
import { useEffect, useRef, useState } from 'react';
import { Equation } from './Equation.tsx';
import type { Lesson } from './lesson.ts';

export function LessonShell<State>({ lesson }: { lesson: Lesson<State> }) {
  const { pages, Stage } = lesson;
  const [index, setIndex] = useState(0);
  const [state, setState] = useState(lesson.initial);
  const [finished, setFinished] = useState<ReadonlySet<string>>(new Set());
  const title = useRef<HTMLHeadingElement>(null);
  const turned = useRef(false);
  const page = pages[index];
  const met = page.done(state);
  const done = met || finished.has(page.id);

  // Once done a page stays done, whatever the reader tries next.
  useEffect(() => {
    if (met) setFinished((known) => (known.has(page.id) ? known : new Set([...known, page.id])));
  }, [met, page.id]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: focus moves when the page turns
  useEffect(() => {
    if (turned.current) title.current?.focus();
  }, [index]);

  const open = (to: number): void => {
    turned.current = true;
    setIndex(to);
    setState((now) => pages[to].enter?.(now) ?? now);
  };
  return (
    <article className="lesson" aria-label={`Lesson: ${lesson.title}`}>
      <section className="lesson-text" aria-label="Text">
        <p className="lesson-name">Lesson · {lesson.title}</p>
        <ol className="lesson-progress" aria-label={`Pages of this lesson, ${finished.size} of ${pages.length} done`}>
          {pages.map((each, i) => (
            <li key={each.id}>
              <button
                type="button"
                data-done={finished.has(each.id)}
                aria-current={i === index ? 'step' : undefined}
                aria-label={`Page ${i + 1}: ${each.title}${finished.has(each.id) ? ', done' : ''}`}
                title={each.title}
                onClick={() => open(i)}
              >
                {finished.has(each.id) ? '✓' : i + 1}
              </button>
            </li>
          ))}
        </ol>
        <h2 ref={title} tabIndex={-1}>
          {page.title}
        </h2>
        <div className="lesson-words">{page.text}</div>
        {page.equation === undefined ? null : <Equation tex={page.equation} />}
        <div className="lesson-ask" data-done={done}>
          <p>
            <b>{done ? '✓ Done' : 'Try it'}</b> {page.ask}
          </p>
          <p className="lesson-seen" aria-live="polite">
            {done ? page.seen : ''}
          </p>
        </div>
        <nav className="lesson-turn" aria-label="Turn the page">
          <button type="button" disabled={index === 0} onClick={() => open(index - 1)}>
            Back
          </button>
          <span>
            {index + 1} of {pages.length}
          </span>
          {index + 1 < pages.length ? (
            <button type="button" data-ready={done} onClick={() => open(index + 1)}>
              Next
            </button>
          ) : (
            <button
              type="button"
              onClick={() => {
                setState(lesson.initial());
                open(0);
              }}
            >
              Start again
            </button>
          )}
        </nav>
      </section>
      <section className="lesson-stage" aria-label="Stage">
        <Stage page={page.id} state={state} onState={setState} />
      </section>
    </article>
  );
}

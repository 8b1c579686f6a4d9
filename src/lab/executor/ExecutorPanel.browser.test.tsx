import { createRoot, type Root } from 'react-dom/client';
import { afterEach, describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { UsedResult } from '../../executor/executor.ts';
import type { ConfigInput } from '../../training/config.ts';
import '../app.css';
import { LabContext } from '../context.ts';
import { emptyShelf, FakeSession, fakeMemory, opened, TEST_PRESETS } from '../fakeSession.fixture.ts';
import { draftOf } from '../settings/draft.ts';
import { createLab } from '../store/createLab.ts';
import { readUrl } from '../urlState.ts';
import { callOf } from './calls.fixture.ts';
import { ExecutorPanel } from './ExecutorPanel.tsx';

let root: Root | null = null;

afterEach(() => {
  root?.unmount();
  root = null;
  document.body.replaceChildren();
});

const LIVE: ConfigInput = { version: 1, suites: [{ name: 'two-hop-qa-live' }] };

type Answering = ConstructorParameters<typeof FakeSession>[0];

function liveSession(calls: readonly UsedResult[] = [], answers: Answering = {}): FakeSession {
  return new FakeSession({
    open: ({ config }) =>
      opened(config, {
        executor: {
          model: 'tiny-model',
          concurrency: 1,
          results: { kept: true, reason: 'Results are kept in this browser.' },
          calls,
        },
      }),
    ...answers,
  });
}

async function show(session: FakeSession, config: ConfigInput | null = LIVE) {
  const url = readUrl('#view=executor', TEST_PRESETS).state;
  const lab = createLab({ session, presets: TEST_PRESETS, memory: fakeMemory(), url });
  lab.getState().showRecorded(null);
  if (config !== null) {
    lab.getState().setSettings(null, draftOf(config));
    await lab.getState().open(false);
  }
  const element = document.createElement('div');
  element.style.width = '400px';
  document.body.append(element);
  root = createRoot(element);
  root.render(
    <LabContext value={{ lab, presets: TEST_PRESETS, shelf: emptyShelf() }}>
      <ExecutorPanel />
    </LabContext>,
  );
  return lab;
}

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });
const rows = () => page.getByRole('region', { name: 'Calls' }).getByRole('listitem');

async function openFirst(): Promise<void> {
  await expect.element(rows().first()).toBeVisible();
  const [first] = rows().getByRole('button').elements();
  if (first === undefined) throw new Error('No call is listed.');
  await userEvent.click(first);
}

describe('where no model carries the run out', () => {
  it('says so, and what to open instead', async () => {
    await show(new FakeSession(), { version: 1, suites: [{ name: 'diamond' }] });
    await expect.element(page.getByRole('heading', { name: 'No language model in this run' })).toBeVisible();
    await expect.element(page.getByText(/The tasks of this run are enumerated/)).toBeVisible();
    await expect.element(button('Choose a live run')).toBeVisible();
  });
});

describe('where the settings ask for a model already', () => {
  it('offers to train, and says that there is no run where there is none', async () => {
    const session = liveSession();
    const lab = await show(session, null);
    lab.getState().setSettings(null, draftOf(LIVE));
    await expect.element(page.getByRole('heading', { name: 'No run yet' })).toBeVisible();
    await button('Train').click();
    await expect.element(page.getByRole('heading', { name: 'tiny-model' })).toBeVisible();
    expect(session.transport).toEqual(['open', 'play']);
  });
});

describe('the calls of a live run', () => {
  it('come as they are made, the newest first, with what they came to in a sentence', async () => {
    const session = liveSession([callOf({ act: 'plan', answer: 'first' })]);
    await show(session);
    await expect.element(page.getByRole('heading', { name: 'tiny-model' })).toBeVisible();
    await expect
      .element(page.getByText('1 call made. 20 tokens read and 3 tokens written, 10 ms a call.'))
      .toBeVisible();
    session.tell({
      type: 'calls',
      calls: [callOf({ answer: 'second' }), callOf({ answer: 'third' }, true)],
      turns: null,
    });
    await expect.element(page.getByText(/^2 calls made, 1 answer known from before\./)).toBeVisible();
    await expect.element(rows().first()).toHaveTextContent('third');
    await expect.element(rows().last()).toHaveTextContent('first');
    await expect.element(page.getByText('3 in all')).toBeVisible();
  });

  it('are waited for while the run asks for its first answer, and not before', async () => {
    const session = liveSession();
    await show(session);
    await expect.element(page.getByText('Nothing was answered yet.')).toBeVisible();
    await expect.element(page.getByText(/press Play or Step/)).toBeVisible();
    session.tell({ type: 'phase', phase: 'evaluating', detail: '', progress: 0 });
    await expect.element(page.getByText(/^The model is being asked/)).toBeVisible();
    expect(page.getByText(/press Play or Step/).query()).toBeNull();
  });

  it('say which were made without the model, and are read in a narrow window', async () => {
    const calls = [callOf(), callOf({ act: 'evaluate', prompt: [], inputs: ['2 + 3'], answer: '5', milliseconds: 0 })];
    await show(liveSession(calls));
    await expect.element(rows().first()).toHaveTextContent('no model');
    await expect.element(rows().last()).toHaveTextContent('3 tok · 10 ms');
    // What went in and what came out have nearly the width of the list.
    const list = rows().first().element().parentElement?.clientWidth ?? 0;
    for (const text of ['2 + 3', '5']) {
      const width = rows().first().getByText(text, { exact: true }).element().clientWidth;
      expect(width, text).toBeGreaterThan(0.7 * list);
    }
  });

  it('are searched and filtered, by a row of the totals too', async () => {
    await show(
      liveSession([
        callOf({ act: 'plan', answer: 'find it' }),
        callOf({ act: 'search', answer: 'Lima', skill: { name: 'two-hops', version: 1 } }),
        callOf({ act: 'search', answer: 'Quito' }, true),
      ]),
    );
    await button('search').click();
    await expect.element(page.getByText('2 of 3, act search')).toBeVisible();
    await page.getByRole('searchbox', { name: 'Search' }).fill('lima');
    await expect.element(page.getByText('1 of 3, act search')).toBeVisible();
    await page.getByRole('searchbox', { name: 'Search' }).fill('nothing like it');
    await expect.element(page.getByText('No call is like that.')).toBeVisible();
    await button('Show all').click();
    await expect.element(page.getByText('3 in all')).toBeVisible();
    await page.getByRole('combobox', { name: 'Show' }).selectOptions('known before');
    await expect.element(rows().first()).toHaveTextContent('Quito');
    await button('Show all').click();
    await button('skill').click();
    await button('two-hops').click();
    await expect.element(page.getByText('1 of 3, skill two-hops')).toBeVisible();
  });

  it('are drawn a page at a time, and reached by the arrow keys', async () => {
    await show(liveSession(Array.from({ length: 3000 }, (_, i) => callOf({ answer: `answer ${i + 1}` }))));
    await expect.element(page.getByText('page 1 of 120')).toBeVisible();
    expect(rows().elements().length).toBe(25);
    await button('Older').click();
    await expect.element(rows().first()).toHaveTextContent('answer 2975');
    const [first, second] = rows().getByRole('button').elements();
    if (!(first instanceof HTMLElement)) throw new Error('no row');
    first.focus();
    await userEvent.keyboard('{ArrowDown}');
    expect(document.activeElement).toBe(second);
  });

  it('show what a page or a model wrote as text, whatever it holds', async () => {
    const hostile = '<img src=x onerror="document.title=\'taken\'"><script>document.title="taken"</script>';
    await show(liveSession([callOf({ answer: hostile, inputs: [hostile] })]));
    await openFirst();
    await expect.element(page.getByRole('region', { name: 'Call 1' }).getByText(hostile).first()).toBeVisible();
    expect(document.querySelector('img[src="x"]')).toBeNull();
    expect(document.title).not.toBe('taken');
  });
});

describe('one call', () => {
  it('is shown in full, and asked again with another prompt beside it, with what differs marked', async () => {
    const session = liveSession([callOf({ answer: 'the old sol' })], {
      ask: () => ({
        text: 'the Peruvian sol',
        finish: 'stop',
        promptTokens: 9,
        completionTokens: 4,
        milliseconds: 7,
        cost: 0,
      }),
    });
    await show(session);
    await openFirst();
    const call = page.getByRole('region', { name: 'Call 1' });
    await expect.element(call.getByText('20 tokens read, 3 written, 10 ms.')).toBeVisible();
    await call.getByRole('textbox').first().fill('Answer at length.');
    await button('Ask').click();
    await expect
      .element(call.getByText(/Marked is what the other does not have\. 9 tokens read, 4 written/))
      .toBeVisible();
    const marks = (tag: string) => [...document.querySelectorAll(tag)].map((each) => each.textContent);
    expect([marks('ins'), marks('del')]).toEqual([['Peruvian '], ['old ']]);
    expect(session.asked.at(-1)).toEqual({
      type: 'ask',
      maxTokens: 96,
      messages: [
        { role: 'system', content: 'Answer at length.' },
        { role: 'user', content: 'Task: the task\nNotes: none' },
      ],
    });
    await button('Back to the first').click();
    await expect.element(call.getByRole('textbox').first()).toHaveValue('Do the act search.');
  });

  it('that is asked again can be given up, by a button or by leaving it', async () => {
    const given: (() => void)[] = [];
    const session = liveSession([callOf({ answer: 'one' }), callOf({ answer: 'two' })], {
      ask: () =>
        new Promise((_, reject) => {
          given.push(() => reject(Object.assign(new Error('The question was given up.'), { name: 'Cancelled' })));
        }),
      stopAsking: () => {
        given.at(-1)?.();
        return null;
      },
    });
    await show(session);
    await openFirst();
    await button('Ask').click();
    await expect.element(page.getByRole('progressbar', { name: 'The model is asked' })).toBeVisible();
    await expect.element(button('Ask')).toBeDisabled();
    await button('Stop').click();
    await expect.element(page.getByText('The question was given up.')).toBeVisible();
    expect(document.querySelector('[role="alert"]'), 'it is no failure').toBeNull();
    await button('Ask').click();
    await expect.element(button('Stop')).toBeVisible();
    await button('Close the call').click();
    await expect.poll(() => session.transport.filter((type) => type === 'stopAsking').length).toBe(2);
    expect(document.activeElement?.getAttribute('data-call'), 'the row that was chosen').toBe('1');
  });

  it('that is long is shown in a box of its own, and the model’s refusal as it was said', async () => {
    const long = `${'a long answer '.repeat(4000)}end`;
    await show(
      liveSession([
        callOf({ answer: long, finish: 'length' }),
        callOf({ finish: 'failed', answer: '', failure: `${'x'.repeat(3000)} <i>too long</i>` }),
      ]),
    );
    await openFirst();
    const call = (number: number) => page.getByRole('region', { name: `Call ${number}`, exact: true });
    await expect.element(call(2).getByText(/<i>too long<\/i>$/)).toBeVisible();
    await rows().last().getByRole('button').click();
    await expect.element(call(1).getByText(/The answer was cut at the limit\./)).toBeVisible();
    expect(document.body.scrollWidth, 'nothing is wider than the page').toBeLessThanOrEqual(document.body.clientWidth);
    expect(call(1).element().getBoundingClientRect().height).toBeLessThan(1500);
  });

  it('that fails when it is asked again says what happened and what to do', async () => {
    const session = liveSession([callOf()], {
      ask: () => {
        throw Object.assign(new Error('The server did not answer.'), { name: 'ModelFailure', hint: 'Start it.' });
      },
    });
    await show(session);
    await openFirst();
    await button('Ask').click();
    await expect.element(page.getByRole('alert')).toHaveTextContent('The server did not answer. Start it.');
    await expect.element(button('Ask')).toBeEnabled();
  });

  it('of a tool shows what it was given and what came of it', async () => {
    await show(
      liveSession([
        callOf({ act: 'evaluate', model: 'evaluate 1', prompt: [], inputs: ['6 * 7'], answer: '6 * 7 = 42' }),
      ]),
    );
    await openFirst();
    const call = page.getByRole('region', { name: 'Call 1' });
    await expect.element(call.getByText('Carried out by evaluate 1, without the model.')).toBeVisible();
    await expect.element(call.getByText('6 * 7 = 42')).toBeVisible();
  });
});

describe('keys alone', () => {
  it('open a call, go on in it, and come back to its row', async () => {
    await show(liveSession([callOf({ answer: 'first' }), callOf({ answer: 'second' })]));
    await expect.element(rows().first()).toBeVisible();
    const [newest, oldest] = rows().getByRole('button').elements() as HTMLElement[];
    newest?.focus();
    await userEvent.keyboard('{ArrowDown}{Enter}');
    const call = page.getByRole('region', { name: 'Call 1' });
    await expect.element(call).toHaveFocus();
    await userEvent.tab();
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Close the call');
    await userEvent.keyboard('{Escape}');
    await expect.element(call).not.toBeInTheDocument();
    expect(document.activeElement).toBe(oldest);
  });

  it('forget results: the focus goes to what is asked, Escape keeps them', async () => {
    const session = liveSession([callOf()], { forget: () => null });
    await show(session);
    await expect.element(button('Forget results')).toBeVisible();
    expect(document.activeElement, 'a view that opens takes no focus').toBe(document.body);
    await button('Forget results').click();
    await expect.element(button('Keep')).toHaveFocus();
    await userEvent.keyboard('{Escape}');
    await expect.element(button('Forget results')).toHaveFocus();
    expect(session.transport).not.toContain('forget');
    await userEvent.keyboard('{Enter}');
    await userEvent.tab({ shift: true });
    await userEvent.keyboard('{Enter}');
    await expect.element(page.getByRole('status')).toHaveFocus();
    expect(session.transport).toContain('forget');
  });
});

describe('results', () => {
  it('are forgotten after a question, and what that means is said', async () => {
    const session = liveSession([callOf()], { forget: () => null });
    await show(session);
    await button('Forget results').click();
    await button('Keep').click();
    expect(session.transport).not.toContain('forget');
    await button('Forget results').click();
    await button('Forget').click();
    await expect.element(page.getByRole('status')).toHaveTextContent('Forgotten.');
    expect(session.transport).toContain('forget');
  });
});

import { createRoot, type Root } from 'react-dom/client';
import { afterEach, describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { MOST_BYTES, MOST_FAULTS } from '../../worlds/ownTasks/textFile.ts';
import '../app.css';
import { LabContext } from '../context.ts';
import { emptyShelf, FakeSession, fakeMemory, TEST_PRESETS } from '../fakeSession.fixture.ts';
import { createLab } from '../store/createLab.ts';
import { readUrl } from '../urlState.ts';
import { valueAt } from './draft.ts';
import { WorldFields } from './WorldFields.tsx';

let root: Root | null = null;

afterEach(() => {
  root?.unmount();
  root = null;
  document.body.replaceChildren();
});

function show() {
  const url = readUrl('', TEST_PRESETS).state;
  const lab = createLab({ session: new FakeSession(), presets: TEST_PRESETS, memory: fakeMemory(), url });
  lab.getState().setSettings(null, { version: 1, suites: [{ name: 'diamond' }] });
  const element = document.createElement('div');
  element.style.width = '300px';
  document.body.append(element);
  root = createRoot(element);
  root.render(
    <LabContext value={{ lab, presets: TEST_PRESETS, shelf: emptyShelf() }}>
      <WorldFields changed={new Set()} />
    </LabContext>,
  );
  return lab;
}

const line = (text: string, split: string): string => JSON.stringify({ text, answer: '12', grader: 'numeric', split });
const fileOf = (...lines: readonly string[]): File => new File([lines.join('\n')], 'mine.jsonl');
const chooser = () => page.getByLabelText('File of tasks', { exact: true });
const corpusChooser = () => page.getByLabelText('Corpus', { exact: true });
const NO_CORPUS = 'None: a search reads the task’s own passages alone.';
const chooseOwnTasks = () => page.getByRole('combobox', { name: 'Suite' }).selectOptions('own-tasks');

/** What a person's drop does, on the box that says `text`. Whether the page took the files. */
function drop(text: string, ...files: readonly File[]): boolean {
  const dataTransfer = new DataTransfer();
  for (const file of files) dataTransfer.items.add(file);
  const target = page.getByText(text).element();
  const send = (type: string): boolean =>
    !target.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
  return send('dragover') && send('drop');
}

function corpusIn(lab: ReturnType<typeof show>): unknown {
  return valueAt(lab.getState().draft, 'suites[0].settings.corpus');
}

describe('a file of tasks', () => {
  it('is the example of the docs at first, with as many tasks as that has', async () => {
    const lab = show();
    await chooseOwnTasks();
    await expect.element(page.getByText(/^The example of the docs: \d+ to train/)).toBeVisible();
    expect(lab.getState().errors).toEqual([]);
    expect(lab.getState().resolved).not.toBeNull();
  });

  it('is read when it is chosen, and its tasks are counted', async () => {
    const lab = show();
    await chooseOwnTasks();
    const file = fileOf(
      line('What is 3 * 4?', 'train'),
      line('What is 6 + 6?', 'train'),
      line('What is 24 / 2?', 'heldOut'),
    );
    await userEvent.upload(chooser(), file);
    await expect
      .element(page.getByText(/^mine\.jsonl, 1 KB: 2 to train, 0 to validate, 1 held out\. Back to the example$/))
      .toBeVisible();
    expect(lab.getState().draft.suites).toEqual([
      { name: 'own-tasks', train: 2, validation: 0, heldOut: 1, settings: { file: await file.text() } },
    ]);
    await page.getByRole('button', { name: 'Back to the example' }).click();
    await expect.element(page.getByText(/^The example of the docs/)).toBeVisible();
  });

  it('that is wrong is refused, with the line, the field and what to do', async () => {
    const lab = show();
    await chooseOwnTasks();
    const before = lab.getState().draft;
    await userEvent.upload(chooser(), fileOf('{"text": "a", "answer": "b", "grader": "fuzzy"}'));
    await expect
      .element(page.getByRole('alert'))
      .toHaveTextContent(/mine\.jsonl is not used:.*line 1, grader: is "fuzzy"; write/);
    await userEvent.upload(chooser(), fileOf(line('What is 6 + 6?', 'heldOut')));
    await expect
      .element(page.getByRole('alert'))
      .toHaveTextContent('mine.jsonl is not used:it has no task to train on');
    expect(lab.getState().draft).toEqual(before);
  });
});

describe('a corpus', () => {
  it('is there for one’s own tasks alone, and there is none at first', async () => {
    const lab = show();
    await expect.element(page.getByRole('combobox', { name: 'Suite' })).toBeVisible();
    expect(corpusChooser().query()).toBeNull();
    await chooseOwnTasks();
    await expect.element(page.getByText(NO_CORPUS)).toBeVisible();
    expect(page.getByRole('button', { name: 'Remove', exact: true }).query()).toBeNull();
    expect(corpusIn(lab)).toBeUndefined();
  });

  it('is read when it is chosen, named with its size and passages, and can be removed', async () => {
    const lab = show();
    await chooseOwnTasks();
    const before = lab.getState().resolved;
    // 1,022 bytes, 2 for the blank line and 5 make 1,029: above a KB, so two of them.
    const file = new File([`${'a'.repeat(1_022)}\n\nA cat`], 'notes.md');
    await userEvent.upload(corpusChooser(), file);
    // The first is longer than a piece of 1,000 may be, so it is two.
    await expect.element(page.getByText(/^notes\.md, 2 KB: 3 passages cut from text\. Remove$/)).toBeVisible();
    expect(corpusIn(lab)).toBe(await file.text());
    expect(lab.getState().errors).toEqual([]);

    const lines = ['{"text": "A cat."}', '{"text": "A dog."}', '{"text": "A  cat."}'];
    await userEvent.upload(corpusChooser(), new File([lines.join('\n')], 'lines.txt'));
    await expect
      .element(page.getByText(/^lines\.txt, 1 KB: 2 passages of JSON Lines, 1 repeat left out\. Remove$/))
      .toBeVisible();
    expect(corpusIn(lab)).toBe(lines.join('\n'));

    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await expect.element(page.getByText(NO_CORPUS)).toBeVisible();
    expect(before).not.toBeNull();
    expect(lab.getState().resolved).toEqual(before);
  });

  it('stays when another file of tasks is chosen, and the other way round', async () => {
    const lab = show();
    await chooseOwnTasks();
    await userEvent.upload(corpusChooser(), new File(['A cat.'], 'notes.txt'));
    await expect.element(page.getByText(/^notes\.txt, 1 KB: 1 passage cut from text\. Remove$/)).toBeVisible();
    const tasks = fileOf(line('What is 3 * 4?', 'train'));
    await userEvent.upload(chooser(), tasks);
    await expect.element(page.getByText(/^mine\.jsonl, 1 KB: 1 to train/)).toBeVisible();
    const entry = { name: 'own-tasks', train: 1, validation: 0, heldOut: 0 };
    expect(lab.getState().draft.suites).toEqual([
      { ...entry, settings: { corpus: 'A cat.', file: await tasks.text() } },
    ]);
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await expect.element(page.getByText(NO_CORPUS)).toBeVisible();
    expect(lab.getState().draft.suites).toEqual([{ ...entry, settings: { file: await tasks.text() } }]);
  });

  it('may be dropped on its box, one file at a time', async () => {
    const lab = show();
    await chooseOwnTasks();
    await expect.element(page.getByText(NO_CORPUS)).toBeVisible();
    expect(drop(NO_CORPUS, new File(['A'], 'a.txt'), new File(['B'], 'b.txt'))).toBe(true);
    await expect.element(page.getByRole('alert')).toHaveTextContent('2 files were dropped, and one is read');
    expect(corpusIn(lab)).toBeUndefined();
    expect(drop(NO_CORPUS, new File(['A cat.'], 'a.txt'))).toBe(true);
    await expect.element(page.getByText(/^a\.txt, 1 KB: 1 passage cut from text\. Remove$/)).toBeVisible();
    expect(page.getByRole('alert').query()).toBeNull();
    expect(corpusIn(lab)).toBe('A cat.');
    // What is no file, such as a text that was dragged, is the page's own business.
    expect(drop('a.txt, 1 KB')).toBe(false);
  });

  it('that is wrong is refused with its first faults, and the one before stays', async () => {
    const lab = show();
    await chooseOwnTasks();
    await userEvent.upload(corpusChooser(), new File(['A cat.'], 'good.txt'));
    await expect.element(page.getByText(/^good\.txt/)).toBeVisible();
    const wrong = Array.from({ length: MOST_FAULTS + 5 }, (_, i) => JSON.stringify({ titel: 'x', text: `A ${i}` }));
    await userEvent.upload(corpusChooser(), new File([wrong.join('\n')], 'bad.jsonl'));
    const alert = page.getByRole('alert');
    expect(MOST_FAULTS).toBe(20);
    await expect
      .element(alert)
      .toHaveTextContent(/^bad\.jsonl is not used \(first 20 faults\):line 1 has the field "titel"/);
    expect(alert.element().querySelectorAll('p')).toHaveLength(1 + MOST_FAULTS);
    await expect.element(page.getByText(/^good\.txt/)).toBeVisible();
    expect(corpusIn(lab)).toBe('A cat.');

    await userEvent.upload(corpusChooser(), new File([Uint8Array.of(0x41, 0xff)], 'latin.txt'));
    await expect.element(alert).toHaveTextContent('latin.txt is not used:the file is not text in UTF-8');
    await userEvent.upload(corpusChooser(), new File(['a'.repeat(MOST_BYTES + 1)], 'long.txt'));
    await expect.element(alert).toHaveTextContent('long.txt has 4,194,305 bytes; at most 4,194,304 are read');
    expect(corpusIn(lab)).toBe('A cat.');

    await userEvent.upload(corpusChooser(), new File(['A dog.'], 'other.txt'));
    await expect.element(page.getByText(/^other\.txt/)).toBeVisible();
    expect(alert.query()).toBeNull();
  });

  it('of a config that is wrong says so in its own place', async () => {
    const lab = show();
    await chooseOwnTasks();
    lab.getState().setField('suites[0].settings.corpus', '{"text": 1}\n{"titel": "x"}');
    await expect.element(page.getByText(/line 1, text: is 1; write/)).toBeVisible();
    await expect.element(page.getByText(/line 2 has the field "titel"/)).toBeVisible();
    await expect.element(page.getByText(/^Your file, 1 KB\. Remove$/)).toBeVisible();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await expect.element(page.getByText(NO_CORPUS)).toBeVisible();
    expect(lab.getState().errors).toEqual([]);
  });

  it('that no act reads is said to be unread', async () => {
    const lab = show();
    await chooseOwnTasks();
    await userEvent.upload(corpusChooser(), new File(['A cat.'], 'notes.txt'));
    await expect.element(page.getByText(/^notes\.txt/)).toBeVisible();
    const unread = page.getByText('Nothing reads the corpus: “search” is not among the acts.');
    expect(unread.query()).toBeNull();
    lab.getState().setField('suites[0].settings.acts', ['plan', 'check']);
    await expect.element(unread).toBeVisible();
  });
});

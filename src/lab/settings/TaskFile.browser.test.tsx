import { createRoot, type Root } from 'react-dom/client';
import { afterEach, describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import '../app.css';
import { LabContext } from '../context.ts';
import { emptyShelf, FakeSession, fakeMemory, TEST_PRESETS } from '../fakeSession.fixture.ts';
import { createLab } from '../store/createLab.ts';
import { readUrl } from '../urlState.ts';
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
const chooser = () => page.getByLabelText('Tasks, a line each (JSONL)');

describe('a file of tasks', () => {
  it('is the example of the docs at first, with as many tasks as that has', async () => {
    const lab = show();
    await page.getByRole('combobox', { name: 'Suite' }).selectOptions('own-tasks');
    await expect.element(page.getByText(/^The example of the docs: \d+ to train/)).toBeVisible();
    expect(lab.getState().errors).toEqual([]);
    expect(lab.getState().resolved).not.toBeNull();
  });

  it('is read when it is chosen, and its tasks are counted', async () => {
    const lab = show();
    await page.getByRole('combobox', { name: 'Suite' }).selectOptions('own-tasks');
    const file = fileOf(
      line('What is 3 * 4?', 'train'),
      line('What is 6 + 6?', 'train'),
      line('What is 24 / 2?', 'heldOut'),
    );
    await userEvent.upload(chooser(), file);
    await expect.element(page.getByText('Your file: 2 to train, 0 to validate, 1 held out.')).toBeVisible();
    expect(lab.getState().draft.suites).toEqual([
      { name: 'own-tasks', train: 2, validation: 0, heldOut: 1, settings: { file: await file.text() } },
    ]);
    await page.getByRole('button', { name: 'Back to the example' }).click();
    await expect.element(page.getByText(/^The example of the docs/)).toBeVisible();
  });

  it('that is wrong is refused, with the line, the field and what to do', async () => {
    const lab = show();
    await page.getByRole('combobox', { name: 'Suite' }).selectOptions('own-tasks');
    const before = lab.getState().draft;
    await userEvent.upload(chooser(), fileOf('{"text": "a", "answer": "b", "grader": "fuzzy"}'));
    await expect
      .element(page.getByRole('alert'))
      .toHaveTextContent(/mine\.jsonl is not used:.*line 1, grader: is "fuzzy"; write/);
    await userEvent.upload(chooser(), fileOf(line('What is 6 + 6?', 'heldOut')));
    await expect.element(page.getByRole('alert')).toHaveTextContent('mine.jsonl has no task to train on');
    expect(lab.getState().draft).toEqual(before);
  });
});

/** The settings of a sentence encoder in a browser: files are kept, named, removed, and run. */
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { type EncoderFiles, encoderFiles } from '../../session/encoderFiles.ts';
import { LabContext } from '../context.ts';
import { emptyShelf, FakeSession, fakeMemory, TEST_PRESETS } from '../fakeSession.fixture.ts';
import { createLab } from '../store/createLab.ts';
import type { Lab } from '../store/labState.ts';
import { readUrl } from '../urlState.ts';
import { EncoderFields } from './EncoderFields.tsx';
import { ENCODER, GROUPS } from './fields.ts';

const FOLDER = 'encoders-of-tests';
const fields = GROUPS.find(({ title }) => title === ENCODER)?.fields ?? [];
let root: Root | null = null;

async function clear(): Promise<void> {
  const origin = await navigator.storage.getDirectory();
  await origin.removeEntry(FOLDER, { recursive: true }).catch(() => {});
}
beforeEach(clear);
afterEach(async () => {
  root?.unmount();
  root = null;
  document.body.replaceChildren();
  await clear();
});

function show(storage: EncoderFiles = encoderFiles(FOLDER)): Lab {
  const { state } = readUrl('', TEST_PRESETS);
  const lab = createLab({ session: new FakeSession(), presets: TEST_PRESETS, memory: fakeMemory(null), url: state });
  const element = document.createElement('div');
  document.body.append(element);
  root = createRoot(element);
  root.render(
    <LabContext value={{ lab, presets: TEST_PRESETS, shelf: emptyShelf() }}>
      <EncoderFields fields={fields} changed={new Set()} storage={storage} />
    </LabContext>,
  );
  return lab;
}

/** Puts a file into a picker, as a person does. */
async function choose(label: string, name: string, content: string): Promise<void> {
  const picker = page.getByLabelText(label, { exact: true }).element();
  if (!(picker instanceof HTMLInputElement)) throw new Error(`${label} is no input.`);
  const transfer = new DataTransfer();
  transfer.items.add(new File([content], name));
  picker.files = transfer.files;
  picker.dispatchEvent(new Event('change', { bubbles: true }));
}

describe('the settings of the text encoder', () => {
  test('say what another encoder does to a trained Supervisor, and ask for files only where there are any', async () => {
    show();
    await expect.element(page.getByText(/must be trained anew, and Train starts at step 0/)).toBeVisible();
    expect(page.getByLabelText(/^Model/).query()).toBeNull();
    await page.getByLabelText(/^Kind/).selectOptions('onnx');
    await expect.element(page.getByText(/No file is kept here yet/)).toBeVisible();
    // Neither is given yet: both fields say what they may hold.
    await expect.element(page.getByText(/encoder\.model holds nothing/)).toBeVisible();
    await expect.element(page.getByText(/encoder\.tokenizer holds nothing/)).toBeVisible();
  });

  test('keep a chosen file, name it, list it with its size, and forget it again', async () => {
    const lab = show();
    lab.getState().setField('encoder.kind', 'onnx');
    await expect.element(page.getByText(/No file is kept here yet/)).toBeVisible();
    await choose('File of the model', 'tiny.onnx', 'x'.repeat(3000));
    await choose('File of the tokenizer', 'tokenizer.json', '{}');
    await expect.element(page.getByText('tiny.onnx 3 KB')).toBeVisible();
    await expect
      .poll(() => lab.getState().resolved?.encoder)
      .toEqual({
        kind: 'onnx',
        model: 'tiny.onnx',
        tokenizer: 'tokenizer.json',
        provider: 'wasm',
      });
    expect((await encoderFiles(FOLDER).read('tiny.onnx', 'model')).length).toBe(3000);
    await page.getByRole('button', { name: 'Remove tiny.onnx' }).click();
    await expect.element(page.getByText(/No file “tiny\.onnx” is kept in this browser/)).toBeVisible();
    await expect(encoderFiles(FOLDER).read('tiny.onnx', 'model')).rejects.toMatchObject({ fault: 'no-file' });
  });

  test('say why a file could not be kept, and leave the settings as they were', async () => {
    const full: EncoderFiles = {
      ...encoderFiles(FOLDER),
      keep: async () => {
        throw Object.assign(new Error('there is no room'), { hint: 'Free some storage.' });
      },
    };
    const lab = show(full);
    lab.getState().setField('encoder.kind', 'onnx');
    await expect.element(page.getByText(/No file is kept here yet/)).toBeVisible();
    await choose('File of the model', 'tiny.onnx', 'x');
    await expect.element(page.getByRole('alert')).toHaveTextContent('there is no room Free some storage.');
    expect(lab.getState().draft.encoder).toEqual({ kind: 'onnx' });
  });

  test('say where the browser keeps no files', async () => {
    const none: EncoderFiles = {
      ...encoderFiles(FOLDER),
      list: async () => {
        throw Object.assign(new Error('This browser keeps no files.'), { hint: 'Give an address.' });
      },
    };
    show(none).getState().setField('encoder.kind', 'onnx');
    await expect.element(page.getByText('This browser keeps no files. Give an address.')).toBeVisible();
  });
});

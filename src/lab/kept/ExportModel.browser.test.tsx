/** Export as ONNX on the page: what is asked of the session, what is said, and the files. */
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import type { RunExport } from '../../training/exportRun.ts';
import { LabContext } from '../context.ts';
import { emptyShelf, FakeSession, fakeMemory, TEST_PRESETS } from '../fakeSession.fixture.ts';
import { createLab } from '../store/createLab.ts';
import { readUrl } from '../urlState.ts';
import { ExportModel } from './ExportModel.tsx';

let root: Root | null = null;
afterEach(() => {
  root?.unmount();
  root = null;
  document.body.replaceChildren();
});

const EXPORT: RunExport = {
  files: [
    { name: 'policy.onnx', type: 'application/octet-stream', bytes: new Uint8Array(2048) },
    { name: 'supervisor.json', type: 'application/json', bytes: new TextEncoder().encode('{}\n') },
  ],
  check: {
    tasks: 1,
    states: 1000,
    actions: 3000,
    nodes: 0,
    edges: 0,
    largest: { logPF: 2.4e-6, logPB: null, logF: null, logZ: 1e-7 },
    tolerance: 1e-5,
    precision: 'float32',
    verified: true,
    runtime: '1.30.0',
  },
};

/** The page's part of the export, with a run that was opened. */
async function show(onnx: () => RunExport) {
  const session = new FakeSession({ onnx });
  const url = readUrl('', TEST_PRESETS).state;
  const lab = createLab({ session, presets: TEST_PRESETS, memory: fakeMemory(), url });
  const element = document.createElement('div');
  document.body.append(element);
  root = createRoot(element);
  root.render(
    <LabContext value={{ lab, presets: TEST_PRESETS, shelf: emptyShelf() }}>
      <ExportModel />
    </LabContext>,
  );
  return { session, lab };
}

const button = () => page.getByRole('button', { name: 'Export as ONNX' });

it('is offered for a run in play alone', async () => {
  const { lab } = await show(() => EXPORT);
  await expect.poll(() => button().query()).toBeNull();
  await lab.getState().open(false);
  await expect.element(button()).toBeVisible();
});

it('gives each file and says how far the models are off', async () => {
  const { session, lab } = await show(() => EXPORT);
  await lab.getState().open(false);
  await button().click();
  const dialog = page.getByRole('dialog', { name: 'Verified export' });
  await expect
    .element(dialog.getByText(/gives what the lab gives on 1,000 states of 1 task: the largest differences are/))
    .toHaveTextContent('2.4e-6 for log P_F, 1.0e-7 for log Z; 1e-5 is allowed.');
  expect(session.transport).toContain('onnx');
  await expect.element(dialog.getByRole('button', { name: 'Save policy.onnx' })).toBeVisible();
  await expect.element(dialog.getByText('2 KB')).toBeVisible();
  await expect.element(dialog.getByRole('link', { name: 'Save supervisor.js' })).toBeVisible();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect.poll(() => dialog.query()).toBeNull();
});

it('gives no file and tells what to do where the models say something else than the lab', async () => {
  const { lab } = await show(() => {
    const error = new Error('The export differs from the lab by more than 0.00001: log P_F 2.0e-2.');
    throw Object.assign(error, { name: 'ExportDiffers', hint: 'Please report it.' });
  });
  await lab.getState().open(false);
  await button().click();
  await expect.poll(() => lab.getState().messages.at(-1)?.text).toContain('differs from the lab');
  expect(lab.getState().messages.at(-1)).toMatchObject({ level: 'error', hint: 'Please report it.' });
  await expect.poll(() => page.getByRole('dialog').query()).toBeNull();
  await expect.element(button()).toBeEnabled();
});

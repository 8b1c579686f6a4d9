import { AxeBuilder } from '@axe-core/playwright';
import { tinyModel, tokenizerJson } from '../src/encoder/onnxModel.fixture.ts';
import { addressOf, expect, QUICK, runByScript, test, topBar, trainToTheEnd, transport } from './lab.fixture.ts';

const onnx = { name: 'tiny.onnx', mimeType: 'application/octet-stream', buffer: Buffer.from(tinyModel()) };
const json = { name: 'tokenizer.json', mimeType: 'application/json', buffer: Buffer.from(tokenizerJson()) };

test('a sentence encoder is chosen as two files, trains a run from this site alone, and stays for the next visit', async ({
  page,
}) => {
  const asked: string[] = [];
  page.context().on('request', (request) => asked.push(request.url()));
  await page.goto(addressOf({ ...QUICK, device: 'cpu', encoder: {} }));
  const settings = page.getByRole('complementary', { name: 'Settings' });
  await settings.locator('summary', { hasText: 'Text encoder' }).click();
  await expect(settings.getByText(/must be trained anew, and Train starts at step 0/)).toBeVisible();
  await settings.getByLabel('Kind').selectOption('onnx');
  await expect(settings.getByText(/No file is kept here yet/)).toBeVisible();
  await settings.getByLabel('File of the model').setInputFiles(onnx);
  await settings.getByLabel('File of the tokenizer').setInputFiles(json);
  await expect(settings.getByRole('list', { name: 'Files kept for encoders' }).getByRole('listitem')).toHaveCount(2);
  const found = await new AxeBuilder({ page }).include('aside').analyze();
  expect(found.violations.map(({ id, help }) => `${id}: ${help}`)).toEqual([]);

  await trainToTheEnd(page, 100);
  const origin = new URL(page.url()).origin;
  expect(asked.filter((url) => url.startsWith('http') && !url.startsWith(origin))).toEqual([]);
  expect(asked.some((url) => url.endsWith('.wasm'))).toBe(true);

  // The files are still there, the other kind of encoder is another run.
  await page.reload();
  const encoder = { kind: 'onnx', model: 'tiny.onnx', tokenizer: 'tokenizer.json' } as const;
  const record = await runByScript(page, { ...QUICK, device: 'cpu', steps: 5, encoder });
  expect(record.stopped).toBe('finished');
  expect(record.encoder?.dimensions).toBe(16);
});

test('a file that is not kept is told by its name before anything is trained', async ({ page }) => {
  const encoder = { kind: 'onnx', model: 'gone.onnx', tokenizer: 'gone.json' } as const;
  await page.goto(addressOf({ ...QUICK, device: 'cpu', encoder }));
  await transport(page, /^Train/).click();
  await expect(page.getByText(/This browser keeps no file .*gone\.json/).first()).toBeVisible();
  await expect(topBar(page).getByText('step 0 / 100')).toBeHidden();
});

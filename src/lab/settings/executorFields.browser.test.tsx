/** The settings of the executor in a browser: which model, whose key, which prompts. */
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { commands, page, userEvent } from 'vitest/browser';
import { PROMPTS } from '../../executor/prompt.ts';
import '../app.css';
import { followAddress } from '../address.ts';
import { LabContext } from '../context.ts';
import { emptyShelf, FakeSession, fakeMemory, opened, TEST_PRESETS } from '../fakeSession.fixture.ts';
import { createLab } from '../store/createLab.ts';
import type { Lab } from '../store/labState.ts';
import { readUrl } from '../urlState.ts';
import { valueAt } from './draft.ts';
import { SettingsPanel } from './SettingsPanel.tsx';

const KEY = 'sk-very-secret';
let root: Root | null = null;
const servers: string[] = [];

beforeEach(() => localStorage.clear());
afterEach(async () => {
  root?.unmount();
  root = null;
  document.body.replaceChildren();
  history.replaceState(null, '', location.pathname + location.search);
  for (const server of servers.splice(0)) await commands.stopModelServer(server);
});

interface Shown {
  readonly lab: Lab;
  readonly session: FakeSession;
}

function show(suite = 'two-hop-qa-live', session = new FakeSession({ key: () => null })): Shown {
  const { state } = readUrl('', TEST_PRESETS);
  const lab = createLab({ session, presets: TEST_PRESETS, memory: fakeMemory(), url: state });
  followAddress(lab, TEST_PRESETS);
  lab.getState().setSettings(null, { version: 1, suites: [{ name: suite }] });
  const element = document.createElement('div');
  element.style.width = '300px';
  document.body.append(element);
  root = createRoot(element);
  root.render(
    <LabContext value={{ lab, presets: TEST_PRESETS, shelf: emptyShelf() }}>
      <SettingsPanel />
    </LabContext>,
  );
  return { lab, session };
}

const button = (name: string) => page.getByRole('button', { name, exact: true });
const who = () => page.getByRole('combobox', { name: 'Carried out by' });
const status = () => page.getByRole('status');
const executorOf = (lab: Lab) => valueAt(lab.getState().draft, 'executor');

async function startServer(cors: string | null = location.origin): Promise<string> {
  const address = await commands.startModelServer(cors, []);
  servers.push(address);
  return address;
}

describe('the settings of the executor', () => {
  test('are there where a language model works on a suite, and suites say whether one does', async () => {
    const { lab } = show('diamond');
    const suites = page.getByRole('combobox', { name: 'Suite' });
    await expect.element(suites).toBeVisible();
    expect(who().query()).toBeNull();
    const marked = [...suites.element().querySelectorAll('optgroup')].map(({ label, children }) => [
      label,
      [...children].map((option) => option.textContent).includes('two-hop-qa-live'),
    ]);
    expect(marked).toEqual([
      ['Enumerated', false],
      ['A language model works on them', true],
    ]);
    await suites.selectOptions('two-hop-qa-live');
    await expect.element(who()).toHaveValue('micro');
    await suites.selectOptions('diamond');
    await expect.element(suites).toHaveValue('diamond');
    expect(who().query()).toBeNull();
    expect(lab.getState().resolved, 'a run over enumerated tasks has no executor').not.toHaveProperty('executor');
  });

  test('of a server ask for what is missing, list its models with the key, and take one of them', async () => {
    const address = await startServer();
    const { lab } = show();
    await who().selectOptions('a model behind a server');
    await expect.element(page.getByRole('alert')).toHaveTextContent(/give the address and the model/);
    await expect.element(button('List its models')).toBeDisabled();
    await page.getByLabelText('Address').fill(address);
    await page.getByLabelText('Key').fill(KEY);
    await button('List its models').click();
    await expect.element(status()).toHaveTextContent('2 models.');
    await page.getByRole('combobox', { name: 'Models of the server' }).selectOptions('other-model');
    expect(executorOf(lab)).toEqual({ kind: 'endpoint', endpoint: { baseURL: address, model: 'other-model' } });
    expect(lab.getState().errors).toEqual([]);
    const [seen] = (await commands.stopModelServer(servers.pop() ?? '')).filter(({ method }) => method === 'GET');
    expect(seen).toEqual({ method: 'GET', path: '/v1/models', authorization: `Bearer ${KEY}` });
  });

  test('of a server take a click below the field that is written in, whose help goes when the focus goes', async () => {
    show();
    await who().selectOptions('a model behind a server');
    await page.getByLabelText('Address').fill(await startServer());
    await page.getByLabelText('Model', { exact: true }).fill('m');
    await expect.element(page.getByText('Its name on the server.')).toHaveClass('text-faint');
    await button('List its models').click();
    await expect.element(status()).toHaveTextContent('2 models.');
    await expect.element(page.getByText('Its name on the server.')).toHaveClass('sr-only');
  });

  test('of a server use a key that was written and left, without a press on Use', async () => {
    const session = new FakeSession({ key: () => null });
    show('two-hop-qa-live', session);
    await who().selectOptions('a model behind a server');
    await expect.element(page.getByText('Give the address and the model of the server.')).toBeVisible();
    await page.getByLabelText('Address').fill('http://localhost:8000/v1');
    await expect.element(page.getByText('Give the address and the model of the server.')).not.toBeInTheDocument();
    await page.getByLabelText('Key').click();
    await userEvent.tab();
    expect(session.asked, 'a field that was only passed through forgets no key').toEqual([]);
    await page.getByLabelText('Key').fill(KEY);
    await userEvent.tab();
    await expect.element(status()).toHaveTextContent('The key is in use until the page is closed.');
    await userEvent.tab();
    expect(session.asked).toEqual([{ type: 'key', baseURL: 'http://localhost:8000/v1', key: KEY }]);
  });

  test('of a server that keeps its answer from the page say so and what to do', async () => {
    show();
    await who().selectOptions('a model behind a server');
    await page.getByLabelText('Address').fill(await startServer('https://another.example'));
    await button('List its models').click();
    await expect.element(status()).toHaveTextContent(/CORS/);
  });

  test('give the key to the session and to nothing else: no setting, address, storage, run or undo has it', async () => {
    const session = new FakeSession({ key: () => null, open: ({ config }) => opened(config) });
    const { lab } = show('two-hop-qa-live', session);
    await who().selectOptions('a model behind a server');
    await page.getByLabelText('Address').fill('http://localhost:8000/v1');
    await page.getByLabelText('Model', { exact: true }).fill('m');
    const field = page.getByLabelText('Key');
    expect(field.element().getAttribute('type')).toBe('password');
    await expect.element(page.getByText(/Held in memory alone, sent to this address and to nobody else/)).toBeVisible();
    await field.fill(KEY);
    await userEvent.keyboard('{Enter}');
    await expect.element(status()).toHaveTextContent('The key is in use until the page is closed.');
    await lab.getState().open(false);
    session.tell({ type: 'checkpoint', step: 1 });
    expect(session.asked.filter(({ type }) => type === 'key')).toEqual([
      { type: 'key', baseURL: 'http://localhost:8000/v1', key: KEY },
    ]);
    const others = session.asked.filter(({ type }) => type !== 'key');
    expect(location.hash).toContain('localhost');
    for (const place of [
      decodeURIComponent(location.href),
      JSON.stringify(lab.getState()),
      JSON.stringify(others),
      JSON.stringify({ ...localStorage }),
      JSON.stringify({ ...sessionStorage }),
      document.documentElement.outerHTML,
    ]) {
      expect(place).not.toContain(KEY);
    }
    await field.fill('');
    await button('Use').click();
    await expect.element(status()).toHaveTextContent('The key is forgotten.');
    expect(session.asked.at(-1)).toEqual({ type: 'key', baseURL: 'http://localhost:8000/v1', key: null });
  });

  test('show the prompt of each act, keep one that was changed, and give the lab’s own back', async () => {
    const { lab } = show();
    await page.getByText('Prompts, seed, exploring').click();
    const prompt = page.getByRole('textbox', { name: 'plan' });
    await expect.element(prompt).toHaveValue(PROMPTS.plan);
    await prompt.fill('Plan well.');
    expect(executorOf(lab)).toEqual({ prompts: { plan: 'Plan well.' } });
    await expect.poll(() => decodeURIComponent(location.hash)).toContain('Plan');
    await button('The lab’s own').click();
    await expect.element(prompt).toHaveValue(PROMPTS.plan);
    expect(executorOf(lab)).toBeUndefined();
    await page.getByLabelText(/^Seed of the model/).fill('3');
    expect(executorOf(lab)).toEqual({ seed: 3 });
  });

  test('of a model in this tab list what WebLLM has, and keep what else is set when another is chosen', async () => {
    const { lab } = show();
    await who().selectOptions('a model in this tab (WebLLM)');
    const models = page.getByRole('list', { name: 'Models' });
    await expect.element(page.getByText(/^\d+ of \d+ models may run on this device\./)).toBeVisible();
    await expect.element(page.getByText('Choose a model from the list, or give the addresses of one.')).toBeVisible();
    await page.getByRole('checkbox', { name: 'all' }).click();
    const sizes = [...models.element().textContent.matchAll(/([\d.]+) GB of GPU memory/g)].map(([, size]) =>
      Number(size),
    );
    expect(sizes.length).toBeGreaterThan(100);
    expect(sizes, 'the smallest first').toEqual(sizes.toSorted((a, b) => a - b));
    await page.getByRole('searchbox', { name: 'Search models' }).fill('Qwen3-0.6B');
    await models.getByRole('button').first().click();
    const chosen = valueAt(lab.getState().draft, 'executor.webllm.model');
    expect(chosen).toMatch(/^Qwen3-0\.6B/);
    await page.getByLabelText(/^Context/).fill('2048');
    await page.getByText('A model of your own').click();
    await page.getByLabelText('Folder of weights').fill('https://models.example/mine/resolve/main/');
    await page.getByLabelText('Compiled library (.wasm)').fill('https://models.example/mine.wasm');
    expect(executorOf(lab)).toEqual({
      kind: 'webllm',
      webllm: {
        model: { weights: 'https://models.example/mine/resolve/main/', library: 'https://models.example/mine.wasm' },
        contextTokens: 2048,
      },
    });
    expect(lab.getState().errors).toEqual([]);
    await models.getByRole('button').first().click();
    expect(valueAt(lab.getState().draft, 'executor.webllm')).toEqual({ model: chosen, contextTokens: 2048 });
  });
});

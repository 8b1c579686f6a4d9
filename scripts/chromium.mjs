/**
 * Finds a Chromium for the tests, the recorder and the command line, and installs one where there
 * is none. `node scripts/chromium.mjs` prints its path, or one line that says what to do.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';

/** WebGPU in a headless Chromium, on whatever adapter the machine has. */
export const WEBGPU_FLAGS = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--enable-features=Vulkan',
  '--disable-background-networking',
];

/** WebGPU on the software adapter: the same arithmetic on every machine, with or without a GPU. */
export const SOFTWARE_WEBGPU_FLAGS = [...WEBGPU_FLAGS, '--use-webgpu-adapter=swiftshader'];

/** The command `npm ci && npm test` cannot go on without a browser. */
export class NoChromium extends Error {
  name = 'NoChromium';
}

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];
const PLACES = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
    .map((variable) => process.env[variable])
    .filter((folder) => folder !== undefined)
    .map((folder) => join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe')),
};

/** Whether the program starts. A snap placeholder or a binary without its libraries does not. */
function starts(path) {
  if (!existsSync(path)) return false;
  // On Windows `--version` opens a window instead of answering.
  return (
    process.platform === 'win32' || spawnSync(path, ['--version'], { stdio: 'ignore', timeout: 30_000 }).status === 0
  );
}

/**
 * CHROME_PATH, a Chromium or Chrome of the system, or Playwright's own, in this order.
 * @returns the path of the program, or undefined where there is none
 * @throws NoChromium where CHROME_PATH is set and does not start
 */
export function findChromium() {
  const chosen = process.env.CHROME_PATH;
  if (chosen) {
    if (starts(chosen)) return chosen;
    throw new NoChromium(
      `CHROME_PATH is "${chosen}", which does not start. Set it to a Chromium or Chrome, or unset it.`,
    );
  }
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const onPath =
    process.platform === 'win32' ? [] : NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...onPath, ...(PLACES[process.platform] ?? []), chromium.executablePath()].find(starts);
}

function installPlaywrights() {
  const cli = join(dirname(createRequire(import.meta.url).resolve('playwright/package.json')), 'cli.js');
  spawnSync(process.execPath, [cli, 'install', 'chromium'], {
    stdio: ['ignore', 2, 2],
    timeout: 180_000,
    env: { PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '10000', ...process.env },
  });
}

function installDebians() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return;
  const apt = (...args) =>
    spawnSync('apt-get', args, { stdio: ['ignore', 2, 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  if (apt('update').status === 0) apt('install', '--yes', '--no-install-recommends', 'chromium');
}

/** Like `findChromium`, but installs one where there is none. @throws NoChromium */
export function ensureChromium() {
  for (const install of [() => {}, installPlaywrights, installDebians]) {
    install();
    const found = findChromium();
    if (found !== undefined) return found;
  }
  throw new NoChromium(
    'No Chromium was found and none could be installed: install Chromium or Chrome, or set CHROME_PATH to one.',
  );
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    console.log(ensureChromium());
  } catch (error) {
    if (!(error instanceof NoChromium)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

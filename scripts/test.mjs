/**
 * The test command: every check and every tier of tests, in order, and one closing line.
 * Exits 1 if a check or a test failed, if a tier ran no test, or if a test was skipped.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureChromium, NoChromium } from './chromium.mjs';
import { countPlaywright, countVitest, judgeTier } from './testCounts.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const reports = mkdtempSync(join(tmpdir(), 'skillflow-tests-'));
const require = createRequire(import.meta.url);

/** The program of an installed package, run with this very Node. */
function run(packageName, args, environment = {}) {
  const manifest = require.resolve(`${packageName}/package.json`);
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
  const script = typeof bin === 'string' ? bin : Object.values(bin)[0];
  return spawnSync(process.execPath, [join(dirname(manifest), script), ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  }).status;
}

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

const check =
  (packageName, ...args) =>
  () =>
    judgeCheck(run(packageName, args));
const judgeCheck = (status) => ({ passed: 0, failed: status === 0 ? 0 : 1 });

const vitest = (project) => () => {
  const path = join(reports, `${project}.json`);
  const args = ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${path}`];
  const status = run('vitest', args);
  const report = readReport(path);
  return judgeTier(report && countVitest(report), status);
};

const playwright = () => {
  const path = join(reports, 'e2e.json');
  const status = run('@playwright/test', ['test', '--reporter=list,json'], { PLAYWRIGHT_JSON_OUTPUT_NAME: path });
  const report = readReport(path);
  return judgeTier(report && countPlaywright(report), status);
};

const tiers = [
  ['lint', check('@biomejs/biome', 'check', '--error-on-warnings', '.')],
  ['types', check('typescript', '--noEmit')],
  ['tests in Node', vitest('node')],
  ['tests in Chromium', vitest('browser')],
  ['build', check('vite', 'build')],
  ['journeys', playwright],
];

try {
  process.env.CHROME_PATH = ensureChromium();
  const total = { passed: 0, failed: 0 };
  const lines = [];
  for (const [name, tier] of tiers) {
    console.log(`\n== ${name}`);
    const started = performance.now();
    const { passed, failed } = tier();
    total.passed += passed;
    total.failed += failed;
    const verdict = failed > 0 ? 'FAILED' : 'ok';
    const counted = passed + failed > 0 ? `  ${passed} passed, ${failed} failed` : '';
    lines.push(
      `${verdict.padEnd(7)}${name.padEnd(18)}${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s${counted}`,
    );
  }
  console.log(`\n${lines.join('\n')}\n\n${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed > 0 ? 1 : 0;
} catch (error) {
  if (!(error instanceof NoChromium)) throw error;
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(reports, { recursive: true, force: true });
}

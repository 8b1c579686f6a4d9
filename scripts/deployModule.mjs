/**
 * Writes public/supervisor.js: src/supervisor/onnx/deploy.ts as one module of plain JavaScript, which goes with an
 * export (docs/deploy.md). `node scripts/deployModule.mjs` after a change of it; a test holds it to date.
 */
import { realpathSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
export const DEPLOY_MODULE = fileURLToPath(new URL('../public/supervisor.js', import.meta.url));

const HEAD = `/* SkillFlow Lab, MIT licence. Texts to what an exported Supervisor reads. Written by scripts/deployModule.mjs. */\n`;

/** The text of the module. */
export async function deployModule() {
  const built = await build({
    configFile: false,
    root,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      target: 'es2022',
      lib: { entry: 'src/supervisor/onnx/deploy.ts', formats: ['es'] },
    },
  });
  const [{ output }] = Array.isArray(built) ? built : [built];
  if (output.length !== 1) throw new Error(`supervisor.js should be one module, not ${output.length}.`);
  return HEAD + output[0].code;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  writeFileSync(DEPLOY_MODULE, await deployModule());
}

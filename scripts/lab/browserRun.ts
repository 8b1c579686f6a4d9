/** One run of `globalThis.lab` (docs/scripting.md) in a headless Chromium. */
import { chromium } from 'playwright';
import type { LabScripting } from '../../src/lab/scripting.ts';
import type { RunConfig } from '../../src/training/config.ts';
import type { RunRecord, StepMetrics } from '../../src/training/records.ts';
import { ensureChromium, WEBGPU_FLAGS } from '../chromium.mjs';

declare global {
  var lab: LabScripting | undefined;
  var reportStep: ((metrics: StepMetrics) => Promise<void>) | undefined;
}

/**
 * Checkpoints lie in the storage of an origin. The server's port differs from run to run and so
 * would its origin; this name is mapped to the port, and stays.
 */
const ORIGIN = 'http://lab.localhost';

/** The page refused the run, or was lost. */
export class RunFailed extends Error {
  /** @param name the name of the error inside the page @param hint what to do, where the page said it */
  constructor(
    override readonly name: string,
    message: string,
    readonly hint?: string,
  ) {
    super(message);
  }
}

export interface BrowserRun {
  readonly config: RunConfig;
  readonly resume: boolean;
  /** Folder of the browser's storage; kept afterwards. */
  readonly profile: string;
  readonly port: number;
  readonly onStep: (metrics: StepMetrics) => void;
  /** Called with the last checkpoint, a safetensors file, unless an error stopped the run. */
  readonly onCheckpoint?: ((bytes: Uint8Array) => void) | undefined;
  /** Milliseconds in which the page must have started; 30,000 where it is not given. */
  readonly patience?: number;
  /** Aborting it cancels the run; the record so far is returned. */
  readonly signal: AbortSignal;
}

/** @returns the record, whatever stopped the run @throws RunFailed, NoChromium */
export async function runInBrowser(run: BrowserRun): Promise<RunRecord> {
  const { config, resume, profile, port, onStep, onCheckpoint, signal, patience = 30_000 } = run;
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: ensureChromium(),
    headless: true,
    handleSIGINT: false,
    handleSIGTERM: false,
    args: [...WEBGPU_FLAGS, `--host-resolver-rules=MAP lab.localhost:80 127.0.0.1:${port}`],
  });
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    await page.exposeFunction('reportStep', onStep);
    await page.goto(`${ORIGIN}/`);
    try {
      await page.waitForFunction(() => globalThis.lab !== undefined, undefined, { timeout: patience });
    } catch {
      throw new RunFailed('NoLab', ['the page does not offer globalThis.lab', ...errors].join('\n'));
    }
    const cancel = (): void => {
      page.evaluate(() => globalThis.lab?.cancel()).catch(() => {});
    };
    signal.addEventListener('abort', cancel);
    // As text: a record of many steps crosses faster, and what is not a number becomes null as in the file.
    const running = page
      .evaluate(inPage, { config, resume, checkpoint: onCheckpoint !== undefined })
      .catch((error: unknown): Answer => {
        return {
          name: 'PageLost',
          message: `${String(error)}\nThe last checkpoint is kept: --resume goes on from it.`,
        };
      });
    if (signal.aborted) cancel();
    const answer = await running;
    signal.removeEventListener('abort', cancel);
    if ('record' in answer) {
      if (answer.checkpoint !== null) onCheckpoint?.(Buffer.from(answer.checkpoint, 'base64'));
      return JSON.parse(answer.record);
    }
    throw new RunFailed(answer.name, answer.message, answer.hint);
  } finally {
    await context.close();
  }
}

type Answer =
  | { readonly record: string /** in base64 */; readonly checkpoint: string | null }
  | { readonly name: string; readonly message: string; readonly hint?: string };

/** Runs inside the page, so it may use nothing of this file. */
async function inPage(run: {
  readonly config: RunConfig;
  readonly resume: boolean;
  readonly checkpoint: boolean;
}): Promise<Answer> {
  const { lab, reportStep } = globalThis;
  if (lab === undefined || reportStep === undefined) throw new Error('the page was not prepared');
  let reportedAt = -Infinity;
  const stop = lab.onStep((metrics) => {
    if (performance.now() - reportedAt < 100) return;
    reportedAt = performance.now();
    reportStep(metrics).catch(() => {});
  });
  try {
    const record = await lab.run(run.config, { resume: run.resume });
    let checkpoint: string | null = null;
    if (run.checkpoint && typeof record.stopped === 'string') {
      const bytes = await lab.export();
      let text = '';
      for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
      checkpoint = btoa(text);
    }
    return { record: JSON.stringify(record), checkpoint };
  } catch (error) {
    if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
    const { name, message } = error;
    return 'hint' in error && typeof error.hint === 'string' ? { name, message, hint: error.hint } : { name, message };
  } finally {
    stop();
  }
}

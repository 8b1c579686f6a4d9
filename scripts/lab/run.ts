/** `run`: trains in a headless Chromium over a loopback server, or in Node itself, and keeps the record. */
import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunRecord, StepMetrics } from '../../src/training/records.ts';
import { resolveConfig } from '../../src/training/resolve.ts';
import type { Place } from './arguments.ts';
import { runInBrowser } from './browserRun.ts';
import { CANCELLED, cancelOnInterrupt } from './cancel.ts';
import { removePartial, writeBytes, writePartial, writeWhole } from './files.ts';
import { runInNode } from './nodeRun.ts';
import { progressOn } from './progress.ts';
import { serveSite } from './site.ts';
import { evaluationTable } from './table.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** What a run is given up with before it is made: in the page, and here. */
const CANCELLATIONS = ['Cancelled', 'AbortError'];
const say = (line: string): void => console.error(line);

/** Where the browser keeps the checkpoints of an unfinished run. */
export function profilePath(out: string): string {
  return `${out}.browser.partial`;
}

function stepLine({ step, loss, logZ, success }: StepMetrics, steps: number, rate: number): string {
  const figures = `loss ${loss.toExponential(2)}  log Z ${logZ.toFixed(3)}  success ${success.toFixed(2)}`;
  return `step ${step}/${steps}  ${figures}  ${rate.toFixed(1)} steps/s`;
}

/** Steps per second since the first call. */
function stepRate(): (step: number) => number {
  let first: { readonly step: number; readonly at: number } | undefined;
  return (step) => {
    first ??= { step, at: performance.now() };
    const seconds = (performance.now() - first.at) / 1000;
    return seconds === 0 ? 0 : (step - first.step) / seconds;
  };
}

/** Writes the record, whole or as `.partial`, and tells the exit status. */
function keep(record: RunRecord, out: string): number {
  const json = JSON.stringify(record, null, 1);
  if (record.stopped === 'finished') {
    writeWhole(out, json);
    for (const left of [profilePath(out), checkpointPath(out)]) rmSync(left, { recursive: true, force: true });
    say(`written to ${out}`);
    return 0;
  }
  writePartial(out, json);
  if (record.stopped === 'cancelled') {
    say(`cancelled after ${record.steps.length} steps; written to ${out}.partial; --resume goes on`);
    return CANCELLED;
  }
  say(`stopped after ${record.steps.length} steps: ${record.stopped.error}\nwritten to ${out}.partial`);
  return 3;
}

/** Where a run without a browser keeps them. */
export function checkpointPath(out: string): string {
  return `${out}.checkpoint.partial`;
}

/**
 * @param checkpoint file that the last checkpoint goes to as well; null for none
 * @returns the exit status
 * @throws BadConfig, RunFailed, NoChromium
 */
export async function runCommand(
  input: unknown,
  out: string,
  resume: boolean,
  on: Place = 'browser',
  checkpoint: string | null = null,
): Promise<number> {
  const config = resolveConfig(input);
  const profile = on === 'browser' ? profilePath(out) : checkpointPath(out);
  if (resume && !existsSync(profile)) say(`${profile} is not there: nothing to resume, starting at step 0`);
  if (!resume) {
    rmSync(profile, { recursive: true, force: true });
    removePartial(out);
  }
  const signal = cancelOnInterrupt();
  const site = on === 'browser' ? await serveSite(root, say) : null;
  const progress = progressOn(process.stderr);
  const rate = stepRate();
  const onCheckpoint = checkpoint === null ? undefined : (bytes: Uint8Array): void => writeBytes(checkpoint, bytes);
  try {
    const onStep = (metrics: StepMetrics): void => progress.show(stepLine(metrics, config.steps, rate(metrics.step)));
    const record = site
      ? await runInBrowser({ config, resume, profile, port: site.port, onStep, onCheckpoint, signal })
      : await runInNode({
          config,
          resume,
          folder: profile,
          results: join(dirname(out), 'results.jsonl'),
          onStep,
          onNews: say,
          onCheckpoint,
          signal,
        });
    progress.end();
    const { backend, adapter, software } = record.device;
    const device = `${backend}, ${adapter}${software ? ' (software)' : ''}`;
    console.log(
      `${evaluationTable(record.evaluations)}\n\n${device}, ${record.timing.stepsPerSecond.toFixed(1)} steps/s`,
    );
    return keep(record, out);
  } catch (error) {
    // There is no record of a run that was given up while its tasks were being unfolded.
    if (!(signal.aborted && error instanceof Error && CANCELLATIONS.includes(error.name))) throw error;
    progress.end();
    say('cancelled before the first step; nothing was written');
    return CANCELLED;
  } finally {
    await site?.close();
  }
}

/** What the page says of an experiment that is made here. Pure. */
import { listed } from '../../experiments/arms.ts';
import type { Results } from '../../experiments/results.ts';
import { countRuns, type Experiment } from '../../experiments/spec.ts';
import { duration } from '../format.ts';
import { kindOf } from '../topbar/DeviceBadge.tsx';
import type { Going, Here, RunUnderWay } from './experimentsStore.ts';

const counted = (n: number, noun: string): string => `${n.toLocaleString('en')} ${noun}${n === 1 ? '' : 's'}`;

/** "251 runs: 11 arms on 3 suites, 3 to 5 seeds; 108 runs tune 4 arms." */
export function scopeWords(experiment: Experiment): string {
  const { arms, suites, seeds, tune } = experiment;
  const counts = [...new Set(suites.map((suite) => (suite.seeds ?? seeds).length))].sort((a, b) => a - b);
  const most = counts.at(-1) ?? 0;
  const seedWords = counts.length > 1 ? `${counts[0]} to ${counted(most, 'seed')}` : counted(most, 'seed');
  const all = countRuns(experiment);
  const tuning = all - countRuns({ ...experiment, tune: undefined });
  const tuned = arms.filter(({ name }) => tune?.arms.includes(name)).length;
  const tunes = tuning === 0 ? '' : `; ${counted(tuning, 'run')} tune ${counted(tuned, 'arm')}`;
  return `${counted(all, 'run')}: ${counted(arms.length, 'arm')} on ${counted(suites.length, 'suite')}, ${seedWords}${tunes}.`;
}

/** What runs took, in seconds, those that were not finished left out. */
function secondsOf({ runs }: Results): readonly number[] {
  return runs.flatMap(({ status, seconds }) => (status === 'finished' && seconds !== null ? [seconds] : []));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, value) => total + value, 0);

/** What is here, and how long the rest takes, as far as that is known. */
export function restingWords(here: Here, recorded: Results | null): string {
  const { kept, of, complete, results } = here;
  const seconds = secondsOf(results);
  if (complete) return `All ${counted(of, 'run')} are kept here; they took ${duration(sum(seconds))} in all.`;
  if (kept === 0) {
    const there = recorded === null ? [] : secondsOf(recorded);
    const took =
      there.length === 0
        ? ''
        : ` Where the recorded ones were made, ${counted(there.length, 'run')} took ${duration(sum(there))} in all.`;
    return `None of its runs is kept here. How long they take on this device is known after the first.${took}`;
  }
  const rest = of - kept;
  const each = sum(seconds) / Math.max(1, seconds.length);
  const left =
    rest === 0
      ? 'Only its table of variances is still to be made.'
      : `One took ${duration(each)} on the mean, so the other ${rest} take about ${duration(each * rest)}, one after the other.`;
  return `${kept} of ${counted(of, 'run')} are kept here and are not made again. ${left}`;
}

/** How far it is, and how long it goes on. */
export function goingWords(going: Going): string {
  const { done, of, failed, secondsLeft, timed, variance, cancelling, jobs } = going;
  const bad = failed === 0 ? '' : `, ${failed} of them failed`;
  const far = `${done} of ${counted(of, 'run')} done${bad}.`;
  if (cancelling) return `${far} It is being cancelled; what the run under way has learned is kept as a checkpoint.`;
  if (variance !== null) {
    const rows = variance.of === 0 ? 'is being begun' : `${variance.done} of ${counted(variance.of, 'row')}`;
    return `${far} Now the table of variances: ${rows}. It is made in one go, and a cancel starts it again.`;
  }
  if (secondsLeft === null) return `${far} How long it takes is known after the first run that is made.`;
  const by = timed === 1 ? 'the one run' : `the mean of ${counted(timed, 'run')}`;
  const two = jobs > 1 ? `, ${jobs} at a time` : '';
  return `${far} About ${duration(secondsLeft)} left, by ${by} made since the start${two}.`;
}

/** "tb on diamond, seed 0: step 40 of 100, evaluating, on the CPU" */
export function underWords({ name, step, steps, doing, device }: RunUnderWay): string {
  const at = `step ${step.toLocaleString('en')} of ${steps.toLocaleString('en')}`;
  const where = device === null ? '' : `, on the ${kindOf(device)}`;
  return `${name}: ${at}${doing === '' ? '' : `, ${doing}`}${where}`;
}

/** What failed, each message once, with the runs that it stopped; empty where nothing did. */
export function failureWords({ runs }: Results): readonly string[] {
  const byError = new Map<string, string[]>();
  for (const { status, error, arm, suite, seed } of runs) {
    if (status !== 'failed' || error === null) continue;
    byError.set(error, [...(byError.get(error) ?? []), `${arm} on ${suite}, seed ${seed}`]);
  }
  return [...byError].map(([error, which]) => {
    const more = which.length > 3 ? [...which.slice(0, 3), `${which.length - 3} more`] : which;
    return `${listed(more)}: ${error}`;
  });
}

/** `npm run bench`: measures in a headless Chromium, or in Node, and prints tables. */
import { chromium, type Page } from 'playwright';
import { ensureChromium, SOFTWARE_WEBGPU_FLAGS, WEBGPU_FLAGS } from '../scripts/chromium.mjs';
import { writeWhole } from '../scripts/lab/files.ts';
import { progressOn } from '../scripts/lab/progress.ts';
import type { Shape } from './matmul/compare.ts';
import type { Options, Section } from './options.ts';
import { BadArgument, readOptions, USAGE } from './options.ts';
import type { BenchPage, DeviceResult } from './protocol.ts';
import {
  cpuReport,
  denseReport,
  deviceLine,
  kernelsReport,
  objectivesReport,
  productsReport,
  profilesReport,
  stepsReport,
} from './report.ts';
import { serveBench } from './site.ts';

const BAD_INPUT = 2;
const CPU_LIMIT_SECONDS = 180;

type Call = Exclude<keyof BenchPage, 'device'>;

type Caller = <Name extends keyof BenchPage>(
  name: Name,
  ...args: Parameters<BenchPage[Name]>
) => Promise<Awaited<ReturnType<BenchPage[Name]>>>;

/** Calls the page. What it takes and gives crosses as JSON. */
async function callPage<Name extends keyof BenchPage>(
  page: Page,
  name: Name,
  ...args: Parameters<BenchPage[Name]>
): Promise<Awaited<ReturnType<BenchPage[Name]>>> {
  const text = await page.evaluate(
    async ([method, given]) => {
      const { bench } = globalThis;
      if (bench === undefined) throw new Error('the page has no bench');
      const run = bench[method as Call] as (options: unknown) => Promise<unknown>;
      return JSON.stringify(await run(JSON.parse(given)));
    },
    [name, JSON.stringify(args[0] ?? null)] as const,
  );
  return JSON.parse(text);
}

/** The lab's own shapes at width 64, then a square one; smaller on software. */
function shapesOf(options: Options, device: DeviceResult): readonly Shape[] {
  if (options.quick) return [[192, 64, 64]];
  const lab: Shape[] = [
    [1536, 256, 192],
    [1536, 132, 64],
  ];
  return device.software ? [...lab, [256, 256, 256]] : [...lab, [12288, 132, 64], [1024, 1024, 1024]];
}

/** One section: its figures, and its table. */
async function measure(
  section: Section,
  call: Caller,
  options: Options,
  device: DeviceResult,
): Promise<{ readonly figures: unknown; readonly report: string }> {
  const { quick, objective, race, wasm } = options;
  switch (section) {
    case 'dense': {
      const figures = await call('dense', { sizes: options.sizes(device.software), objective, race, wasm });
      const kernels = kernelsReport('Time per kernel, dense step', figures.kernels);
      return { figures, report: `${denseReport(figures)}\n\n${kernels}` };
    }
    case 'steps': {
      const figures = await call('steps', { quick });
      return { figures, report: stepsReport('Ragged step with sampling (the Trainer on the presets)', figures) };
    }
    case 'objectives': {
      const figures = await call('objectives', { quick });
      return { figures, report: objectivesReport(figures) };
    }
    case 'profiles': {
      const figures = await call('profiles', { quick });
      return { figures, report: profilesReport(figures) };
    }
    case 'products': {
      const repeats = device.software ? 3 : 50;
      const figures = await call('products', { shapes: shapesOf(options, device), rounds: race.rounds, repeats });
      return { figures, report: productsReport(figures) };
    }
    case 'growth': {
      const figures = await call('growth', { quick });
      return { figures, report: stepsReport('Growth, from hypergrid-8x8', figures) };
    }
    case 'cpu': {
      const figures = await call('cpu', { limit: CPU_LIMIT_SECONDS });
      return { figures, report: cpuReport(figures) };
    }
  }
}

/** Gives each section what it is called by: a page of its own, so that what one leaves behind does not slow the next. */
type Place = <T>(use: (call: Caller) => Promise<T>) => Promise<T>;

async function measureAll(options: Options, at: Place, endProgress: () => void): Promise<void> {
  const all: Record<string, unknown> = {};
  const device = await at((call) => call('device'));
  all.device = device;
  console.log(deviceLine(device));
  for (const section of options.sections) {
    const { figures, report } = await at((call) => measure(section, call, options, device));
    all[section] = figures;
    endProgress();
    console.log(`\n${report}`);
    // After each section: a bench that is stopped keeps what it has.
    if (options.out !== undefined) writeWhole(options.out, JSON.stringify(all, null, 1));
  }
}

async function runInNode(options: Options): Promise<void> {
  const progress = progressOn(process.stderr);
  const { benchInNode } = await import('./inNode.ts');
  const bench = await benchInNode((text) => progress.show(text));
  const call = ((name: keyof BenchPage, args: never) => bench[name](args)) as Caller;
  await measureAll(
    options,
    (use) => use(call),
    () => progress.end(),
  );
}

async function runInBrowser(options: Options): Promise<void> {
  const site = await serveBench();
  const progress = progressOn(process.stderr);
  const browser = await chromium.launch({
    executablePath: ensureChromium(),
    headless: true,
    args: options.software ? SOFTWARE_WEBGPU_FLAGS : WEBGPU_FLAGS,
  });
  try {
    const onPage: Place = async (use) => {
      const page = await browser.newPage();
      page.on('console', (message) => {
        if (message.type() === 'info') progress.show(message.text());
        if (message.type() === 'error') console.error(message.text());
      });
      await page.goto(`http://127.0.0.1:${site.port}/`);
      await page.waitForFunction(() => globalThis.bench !== undefined);
      const result = await use((name, ...args) => callPage(page, name, ...args));
      await page.close();
      return result;
    };
    await measureAll(options, onPage, () => progress.end());
  } finally {
    await browser.close();
    await site.close();
  }
}

/** @param argv what follows the script's name @returns the exit status */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    const options = readOptions(argv);
    if (options.help) console.log(USAGE);
    else if (options.on === 'node') await runInNode(options);
    else await runInBrowser(options);
    return 0;
  } catch (error) {
    if (!(error instanceof BadArgument)) throw error;
    console.error(`${error.message}\n\n${USAGE}`);
    return BAD_INPUT;
  }
}

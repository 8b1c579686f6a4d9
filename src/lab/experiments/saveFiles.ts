/** What can be saved of an experiment: its report, its results as JSON and as Parquet, and the experiment itself. */
import type { Results } from '../../experiments/results.ts';
import type { Experiment } from '../../experiments/spec.ts';

export function saveFile(name: string, content: string | ArrayBuffer, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

/** As the command line writes them. */
export function resultsJson(results: Results): string {
  return `${JSON.stringify(results)}\n`;
}

/** What writes Parquet is loaded when it is first asked for. */
export async function resultsParquet(results: Results): Promise<ArrayBuffer> {
  const [{ parquetWriteBuffer }, { parquetColumns }] = await Promise.all([
    import('hyparquet-writer'),
    import('../../experiments/table.ts'),
  ]);
  return parquetWriteBuffer({ columnData: parquetColumns(results) });
}

export function experimentJson(experiment: Experiment): string {
  return `${JSON.stringify(experiment, null, 2)}\n`;
}

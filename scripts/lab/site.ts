/** The built site at a loopback address, built first where it is missing or older than its sources. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build, preview } from 'vite';

const SOURCES = ['index.html', 'package.json', 'vite.config.ts', 'src', 'public', 'configs'];

function changedAt(path: string): number {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => changedAt(join(path, name))));
}

/** Whether `dist/` is older than something that it is made from, or missing. */
export function isStale(root: string): boolean {
  const built = join(root, 'dist', 'index.html');
  return !existsSync(built) || changedAt(built) < Math.max(...SOURCES.map((name) => changedAt(join(root, name))));
}

export interface Site {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves the built site on a free loopback port. @param root the project's folder */
export async function serveSite(root: string, say: (line: string) => void): Promise<Site> {
  const configFile = join(root, 'vite.config.ts');
  if (isStale(root)) {
    say('building the site');
    await build({ root, configFile, logLevel: 'error' });
  }
  const server = await preview({ root, configFile, logLevel: 'error', preview: { host: '127.0.0.1', port: 0 } });
  const address = server.httpServer.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return { port: address.port, close: () => server.close() };
}

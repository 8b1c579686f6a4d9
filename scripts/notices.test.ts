import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { notices } from './notices.mjs';

const root = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

describe('NOTICE.md', () => {
  test('is what `node scripts/notices.mjs` writes for the installed packages', () => {
    expect(read('NOTICE.md')).toBe(notices());
  });

  test('names every dependency of the site, and the data with its licence', () => {
    const { dependencies } = JSON.parse(read('package.json'));
    for (const name of Object.keys(dependencies)) expect(read('NOTICE.md')).toContain(`### ${name} `);
    expect(read('NOTICE.md')).toContain('ODbL-1.0');
  });
});

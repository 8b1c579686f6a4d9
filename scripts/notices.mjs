/**
 * Writes NOTICE.md: what the built site contains of others, from the metadata of the installed
 * packages. `node scripts/notices.mjs` after a change of dependencies; a test holds it to date.
 */
import { readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Development packages of which text ends up in the built site: the style sheet begins with Tailwind's own. */
const BUILT_IN = ['tailwindcss'];

/** Packages that come without the text of their licence: who holds the copyright, and what else is to be said. */
const WITHOUT_TEXT = {
  'guid-typescript': { holder: 'Copyright (c) NicolasDeveloper' },
  'onnxruntime-common': { holder: 'Copyright (c) Microsoft Corporation' },
  'onnxruntime-web': {
    holder: 'Copyright (c) Microsoft Corporation',
    more: 'Its WebAssembly contains what https://github.com/microsoft/onnxruntime/blob/main/ThirdPartyNotices.txt lists.',
  },
};

const ISC = `Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted, provided that the above copyright notice and this permission notice appear in all copies.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.`;

const HEAD = `# Notices

SkillFlow Lab is under the MIT licence (LICENSE). What it contains of others is listed here. Written by \`node scripts/notices.mjs\`.

## Data

\`src/worlds/twoHopQa/countries.json\` holds facts about countries: names, capitals, currencies, languages, subregions, demonyms and borders. It is a database derived from **world-countries** by Mohammed Le Doze and contributors (https://github.com/mledoze/countries), which is made available under the Open Database License 1.0 (ODbL-1.0, https://opendatacommons.org/licenses/odbl/1-0/). The derived database is under the same licence: you may share, change and use it if you name its source, keep this licence on it, and keep it open. \`src/worlds/twoHopQa/extractCountries.mjs\` makes it from the original.

## Packages in the built site
`;

function read(path) {
  return readFileSync(join(root, path), 'utf8').replaceAll('\r\n', '\n').trim();
}

/** The text of a package's licence: the file beside it, or the licence that it names. @returns undefined for neither */
function licenceText(name, folder, license) {
  const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry));
  if (file !== undefined) return read(join(folder, file));
  const known = WITHOUT_TEXT[name];
  // The lab's own licence is MIT too: all of it but the name of who holds the copyright.
  const terms = { MIT: read('LICENSE').replace(/^[\s\S]*?(?=Permission is hereby granted)/, ''), ISC }[license];
  if (known === undefined || terms === undefined) return undefined;
  return [known.holder, terms, ...(known.more ? [known.more] : [])].join('\n\n');
}

/** The text of NOTICE.md. @throws where a package has no licence or no text of it */
export function notices() {
  const { packages } = JSON.parse(read('package-lock.json'));
  const names = Object.entries(packages)
    .filter(([path, { dev, devOptional, optional }]) => path !== '' && !(dev || devOptional || optional))
    .map(([path]) => path.replace('node_modules/', ''));
  const sections = [...names, ...BUILT_IN].sort().map((name) => {
    const folder = join('node_modules', name);
    const { version, licenses, ...metadata } = JSON.parse(read(join(folder, 'package.json')));
    // Old packages list their licences.
    const license = metadata.license ?? licenses?.[0]?.type;
    const text = license && licenceText(name, folder, license);
    if (!text) throw new Error(`${name} has no licence in its metadata or beside it`);
    // One that lies in another package is another version of it.
    const title = name.replace(/^.*node_modules\//, '');
    return `\n### ${title} ${version} (${license})\n\n\`\`\`text\n${text}\n\`\`\`\n`;
  });
  return HEAD + sections.join('');
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  writeFileSync(join(root, 'NOTICE.md'), notices());
}

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

/**
 * Of the runtime for ONNX models the site has the WASM and WebGPU builds; these are read by its older WebGL backend
 * only, and by what they depend on.
 */
const LEFT_OUT =
  /(^|\/)(flatbuffers|guid-typescript|long|platform|protobufjs|@protobufjs\/.*|@types\/.*|undici-types)$/;

/** Packages that name their licence and have no text of it: the holder as their files state it, and where more stands. */
const MIT_OF = {
  'onnxruntime-common': 'Copyright (c) Microsoft Corporation',
  'onnxruntime-web': 'Copyright (c) Microsoft Corporation',
};
const MORE = {
  'onnxruntime-web':
    'What its WebAssembly contains of others is listed in https://github.com/microsoft/onnxruntime/blob/main/ThirdPartyNotices.txt.',
};

const HEAD = `# Notices

SkillFlow Lab is under the MIT licence (LICENSE). What it contains of others is listed here. Written by \`node scripts/notices.mjs\`.

## Data

\`src/worlds/twoHopQa/countries.json\` holds facts about countries: names, capitals, currencies, languages, subregions, demonyms and borders. It is a database derived from **world-countries** by Mohammed Le Doze and contributors (https://github.com/mledoze/countries), which is made available under the Open Database License 1.0 (ODbL-1.0, https://opendatacommons.org/licenses/odbl/1-0/). The derived database is under the same licence: you may share, change and use it if you name its source, keep this licence on it, and keep it open. \`src/worlds/twoHopQa/extractCountries.mjs\` makes it from the original.

## Packages in the built site
`;

function read(path) {
  return readFileSync(join(root, path), 'utf8').replaceAll('\r\n', '\n').trim();
}

/** The MIT licence, which this project has too, with another holder; undefined where none is known. */
function mitOf(name) {
  return MIT_OF[name] && read('LICENSE').replace(/^Copyright.*$/m, MIT_OF[name]);
}

/** The text of NOTICE.md. @throws where a package has no licence or no text of it */
export function notices() {
  const { packages } = JSON.parse(read('package-lock.json'));
  const names = Object.entries(packages)
    .filter(([path, { dev, devOptional, optional }]) => path !== '' && !(dev || devOptional || optional))
    .map(([path]) => path.replace('node_modules/', ''))
    .filter((name) => !LEFT_OUT.test(name));
  const sections = [...names, ...BUILT_IN].sort().map((name) => {
    const folder = join('node_modules', name);
    const { version, licenses, ...metadata } = JSON.parse(read(join(folder, 'package.json')));
    // Old packages list their licences.
    const license = metadata.license ?? licenses?.[0]?.type;
    const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file ? read(join(folder, file)) : license === 'MIT' ? mitOf(name) : undefined;
    if (license === undefined || text === undefined)
      throw new Error(`${name} has no licence in its metadata or beside it`);
    const more = MORE[name] ? `\n${MORE[name]}\n` : '';
    return `\n### ${name} ${version} (${license})\n\n\`\`\`text\n${text}\n\`\`\`\n${more}`;
  });
  return HEAD + sections.join('');
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  writeFileSync(join(root, 'NOTICE.md'), notices());
}

/**
 * Writes countries.json, the part of the `world-countries` database (ODbL 1.0) that two-hop
 * questions are made of, so that the page loads 40 KB of facts and not 1.4 MB of translations.
 * Run again after an update of the package: node src/worlds/twoHopQa/extractCountries.mjs
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const all = createRequire(import.meta.url)('world-countries');
const independent = all.filter((country) => country.independent);
const nameOf = new Map(independent.map((country) => [country.cca3, country.name.common]));

const countries = independent
  .map((country) => ({
    name: country.name.common,
    capital: country.capital,
    currency: Object.values(country.currencies).map((currency) => currency.name),
    language: Object.values(country.languages),
    subregion: [country.subregion],
    demonym: [country.demonyms.eng.m],
    border: country.borders.filter((code) => nameOf.has(code)).map((code) => nameOf.get(code)),
  }))
  .sort((a, b) => (a.name < b.name ? -1 : 1));

writeFileSync(
  new URL('countries.json', import.meta.url),
  `[\n${countries.map((country) => `  ${JSON.stringify(country)}`).join(',\n')}\n]\n`,
);

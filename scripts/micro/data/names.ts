/** Names that nobody has heard of, so that what is said of them can be read from the notes alone. */
import type { RandomSource } from '../../../src/worlds/random.ts';
import { chance } from './example.ts';

const ONSETS =
  'b c d f g h j k l m n p r s t v w y z br dr gr kr tr st sh ch th kh gh pl gl sl fr ts zh qu mb nd ng'.split(' ');
const VOWELS = 'a e i o u a e i o ai au ei ou ia io ua oa ee uu'.split(' ');
const CODAS = 'n r l s m t k sh ng nd rt st ld n r l s'.split(' ');
const COUNTRY_ENDS = 'ia land stan ania istan ora a and bia gal en ea us ana uay ador wana esia ique o'.split(' ');
const CITY_ENDS = 'ville grad burg ton a o i ana ara abad pur ma ta rta ja ko port ford ca sk'.split(' ');
const UNITS =
  'dollar franc dinar peso pound krona rupee shilling rial koruna lira mark crown taler sol real leu manat'.split(' ');
const REGIONS =
  'Western Africa|Eastern Africa|Northern Africa|Middle Africa|South America|Central America|Caribbean|Central Asia|Southern Asia|Western Asia|Eastern Asia|South-Eastern Asia|Southern Europe|Northern Europe|Western Europe|Central Europe|Melanesia|Polynesia|Micronesia|Southern Africa|Eastern Europe|North America'.split(
    '|',
  );

function stem(random: RandomSource, syllables: number): string {
  let word = '';
  for (let i = 0; i < syllables; i++) {
    if (i > 0 || chance(random, 0.8)) word += random.pick(ONSETS);
    word += random.pick(VOWELS);
    if (chance(random, 0.35)) word += random.pick(CODAS);
  }
  return word;
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** A made-up word with a capital. */
export function word(random: RandomSource): string {
  return capital(stem(random, 1 + random.int(3)));
}

export function countryName(random: RandomSource): string {
  const name = capital(stem(random, 1 + random.int(2)) + random.pick(COUNTRY_ENDS));
  const form = random.int(20);
  if (form === 0) return `${random.pick(['North', 'South', 'East', 'New', 'Saint', 'Upper'])} ${name}`;
  if (form === 1) return `${name} and ${word(random)}`;
  if (form === 2) return `${name}-${word(random)}`;
  if (form === 3) return `${name} Islands`;
  if (form === 4) return `Republic of the ${name}`;
  return name;
}

export function cityName(random: RandomSource): string {
  const name = capital(stem(random, 1 + random.int(2)) + (chance(random, 0.7) ? random.pick(CITY_ENDS) : ''));
  const form = random.int(12);
  if (form === 0) return `${random.pick(['Port', 'San', 'Saint', 'New', 'Fort', 'La'])} ${name}`;
  if (form === 1) return `${name} ${word(random)}`;
  return name;
}

export function currencyName(random: RandomSource, demonym: string): string {
  const unit = chance(random, 0.7) ? random.pick(UNITS) : stem(random, 1 + random.int(2));
  const form = random.int(6);
  if (form === 0) return capital(unit);
  if (form === 1) return `${word(random)} ${unit}`;
  return `${demonym} ${unit}`;
}

export function demonymOf(random: RandomSource, country: string): string {
  const base = chance(random, 0.8) ? country.split(/[ -]/)[0].replace(/[aeiou]+$/, '') : word(random);
  return base + random.pick(['n', 'an', 'ian', 'ese', 'i', 'ish', 'er', 'ean']);
}

export function languageName(random: RandomSource): string {
  return capital(stem(random, 1 + random.int(2))) + random.pick(['', 'ish', 'ese', 'i', 'an', 'a', 'ic']);
}

export function regionName(random: RandomSource): string {
  return chance(random, 0.6)
    ? random.pick(REGIONS)
    : `${random.pick(['Northern', 'Southern', 'Eastern', 'Western', 'Central', 'Middle'])} ${word(random)}`;
}

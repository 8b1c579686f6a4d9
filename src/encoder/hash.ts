/** Hashing of texts to 32 bits: FNV-1a over UTF-8, and the finaliser of MurmurHash3. Equal on every machine. */

const UTF8 = new TextEncoder();

/** FNV-1a, 32 bits, unsigned (Fowler, Noll, Vo). */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of UTF8.encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** The finaliser of MurmurHash3 (Appleby): every bit of the word reaches every bit of the result. Unsigned. */
export function avalanche(word: number): number {
  let hash = word;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

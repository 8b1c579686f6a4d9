/** Hashing of texts and files: FNV-1a over UTF-8, and the finaliser of MurmurHash3. Equal on every machine. */

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

/**
 * 16 hexadecimal digits that name the contents of a file: two passes of FNV-1a over 32-bit words, each with an offset
 * of its own and mixed by the finaliser, the length among them. For telling files apart, not against forgery: the
 * browser's SHA-256 is there on secure pages only.
 */
export function fingerprint(bytes: Uint8Array): string {
  const words = bytes.length >>> 2;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let low = 0x811c9dc5;
  let high = 0x9e3779b9 ^ bytes.length;
  for (let i = 0; i < words; i++) {
    const word = view.getUint32(4 * i, true);
    low = Math.imul(low ^ word, 0x01000193);
    high = Math.imul((high << 13) | (high >>> 19), 5) + (word ^ low);
  }
  for (let i = 4 * words; i < bytes.length; i++) {
    low = Math.imul(low ^ bytes[i], 0x01000193);
    high = Math.imul((high << 13) | (high >>> 19), 5) + (bytes[i] ^ low);
  }
  return [low, high].map((half) => avalanche(half).toString(16).padStart(8, '0')).join('');
}

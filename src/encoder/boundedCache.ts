/**
 * A function that remembers its results for the `size` texts it met first; the oldest goes when a new one comes.
 * @param compute must depend on its text alone
 */
export function boundedCache<T>(size: number, compute: (text: string) => T): (text: string) => T {
  const results = new Map<string, { readonly result: T }>();
  return (text) => {
    const known = results.get(text);
    if (known !== undefined) return known.result;
    const result = compute(text);
    if (results.size >= size) {
      const oldest = results.keys().next();
      if (!oldest.done) results.delete(oldest.value);
    }
    results.set(text, { result });
    return result;
  };
}

/**
 * The words of a text, in order: runs of letters, marks and digits, lower case, in Unicode's composed form.
 * "What's the GDP of Côte d'Ivoire?" has the words what, s, the, gdp, of, côte, d, ivoire.
 */
export function words(text: string): string[] {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  );
}

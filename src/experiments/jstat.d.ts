declare module 'jstat' {
  /** The part of jStat that the lab uses. */
  const jstat: { readonly studentt: { inv(probability: number, freedom: number): number } };
  export default jstat;
}

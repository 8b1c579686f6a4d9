interface Counts {
  passed: number;
  failed: number;
}
export declare function countVitest(report: {
  testResults: readonly { assertionResults: readonly { status: string }[] }[];
}): Counts;
export declare function countPlaywright(report: {
  stats: { expected: number; skipped: number; unexpected: number; flaky: number };
  errors: readonly unknown[];
}): Counts;
export declare function judgeTier(counts: Counts | undefined, status: number | null): Counts;

/** A checkpoint that cannot be used: cut short, damaged, or of another run. Says where and what to do. */
export class BadCheckpoint extends Error {
  override readonly name = 'BadCheckpoint';
  /**
   * @param place what part of the file is at fault, e.g. `tensor "trunk.weight"`
   * @param problem what it holds and what it may hold
   * @param hint what mends it
   */
  constructor(
    readonly place: string,
    readonly problem: string,
    readonly hint = 'Use a whole checkpoint file that this lab has written, or start the run at step 0.',
  ) {
    super(`${place}: ${problem}`);
  }
}

/** Something a person wrote cannot be used: the command ends with exit status 2 and nothing is written. */
export class BadInput extends Error {
  override readonly name = 'BadInput';
}

/** Symbols in running text. */

export function PF() {
  return (
    <i>
      P<sub>F</sub>
    </i>
  );
}

export function PB() {
  return (
    <i>
      P<sub>B</sub>
    </i>
  );
}

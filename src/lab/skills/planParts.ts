/** A template in its parts, so that variables can be marked. Pure. */
export interface PlanPart {
  /** Its place in the template, for a key. */
  readonly at: number;
  readonly text: string;
  readonly variable: boolean;
}

/** `take {a} from` as `take `, `a` and ` from`. */
export function planParts(template: string): readonly PlanPart[] {
  const parts: PlanPart[] = [];
  let at = 0;
  for (const found of template.matchAll(/\{([a-z][a-z0-9]*)\}/g)) {
    if (found.index > at) parts.push({ at, text: template.slice(at, found.index), variable: false });
    parts.push({ at: found.index, text: found[1], variable: true });
    at = found.index + found[0].length;
  }
  if (at < template.length) parts.push({ at, text: template.slice(at), variable: false });
  return parts;
}

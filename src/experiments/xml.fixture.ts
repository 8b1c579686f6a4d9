/** A reader of XML that is strict about what this project writes: elements, attributes, text. Tests only. */

const NAME = '[A-Za-z][\\w:-]*';
const ATTRIBUTE = new RegExp(`\\s+(${NAME})="([^"<]*)"`, 'y');
const ENTITY = /&(?!(?:amp|lt|gt|quot|apos|#\d+);)/;

export interface XmlElement {
  readonly tag: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** of this element and those within it */
  readonly text: string;
}

/** Every element in the order in which they end. @throws Error with the place where it is not well-formed */
export function parseXml(source: string): readonly XmlElement[] {
  const done: XmlElement[] = [];
  const open: { tag: string; attributes: Map<string, string>; text: string }[] = [];
  let at = 0;
  const fail = (what: string): never => {
    throw new Error(`${what} at ${at}: ${JSON.stringify(source.slice(Math.max(0, at - 30), at + 30))}`);
  };
  const end = () => {
    const element = open.pop() ?? fail('nothing is open');
    done.push(element);
    const parent = open[open.length - 1];
    if (parent) parent.text += element.text;
    else if (source.slice(at).trim() !== '') fail('something follows the root');
  };
  while (at < source.length) {
    if (source[at] !== '<') {
      const next = source.indexOf('<', at);
      const text = source.slice(at, next < 0 ? source.length : next);
      if (ENTITY.test(text)) fail('a bare &');
      const parent = open[open.length - 1];
      if (parent) parent.text += decoded(text);
      else if (text.trim() !== '') fail('text outside the root');
      at += text.length;
      continue;
    }
    const tag = new RegExp(`<(/?)(${NAME})`, 'y');
    tag.lastIndex = at;
    const found = tag.exec(source) ?? fail('not a tag');
    at = tag.lastIndex;
    const attributes = new Map<string, string>();
    for (;;) {
      ATTRIBUTE.lastIndex = at;
      const attribute = ATTRIBUTE.exec(source);
      if (attribute === null) break;
      if (attributes.has(attribute[1])) fail(`${attribute[1]} stands twice`);
      if (ENTITY.test(attribute[2])) fail('a bare & in an attribute');
      attributes.set(attribute[1], decoded(attribute[2]));
      at = ATTRIBUTE.lastIndex;
    }
    const close = /\s*(\/?)>/y;
    close.lastIndex = at;
    const closing = close.exec(source) ?? fail('the tag does not end');
    at = close.lastIndex;
    if (found[1] === '/') {
      if (open[open.length - 1]?.tag !== found[2]) fail(`</${found[2]}> closes <${open[open.length - 1]?.tag}>`);
      end();
      continue;
    }
    open.push({ tag: found[2], attributes, text: '' });
    if (closing[1] === '/') end();
  }
  if (open.length > 0) fail(`<${open[open.length - 1].tag}> is not closed`);
  return done;
}

function decoded(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}

// The first program of a fresh interpreter, before the snippet. It takes away what differs from run to run, gives
// `print` and `console`, and hands back to the host how a value and an error are put into words.
//
// It holds on to the built-ins as they were, so a snippet that changes them still reads what it printed. Nothing here
// guards the host: what a snippet can reach by breaking this is the text of its own result.
(emit, most) => {
  const { apply, getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect;
  const { isArray } = Array;
  const quoted = JSON.stringify;
  const asText = String;
  const bound = (method) => (self, a, b) => apply(method, self, [a, b]);
  const slice = bound(String.prototype.slice);
  const replaceAll = bound(String.prototype.replaceAll);
  const wellFormed = bound(String.prototype.toWellFormed);
  const indexOf = bound(String.prototype.indexOf);
  const symbolText = bound(Symbol.prototype.toString);
  const getter = (prototype, key) => bound(getOwnPropertyDescriptor(prototype, key).get);
  const mapSize = getter(Map.prototype, 'size');
  const setSize = getter(Set.prototype, 'size');
  const mapForEach = bound(Map.prototype.forEach);
  const setForEach = bound(Set.prototype.forEach);
  const typedArray = getPrototypeOf(Uint8Array).prototype;
  const typedName = getter(typedArray, Symbol.toStringTag);
  const typedLength = getter(typedArray, 'length');
  const isError = Error.isError;
  const regExpSource = getter(RegExp.prototype, 'source');
  const regExpFlags = getter(RegExp.prototype, 'flags');
  const { test } = RegExp.prototype;
  const isWord = (text) => apply(test, /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u, [text]);
  const MOST_DEEP = 8;

  for (const name of [
    'Date',
    'performance',
    'WeakRef',
    'FinalizationRegistry',
    'DOMException',
    'SharedArrayBuffer',
    'Atomics',
  ])
    delete globalThis[name];
  // Numbers that look like chance and are the same in every run: mulberry32 (Ettinger), from a fixed state.
  const { imul } = Math;
  let state = 0x5eed;
  Math.random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let word = imul(state ^ (state >>> 15), 1 | state);
    word ^= word + imul(word ^ (word >>> 7), 61 | word);
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };

  /** A property that is data and not a getter, here or on a prototype. */
  const dataOf = (object, key) => {
    let at = object;
    for (let hops = 0; at !== null && hops < 16; hops++) {
      const found = getOwnPropertyDescriptor(at, key);
      if (found !== undefined) return found.value;
      at = getPrototypeOf(at);
    }
    return undefined;
  };
  const textOf = (object, key, otherwise) => {
    const value = dataOf(object, key);
    return typeof value === 'string' ? value : otherwise;
  };
  const answers = (method, value) => {
    try {
      method(value);
      return true;
    } catch {
      return false;
    }
  };

  const TOO_LONG = { __proto__: null };

  /** A value as a console shows it, without calling its getters. Longer than `most`: its first `most + 1` characters. */
  const show = (value) => {
    let text = '';
    const put = (more) => {
      text += more.length > most ? slice(more, 0, most + 1) : more;
      if (text.length > most) throw TOO_LONG;
    };
    // Without a prototype, so that no setter on `Array.prototype` sees what is put in.
    const above = { __proto__: null, length: 0 };
    const entries = (open, close, count, putEntry) => {
      put(open);
      for (let i = 0; i < count; i++) {
        if (i > 0) put(', ');
        putEntry(i);
      }
      put(close);
    };
    const putProperty = (property) => {
      if (property === undefined) put('<empty>');
      else if ('value' in property) putValue(property.value);
      else put('[getter]');
    };
    const putObject = (object) => {
      if (isArray(object)) {
        entries('[', ']', object.length, (i) => putProperty(getOwnPropertyDescriptor(object, asText(i))));
        return;
      }
      if (isError(object)) {
        put(`[${textOf(object, 'name', 'Error')}: ${textOf(object, 'message', '')}]`);
        return;
      }
      const typed = typedName(object);
      if (typed !== undefined) {
        entries(`${typed} [`, ']', typedLength(object), (i) => putValue(object[i]));
        return;
      }
      if (answers(regExpSource, object)) {
        put(`/${regExpSource(object)}/${regExpFlags(object)}`);
        return;
      }
      if (answers(mapSize, object)) {
        let first = true;
        put('Map {');
        mapForEach(object, (item, key) => {
          put(first ? '' : ', ');
          first = false;
          putValue(key);
          put(' => ');
          putValue(item);
        });
        put('}');
        return;
      }
      if (answers(setSize, object)) {
        let first = true;
        put('Set {');
        setForEach(object, (item) => {
          put(first ? '' : ', ');
          first = false;
          putValue(item);
        });
        put('}');
        return;
      }
      const keys = ownKeys(object);
      let shown = 0;
      put('{');
      for (let i = 0; i < keys.length; i++) {
        const key = keys[i];
        const property = getOwnPropertyDescriptor(object, key);
        if (property === undefined || !property.enumerable) continue;
        put(shown++ > 0 ? ', ' : '');
        put(typeof key === 'symbol' ? `[${symbolText(key)}]: ` : `${isWord(key) ? key : quoted(key)}: `);
        putProperty(property);
      }
      put('}');
    };
    const putValue = (item) => {
      switch (typeof item) {
        case 'string':
          put(above.length === 0 ? item : quoted(item.length > most ? slice(item, 0, most + 1) : item));
          return;
        case 'bigint':
          put(`${asText(item)}n`);
          return;
        case 'symbol':
          put(symbolText(item));
          return;
        case 'function':
          put(`[function ${textOf(item, 'name', '')}]`);
          return;
        case 'object':
          break;
        default:
          put(item === 0 && 1 / item < 0 ? '-0' : asText(item));
          return;
      }
      if (item === null) {
        put('null');
        return;
      }
      for (let i = 0; i < above.length; i++) {
        if (above[i] === item) {
          put('[circular]');
          return;
        }
      }
      if (above.length === MOST_DEEP) {
        put(isArray(item) ? '[...]' : '{...}');
        return;
      }
      above[above.length++] = item;
      putObject(item);
      above.length--;
    };
    try {
      putValue(value);
    } catch (error) {
      if (error !== TOO_LONG) throw error;
    }
    return text;
  };
  /** The host reads UTF-8 up to its first zero. */
  const passable = (text) => replaceAll(wellFormed(text), '\0', '\u2400');

  const print = (...values) => {
    let line = '';
    for (let i = 0; i < values.length && line.length <= most; i++) line += (i > 0 ? ' ' : '') + show(values[i]);
    emit(passable(line.length > most ? slice(line, 0, most + 1) : `${line}\n`));
  };
  globalThis.print = print;
  globalThis.console = { log: print, info: print, warn: print, error: print, debug: print };

  /** Three lines: name, line of the snippet or nothing, message. What is no error has no name. */
  const tell = (error) => {
    if (!isError(error)) return passable(`\n\n${show(error)}`);
    const stack = textOf(error, 'stack', '');
    const mark = 'snippet.js:';
    const at = indexOf(stack, mark);
    let line = '';
    for (let i = at + mark.length; at !== -1 && stack[i] >= '0' && stack[i] <= '9'; i++) line += stack[i];
    const name = slice(replaceAll(textOf(error, 'name', 'Error'), '\n', ' '), 0, 100);
    return passable(`${name}\n${slice(line, 0, 9)}\n${slice(textOf(error, 'message', ''), 0, most + 1)}`);
  };

  return { show: (value) => passable(show(value)), tell };
};

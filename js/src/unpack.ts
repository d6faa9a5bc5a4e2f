// SPDX-License-Identifier: MIT
// Makes plain values from the packed result of the core (src/report/packed.h): JSON in numbers.

/**
 * The value that `tokens` spell; `texts` is the pool that texts and keys come from. Keys from
 * the page, `__proto__` among them, become ordinary properties. Throws a RangeError when the tokens
 * are cut or spell nothing. O(tokens).
 */
export function unpack(tokens: ArrayLike<number>, texts: readonly string[]): unknown {
  let at = 0;
  const text = () => {
    const found = texts[tokens[at++] as number];
    if (found === undefined) throw new RangeError("packed result names no text");
    return found;
  };
  const value = (): unknown => {
    switch (tokens[at++]) {
      case 0:
        return null;
      case 1:
        return false;
      case 2:
        return true;
      case 3:
        return tokens[at++];
      case 4:
        return text();
      case 5: {
        const list: unknown[] = [];
        while (tokens[at] !== 6) list.push(value());
        at++;
        return list;
      }
      case 7: {
        const object = {};
        while (tokens[at] === 9) {
          at++;
          // Not an assignment: that would change the prototype for the key __proto__.
          Object.defineProperty(object, text(), {
            value: value(),
            configurable: true,
            enumerable: true,
            writable: true,
          });
        }
        if (tokens[at++] !== 8) throw new RangeError("packed result is damaged");
        return object;
      }
      default:
        throw new RangeError("packed result is damaged");
    }
  };
  return value();
}

/** What is no JSON, or none of the kind that was asked for. `at` is an offset in the text. */
export class JsonMistake extends Error {
  constructor(
    message: string,
    readonly at: number,
  ) {
    super(message);
  }
}

/** Deeper nesting is refused, as safetensors' reference reader does. */
const deepest = 127;

/**
 * Reads JSON (RFC 8259) from left to right, as `native/standalone/json.hpp` does: `JSON.parse`
 * keeps the last of two equal keys, rounds integers and takes lone surrogates, and of two readers
 * that disagree one loads other weights. Takes time in proportion to the text.
 */
export class JsonReader {
  #at = 0;
  #depth = 0;

  constructor(private readonly text: string) {}

  /** Calls `member` before each value of an object; it must read the value. */
  object(member: (key: string) => void): void {
    this.#list("an object", "{", "}", () => {
      const key = this.string();
      this.#expect(":");
      member(key);
    });
  }

  /** Calls `item` before each value of an array; it must read the value. */
  array(item: () => void): void {
    this.#list("a list", "[", "]", item);
  }

  string(): string {
    this.#expect('"', "a string");
    const start = this.#at;
    let escapes = false;
    for (;;) {
      const unit = this.text.charCodeAt(this.#at);
      if (unit === quote) break;
      // Past the end it is NaN.
      if (!(unit >= 0x20)) throw this.mistake("expected the rest of a string");
      if (unit === backslash) escapes = true;
      this.#at += unit === backslash ? 2 : 1;
    }
    const text = this.text.slice(start, this.#at++);
    return escapes ? this.#unescaped(text, start) : text;
  }

  /** A whole number of at least 0 and below 2^64, written without sign, point or exponent. */
  size(): bigint {
    this.#space();
    const at = this.#at;
    const digits = this.#match(numberToken, "expected a number");
    const value = /^\d+$/.test(digits) && digits.length <= 20 ? BigInt(digits) : undefined;
    if (value !== undefined && value < 1n << 64n) return value;
    throw new JsonMistake("expected a whole number of at least 0 and below 2^64", at);
  }

  /** Whether a `null` comes, which is then read. */
  isNull(): boolean {
    this.#space();
    if (!this.text.startsWith("null", this.#at)) return false;
    this.#at += 4;
    return true;
  }

  /** Reads any value and forgets it. */
  skip(): void {
    this.#space();
    const next = this.text[this.#at];
    if (next === "{") return this.object(() => this.skip());
    if (next === "[") return this.array(() => this.skip());
    if (next === '"') return void this.string();
    this.#match(otherToken, "expected a value");
  }

  /** Nothing but space may follow. */
  end(): void {
    this.#space();
    if (this.#at < this.text.length) throw this.mistake("expected the end");
  }

  mistake(message: string): JsonMistake {
    return new JsonMistake(message, this.#at);
  }

  #list(what: string, open: string, close: string, item: () => void): void {
    this.#expect(open, what);
    if (++this.#depth > deepest) throw this.mistake(`nested more than ${deepest} deep`);
    if (!this.#take(close)) {
      do item();
      while (this.#take(","));
      this.#expect(close);
    }
    this.#depth--;
  }

  #expect(character: string, what = `a ${character}`): void {
    if (!this.#take(character)) throw this.mistake(`expected ${what}`);
  }

  #take(character: string): boolean {
    this.#space();
    if (this.text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #match(token: RegExp, otherwise: string): string {
    token.lastIndex = this.#at;
    const found = token.exec(this.text)?.[0];
    if (found === undefined) throw this.mistake(otherwise);
    this.#at += found.length;
    return found;
  }

  #unescaped(text: string, at: number): string {
    let value: string;
    try {
      value = JSON.parse(`"${text}"`) as string;
    } catch {
      throw new JsonMistake("expected a string without wrong escapes", at);
    }
    if (loneSurrogate.test(value)) throw new JsonMistake("half of a surrogate pair", at);
    return value;
  }

  #space(): void {
    while (spaces.has(this.text.charCodeAt(this.#at))) this.#at++;
  }
}

const quote = 0x22;
const backslash = 0x5c;
const spaces: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);
// Anchored where the reader stands.
const numberToken = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const otherToken = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const loneSurrogate = /\p{Cs}/u;

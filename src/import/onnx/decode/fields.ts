import { damaged } from "../../../checkpoints/damage.js";
import type { Pages } from "../../../checkpoints/pages.js";
import { requireBytes, textOf } from "../../../checkpoints/protobuf/values.js";
import { type Field, Messages } from "../../../checkpoints/protobuf/wire.js";

/** In all names, texts and lists of a file; a network has some hundred thousand. */
const mostCharacters = 1 << 26;
const mostNumbers = 1 << 20;

/** Nodes, or inputs: each of some megabytes of nothing would be an object here. */
const mostRecords = 1 << 16;

/** Walks a file's messages, and keeps count of what is taken from it into memory. */
export class Fields {
  readonly messages: Messages;
  #characters = mostCharacters;
  #numbers = mostNumbers;
  #records = mostRecords;

  constructor(readonly pages: Pages) {
    this.messages = new Messages(pages);
  }

  get name(): string {
    return this.pages.name;
  }

  /** The fields of a message inside another one. */
  of(message: Field, what: string): AsyncGenerator<Field> {
    requireBytes(this.pages, message, what);
    return this.messages.fields(message, what);
  }

  async text(field: Field, what: string): Promise<string> {
    const text = await textOf(this.pages, field, what);
    this.#characters -= text.length + 16;
    if (this.#characters < 0)
      throw damaged(this.name, `its texts have over ${mostCharacters} characters`);
    return text;
  }

  /** @throws InceptError `weights/damaged` for more records than any network has */
  record(): void {
    if (this.#records-- === 0) throw damaged(this.name, `it has over ${mostRecords} nodes`);
  }

  /** How many numbers a list may still have. */
  get numbersLeft(): number {
    return this.#numbers;
  }

  took(numbers: number): void {
    this.#numbers -= numbers;
  }
}

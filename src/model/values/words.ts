import { operators } from "../../ops/registry.js";
import type { Kind } from "../../ops/signature.js";

/** What is known of the argument that an expression is for: which words and calls it accepts. */
export type Expecting = Partial<
  Pick<Kind<unknown>, "expected" | "words" | "calls" | "noun" | "refers" | "item">
>;

/** Every word that some operator's argument accepts. */
export const everyWord: readonly string[] = [
  ...new Set(
    [...operators.values()].flatMap(({ signature }) =>
      [...signature.args.values()].flatMap(({ kind }) => [
        ...(kind.words ?? []),
        ...Object.keys(kind.calls ?? {}),
      ]),
    ),
  ),
];

/** A constant or a module's parameter may hold any of them. */
export const anyValue: Expecting = { words: everyWord };

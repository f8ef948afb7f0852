import { operators } from "../ops/registry.js";
import type { Kind } from "../ops/signature.js";

/** What is known of the argument that an expression is for: which words and calls it accepts. */
export type Expecting = Pick<Kind<unknown>, "words" | "calls" | "item">;

/** A constant or a module's parameter may hold any word that some operator's argument accepts. */
export const anyValue: Expecting = {
  words: [
    ...new Set(
      [...operators.values()].flatMap(({ signature }) =>
        [...signature.args.values()].flatMap(({ kind }) => [
          ...(kind.words ?? []),
          ...Object.keys(kind.calls ?? {}),
        ]),
      ),
    ),
  ],
};

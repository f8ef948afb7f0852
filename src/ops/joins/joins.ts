/** The joins of the language, in the order of the documentation. */
import { bug } from "../../diagnostics/bug.js";
import { addJoin } from "./add.js";
import { concatJoin } from "./concat.js";
import type { Join } from "./join.js";
import { maxJoin } from "./max.js";
import { mulJoin } from "./mul.js";

const listed: readonly Join[] = [concatJoin, addJoin, mulJoin, maxJoin];

/** By the name that stands before the braces. */
export const joins: ReadonlyMap<string, Join> = new Map(listed.map((join) => [join.name, join]));

/** @throws for a name that the grammar does not take for a join either */
export function joinOf(name: string): Join {
  const join = joins.get(name);
  if (join === undefined) bug(`${name} is no join`);
  return join;
}

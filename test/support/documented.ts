import { readFileSync } from "node:fs";

/** The whole networks that docs/language.md shows, by the name of their model. */
export const documented: ReadonlyMap<string, string> = new Map(
  [...readFileSync("docs/language.md", "utf8").matchAll(/^```incept\n(.*?)^```$/gms)].flatMap(
    ([, text = ""]) => {
      const name = /^model (\w+)/m.exec(text)?.[1];
      // One only says where its members stand.
      return name === undefined || text.includes("…") ? [] : [[name, text] as const];
    },
  ),
);

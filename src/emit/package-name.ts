import { isBuiltin } from "node:module";
import { basename } from "node:path";

/** What a package may not be called: npm refuses it, or it would hide what the package depends on. */
const taken = ["inceptc", "tsx", "typescript", "node_modules", "favicon.ico"];

/** npm allows 214 characters. */
const most = 200;

/**
 * A folder's name, or a model's, as npm allows it: `Größe Netz!` becomes `grosse-netz`. A module of
 * Node's own (`net`, `stream`) would be imported instead of a package of its name.
 */
export function packageName(folder: string, kind: "project" | "network" = "project"): string {
  const name = basename(folder)
    .replaceAll("ß", "ss")
    .normalize("NFKD")
    .replace(/\p{Mark}+/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .slice(0, most)
    .replace(/^[._-]+|[._-]+$/g, "");
  if (name === "") return `incept-${kind}`;
  return taken.includes(name) || isBuiltin(name) ? `${name}-${kind}` : name;
}

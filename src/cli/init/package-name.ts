import { basename } from "node:path";

/** What a project may not be called: npm refuses it, or it would hide what the project depends on. */
const taken = ["inceptc", "tsx", "typescript", "node_modules", "favicon.ico"];

/** npm allows 214 characters. */
const most = 200;

/** A folder's name as npm allows it: `Größe Netz!` becomes `grosse-netz`. */
export function packageName(folder: string): string {
  const name = basename(folder)
    .replaceAll("ß", "ss")
    .normalize("NFKD")
    .replace(/\p{Mark}+/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .slice(0, most)
    .replace(/^[._-]+|[._-]+$/g, "");
  if (name === "") return "incept-project";
  return taken.includes(name) ? `${name}-project` : name;
}

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The licences of the packages that a bundle holds parts of, which their licences ask for; each text
 * once, below all that it is of.
 *
 * @param inputs the bundle's source files, from the repository's root
 */
export function thirdPartyLicences(inputs: readonly string[]): string {
  const packages = new Set(inputs.flatMap((file) => packageOf(file) ?? []));
  const titles = new Map<string, string[]>();
  for (const { title, text } of [...packages].sort().map(licenceOf)) {
    titles.set(text, [...(titles.get(text) ?? []), title]);
  }
  const rule = "-".repeat(80);
  const parts = [...titles].map(([text, of]) => `\n${rule}\n${of.join("\n")}\n\n${text}\n`);
  return `The files of inceptc, whose licence is in LICENSE, hold parts of these packages.\n${parts.join("")}`;
}

/** `node_modules/@chevrotain/utils`: the innermost that a file stands in. */
const packageOf = (file: string): string | undefined =>
  /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0];

function licenceOf(folder: string): { title: string; text: string } {
  const { name, version, license } = JSON.parse(
    readFileSync(join(folder, "package.json"), "utf8"),
  ) as { name: string; version: string; license: string };
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined) throw new Error(`${folder} has no file of its licence.`);
  const text = readFileSync(join(folder, file), "utf8").trim();
  return { title: `${name} ${version} (${license})`, text };
}

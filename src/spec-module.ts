import { pathToFileURL } from "node:url";

/** Whether a module's URL or path names a .incept file; a query does not matter. */
export const isSpec = (id: string): boolean => /\.incept(?:$|\?|#)/.test(id);

/** The package's entry point: beside this file, in src/ as in dist/. */
const entry = new URL("./index.js", import.meta.url).href;

/**
 * What a .incept file is as a JavaScript module.
 *
 * @param spec its file URL or absolute path
 * @param from the package's entry point as the loader resolves it
 */
export function moduleSource(spec: string, from: string = entry): string {
  const url = new URL(spec.startsWith("file:") ? spec : pathToFileURL(spec));
  url.search = "";
  return [
    `import { importSpec } from ${JSON.stringify(from)};`,
    `export default await importSpec(${JSON.stringify(url.href)});`,
    "",
  ].join("\n");
}

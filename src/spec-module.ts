import { fileURLToPath, pathToFileURL } from "node:url";

/** Whether a module's URL or path names a .incept file; a query does not matter. */
export const isSpec = (id: string): boolean => /\.incept(?:$|\?|#)/.test(id);

/** The package's entry point: beside this file, in src/ as in dist/. */
const entry = new URL("./index.js", import.meta.url).href;

/** The file of a module's URL or path, without a query. */
export function specFile(id: string): string {
  if (id.startsWith("file:")) return fileURLToPath(id);
  return id.replace(/[?#][^/\\]*$/, "");
}

/**
 * What a .incept file is as a JavaScript module.
 *
 * @param spec its file URL or absolute path
 * @param options what `loadModel` takes, as far as JSON can say it
 */
export function moduleSource(spec: string, options?: object): string {
  const args = [pathToFileURL(specFile(spec)).href, ...(options === undefined ? [] : [options])];
  return [
    `import { importSpec } from ${JSON.stringify(entry)};`,
    `export default await importSpec(${args.map((each) => JSON.stringify(each)).join(", ")});`,
    "",
  ].join("\n");
}

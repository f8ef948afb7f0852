import { fileURLToPath, pathToFileURL } from "node:url";

/** Whether a module's URL or path names a .incept file; a query does not matter. */
export const isSpec = (id: string): boolean => /\.incept(?:$|\?|#)/.test(id);

/** Of the package's entry points: beside this file, in src/ as in dist/. */
const beside = (name: string): string => new URL(name, import.meta.url).href;

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
  return awaiting("./index.js", "importSpec", args);
}

/**
 * The same for Node's own `import`, which gives what `require` gives; a query asks for another.
 *
 * @param url the module's
 */
export const nodeModuleSource = (url: string): string =>
  /[?#]/.test(url) ? moduleSource(url) : awaiting("./node-specs.js", "importedSpec", [url]);

const awaiting = (module: string, name: string, args: readonly unknown[]): string =>
  [
    `import { ${name} } from ${JSON.stringify(beside(module))};`,
    `export default await ${name}(${args.map((each) => JSON.stringify(each)).join(", ")});`,
    "",
  ].join("\n");

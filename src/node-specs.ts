/**
 * What Node's `import` and `require` of a spec run. Both give one module, which stands in the cache
 * of `require`, as Node has it with CommonJS that is imported.
 */
import { createRequire, Module } from "node:module";
import { fileURLToPath } from "node:url";
import { OpenedSpec } from "./runtime/compile.js";
import { importSpec, inProduction, variantsOf } from "./runtime/load.js";
import { NetworkModule } from "./runtime/module.js";

/**
 * What `import net from "./foo.incept"` gives.
 *
 * @param url the spec's file URL
 * @throws InceptError as `loadModel`
 */
export async function importedSpec(url: string): Promise<NetworkModule> {
  const file = fileURLToPath(url);
  const net = present(file) ?? (await importSpec(url));
  // Another may have been required while this one was compiled.
  return present(file) ?? keep(file, net);
}

/**
 * What `require("./foo.incept")` gives. It has to give it at once, so it takes what is built and
 * compiles nothing; the variants that `load` asks for later are compiled as an import's are.
 *
 * @param file absolute
 * @throws InceptError `spec/invalid` with the findings, `artefact/stale` with the command that
 *   builds, `artefact/torn`, `artefact/untrusted`, or of `file/`
 */
export function requiredSpec(file: string): NetworkModule {
  const opened = OpenedSpec.open(file, {});
  if (!inProduction()) opened.writeTypes();
  const artefact = opened.find({}, "require, which cannot wait, compiles nothing");
  return new NetworkModule(artefact, variantsOf(opened));
}

const { cache } = createRequire(import.meta.url);

function present(file: string): NetworkModule | undefined {
  const module = cache[file];
  return module?.loaded === true ? (module.exports as NetworkModule) : undefined;
}

function keep(file: string, net: NetworkModule): NetworkModule {
  cache[file] = Object.assign(new Module(file), { filename: file, exports: net, loaded: true });
  return net;
}

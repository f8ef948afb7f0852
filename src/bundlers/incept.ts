/**
 * One plugin for every bundler. A spec is compiled while bundling; its binary becomes an asset beside
 * the bundle and its manifest a constant in it, and `inceptc/runtime` is all that is imported: what
 * comes out needs no compiler, no spec and no path of the machine that bundled.
 */
import { createUnplugin, type UnpluginInstance } from "unplugin";
import { compileOptions } from "../runtime/option-readers.js";
import { moduleSource, specFile } from "../spec-module.js";
import { bundledModule } from "../emit/bundled.js";
import { compileForBundle, type InceptPluginOptions } from "./bundled-module.js";
import { esbuildBinary, esbuildHooks } from "./esbuild.js";
import { emittedBinary, refusePages, ViteHooks } from "./rollup.js";
import { requireNodeTarget, webpackBinary } from "./webpack.js";

export type { InceptPluginOptions };

export const incept: UnpluginInstance<InceptPluginOptions | undefined, false> = createUnplugin(
  (given, { framework }) => {
    const options = compileOptions("incept", given);
    const vite = new ViteHooks();
    const binaryOf =
      framework === "esbuild"
        ? esbuildBinary
        : framework === "webpack" || framework === "rspack"
          ? webpackBinary
          : emittedBinary(vite.assets);
    return {
      name: "inceptc",
      enforce: "pre",
      load: {
        filter: { id: /\.incept(?:$|[?#])/ },
        async handler(id, ...rest: unknown[]) {
          const spec = specFile(id);
          if (framework === "vite") refusePages(spec, rest);
          if (vite.serving) return moduleSource(spec, given && options);
          const made = await compileForBundle(spec, options);
          for (const file of made.sources) this.addWatchFile(file);
          return bundledModule(made.manifest, binaryOf(made, this));
        },
      },
      vite: vite.hooks,
      webpack: requireNodeTarget,
      rspack: requireNodeTarget,
      esbuild: esbuildHooks,
    };
  },
);

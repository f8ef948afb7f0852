/** Each entry point's declarations as one file: what is public, without the rooms it comes from. */
import { dts } from "rollup-plugin-dts";

const bundlers = ["vite", "rollup", "rolldown", "webpack", "rspack", "esbuild"];

export default {
  input: {
    index: "src/index.ts",
    register: "src/register.ts",
    runtime: "src/runtime.ts",
    prettier: "src/prettier.ts",
    ...Object.fromEntries(bundlers.map((name) => [name, `src/bundlers/for-${name}.ts`])),
  },
  output: { format: "es", chunkFileNames: "shared-[hash].d.ts" },
  // Types of what a plugin is for come from there.
  external: ["unplugin", ...bundlers, "@rspack/core", "prettier"],
  plugins: [dts()],
};

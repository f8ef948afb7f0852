import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { rspack } from "@rspack/core";
import * as esbuild from "esbuild";
import { rolldown } from "rolldown";
import { rollup } from "rollup";
import sharp from "sharp";
import { build as viteBuild } from "vite";
import { afterAll, describe, expect, it } from "vitest";
import webpack from "webpack";
import forEsbuild from "../../src/bundlers/for-esbuild.js";
import forRolldown from "../../src/bundlers/for-rolldown.js";
import forRollup from "../../src/bundlers/for-rollup.js";
import forRspack from "../../src/bundlers/for-rspack.js";
import forVite from "../../src/bundlers/for-vite.js";
import forWebpack from "../../src/bundlers/for-webpack.js";
import { answer, Project } from "./project.js";

const project = new Project();
afterAll(() => rmSync(project.folder, { recursive: true }));

const external = [/^node:/, "inceptc/runtime"];
const formats = [
  ["esm", "mjs"],
  ["cjs", "cjs"],
] as const;

/** The code of an output, without the bundlers' remarks on where each part came from. */
const code = (output: string): string =>
  readdirSync(project.file(output), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".node"))
    .flatMap((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8").split("\n"))
    .filter((row) => !row.startsWith("//"))
    .join("\n");

/** What the output must have: one binary, and nothing of the machine that bundled. */
function requirePortable(output: string): void {
  const files = readdirSync(project.file(output), { recursive: true, encoding: "utf8" });
  expect(files.filter((name) => name.endsWith(".node"))).toHaveLength(1);
  const text = code(output);
  const foreign = [project.folder, process.cwd(), "file:///"].filter((part) => text.includes(part));
  expect(foreign).toEqual([]);
  expect(text).not.toMatch(/(from|require\(|import\() ?"(chevrotain|cmake-js|eta|node-gyp)"/);
}

/** The package beside the output, for bundlers that leave packages out: only what runs. */
function addRuntime(output: string): void {
  const place = project.file(output, "node_modules/inceptc");
  mkdirSync(place, { recursive: true });
  cpSync("package.json", join(place, "package.json"));
  cpSync("dist", join(place, "dist"), { recursive: true });
}

describe.each(formats)("as %s", (format, extension) => {
  const name = `deep/main.${extension}`;

  it.each([
    ["rollup", rollup, forRollup()],
    ["rolldown", rolldown, forRolldown()],
  ] as const)("%s emits the binary and imports the runtime", async (tool, bundler, plugin) => {
    const output = `out/${tool}-${format}`;
    const bundle = await (bundler as typeof rollup)({
      input: project.entry,
      external,
      plugins: [plugin as ReturnType<typeof forRollup>],
    });
    await bundle.write({ dir: project.file(output), format, entryFileNames: name });
    await bundle.close();
    requirePortable(output);
    addRuntime(output);
    expect(project.runElsewhere(output, name)).toBe(answer);
  });

  it("esbuild bundles all that is needed", async () => {
    const output = `out/esbuild-${format}`;
    await esbuild.build({
      entryPoints: [project.entry],
      outbase: project.file("src"),
      outdir: project.file(output),
      outExtension: { ".js": `.${extension}` },
      bundle: true,
      format,
      platform: "node",
      logLevel: "silent",
      plugins: [forEsbuild()],
    });
    requirePortable(output);
    expect(project.runElsewhere(output, name)).toBe(answer);
  });

  it.each([
    ["webpack", webpack, forWebpack()],
    ["rspack", rspack, forRspack()],
  ] as const)("%s bundles all that is needed", async (tool, bundler, plugin) => {
    const output = `out/${tool}-${format}`;
    await pack(bundler as typeof webpack, {
      mode: "production",
      target: "node",
      context: project.folder,
      entry: project.entry,
      plugins: [plugin as ReturnType<typeof forWebpack>],
      output: {
        path: project.file(output),
        filename: name,
        ...(format === "esm" ? { module: true, chunkFormat: "module" } : {}),
      },
      experiments: format === "esm" ? { outputModule: true } : {},
    });
    requirePortable(output);
    expect(project.runElsewhere(output, name)).toBe(answer);
  });
});

it("vite build --ssr ships the binary as a file, not as a path of a web server", async () => {
  await viteBuild({
    root: project.folder,
    configFile: false,
    logLevel: "silent",
    plugins: [forVite()],
    build: {
      ssr: project.entry,
      outDir: "out/vite",
      rollupOptions: { output: { entryFileNames: "deep/main.mjs" } },
    },
  });
  requirePortable("out/vite");
  addRuntime("out/vite");
  expect(project.runElsewhere("out/vite", "deep/main.mjs")).toBe(answer);
});

const { dependencies } = JSON.parse(readFileSync("package.json", "utf8")) as {
  readonly dependencies: Readonly<Record<string, string>>;
};

it("the runtime imports nothing but what Node has", async () => {
  const { metafile } = await esbuild.build({
    entryPoints: ["src/runtime.ts"],
    bundle: true,
    format: "esm",
    platform: "node",
    // What the package holds a copy of is in its bundle; what it depends on has to be installed.
    external: Object.keys(dependencies),
    write: false,
    metafile: true,
  });
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  expect(imports.map(({ path }) => path).filter((path) => !isBuiltin(path))).toEqual([]);
});

it("a picture, where sharp is not installed, is an error that says so", async () => {
  const output = "out/picture";
  await esbuild.build({
    entryPoints: [project.entry],
    outfile: project.file(output, "main.mjs"),
    bundle: true,
    format: "esm",
    platform: "node",
    logLevel: "silent",
    plugins: [forEsbuild()],
  });
  await sharp({ create: { width: 9, height: 7, channels: 3, background: "#c86432" } })
    .png()
    .toFile(project.file(output, "cat.png"));
  expect(() => project.runElsewhere(output, "main.mjs", "cat.png")).toThrow("image/no-decoder");
});

describe("a bundle for a browser is refused", () => {
  const refusal = /native code for Node/;

  it("by Vite", async () => {
    const building = viteBuild({
      root: project.folder,
      configFile: false,
      logLevel: "silent",
      plugins: [forVite()],
      build: { outDir: "out/page", lib: { entry: project.entry, formats: ["es"] } },
    });
    await expect(building).rejects.toThrow(refusal);
  });

  it("by esbuild", async () => {
    const building = esbuild.build({
      entryPoints: [project.entry],
      bundle: true,
      write: false,
      logLevel: "silent",
      plugins: [forEsbuild()],
    });
    await expect(building).rejects.toThrow(refusal);
  });

  it("by webpack and rspack", () => {
    const config = { context: project.folder, entry: project.entry, target: "web" } as const;
    expect(() => webpack({ ...config, plugins: [forWebpack()] })).toThrow(refusal);
    expect(() => rspack({ ...config, plugins: [forRspack()] })).toThrow(refusal);
  });
});

/** Runs webpack or Rspack to its end, and throws what it reports. */
const pack = (bundler: typeof webpack, config: webpack.Configuration): Promise<void> =>
  new Promise((resolve, reject) => {
    bundler(config, (error, stats) => {
      if (error !== null) reject(error);
      else if (stats?.hasErrors() === true) reject(new Error(stats.toString("errors-only")));
      else resolve();
    });
  });

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { packageFile } from "../../../src/emit/package.js";
import { hostLevel, kernelFlags } from "../../../src/targets/cpu/level.js";
import { kept, nativeVersion, ofThisRun } from "../../support/kept.js";

const execute = promisify(execFile);
const compiler = process.env["CXX"] ?? "c++";
const require = createRequire(import.meta.url);
const includeDir = (name: string): string =>
  (require(name) as { include_dir: string }).include_dir.replaceAll('"', "");

const headers = [includeDir("node-addon-api"), includeDir("node-api-headers")];
const includes = [...headers, packageFile("native")].flatMap((folder) => ["-I", folder]);
const strict = ["-Wall", "-Wextra", "-Werror", "-DINCEPT_TRAIN", "-DNAPI_VERSION=9"];
const flags = ["-std=c++17", "-O1", "-fPIC", "-pthread", "-fvisibility=hidden", ...strict];

const own = (name: string): string => packageFile("test", "native", "training", name);
const native = (...names: readonly string[]): readonly string[] =>
  names.map((name) => packageFile("native", ...name.split("/")));

/** In the order of the build files: what needs no instructions of the kernels comes first. */
const shared = [
  ...native("cpu/level.cpp", "cpu/choice.cpp", "abi/abi.cpp", "cpu/engine.cpp", "abi/train.cpp"),
  ...native("cpu/train/engine.cpp", "cpu/train/blame.cpp", "cpu/train/parameters.cpp"),
  ...native("cpu/train/watch.cpp"),
  own("quadratic.cpp"),
];
const kernels = native("cpu/train/update.cpp");
const addon = native("addon/addon.cpp", "picture/picture.cpp");
const program = [own("trainer.cpp")];

interface HandMade {
  /** Prints what a trainer does. */
  readonly program: string;
  readonly addon: string;
}

/** The hand-written network of quadratic.cpp, in a program and as an addon; compiled once a run. */
export async function handMade(): Promise<HandMade> {
  const texts = [own("quadratic.cpp"), ...program].map((file) => readFileSync(file, "utf8"));
  const key = [compiler, ...flags, nativeVersion(), ...texts];
  const folder = await kept(ofThisRun(), "training", key, async (place) => {
    const sources = [...shared, ...kernels, ...addon, ...program];
    const compiled = new Map<string, string>();
    // Two compilers at once.
    const work = sources.values();
    const compiling = async (): Promise<void> => {
      for (const source of work) compiled.set(source, await object(place, source));
    };
    await Promise.all([compiling(), compiling()]);
    const link = (files: readonly string[], extra: readonly string[]) => {
      const objects = files.map((file) => compiled.get(file)!);
      return execute(compiler, ["-pthread", ...objects, ...extra]);
    };
    await link([...shared, ...program, ...kernels], ["-o", join(place, "program")]);
    const addonFlags = process.platform === "darwin" ? ["-undefined", "dynamic_lookup"] : [];
    const output = ["-shared", ...addonFlags, "-o", join(place, "network.node")];
    await link([...shared, ...addon, ...kernels], output);
  });
  return { program: join(folder, "program"), addon: join(folder, "network.node") };
}

async function object(folder: string, source: string): Promise<string> {
  const file = join(folder, `${basename(source)}-${basename(dirname(source))}.o`);
  const extra = kernels.includes(source) ? kernelFlags(hostLevel()) : [];
  await execute(compiler, [...flags, ...extra, ...includes, "-c", source, "-o", file]);
  return file;
}

/** ncnn beside us: where it is installed, a program around it, and the same network for it. */
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { findTool, findToolchain } from "../../build/choose/toolchain.js";
import { runTool } from "../../build/make/run-tool.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import { packageFile } from "../../emit/package.js";
import { displayPath } from "../../files/display.js";
import { type Peer, valuesOf } from "../peer.js";
import { writeNcnn } from "./write.js";

/** Where `make install` puts it if nobody says where. */
const usual = ["/usr/local", "/opt/homebrew", "/usr"];

/**
 * The folder that ncnn is installed in: what `INCEPT_NCNN` says, or a usual one.
 *
 * @throws InceptError `bench/no-peer`
 */
export function requireNcnn(env = process.env, places: readonly string[] = usual): string {
  const named = env.INCEPT_NCNN ?? "";
  const found = (named === "" ? places : [resolve(named)]).find(holdsNcnn);
  if (found !== undefined) return found;
  const where = named === "" ? "was not found" : `is not in ${displayPath(resolve(named))}`;
  throw new InceptError("bench/no-peer", `ncnn ${where}.`, {
    help:
      "build it (github.com/Tencent/ncnn), install it, and set INCEPT_NCNN to that folder, " +
      "in which lib/cmake/ncnn/ncnnConfig.cmake lies",
  });
}

/** `lib`, `lib64`, or of Debian's `lib/x86_64-linux-gnu`. */
function holdsNcnn(folder: string): boolean {
  const config = join("cmake", "ncnn", "ncnnConfig.cmake");
  const libraries = ["lib", "lib64"].map((name) => join(folder, name)).filter(existsSync);
  return libraries.some(
    (library) =>
      existsSync(join(library, config)) ||
      readdirSync(library).some((name) => existsSync(join(library, name, config))),
  );
}

/** @param installed the folder that ncnn is installed in */
export const ncnn =
  (installed: string): Peer =>
  async (options) => {
    const { folder, threads } = options;
    const { graph, values } = await valuesOf(options);
    const { param, bin, ports } = writeNcnn(graph, values);
    const file = (name: string): string => join(folder, name);
    await writeFile(file("model.param"), param);
    await writeFile(file("model.bin"), bin);
    await writeFile(file("ports.json"), JSON.stringify(ports));
    const program = await compiled(installed, folder);
    const files = ["model.param", "model.bin", "ports.json"].map(file);
    return { name: "ncnn", program, args: [...files, `${threads}`] };
  };

/**
 * native/peer with the compiler that networks are built with, which takes some seconds.
 *
 * @throws InceptError `bench/failed`, or of `toolchain/` where there is no compiler
 */
async function compiled(installed: string, folder: string): Promise<string> {
  const { compiler } = findToolchain("cmake-js");
  const cmake = findTool(["cmake"])!.path;
  const build = join(folder, "ncnn");
  mkdirSync(build);
  const log = join(folder, "ncnn.log");
  const run = (...args: readonly string[]): Promise<boolean> =>
    runTool({ program: cmake, args, directory: build, log, onLine: () => undefined });
  const settings = {
    CMAKE_BUILD_TYPE: "Release",
    CMAKE_CXX_COMPILER: compiler.path,
    CMAKE_PREFIX_PATH: installed,
    NATIVE: packageFile("native"),
  };
  const flags = Object.entries(settings).map(([name, value]) => `-D${name}=${value}`);
  const made =
    (await run("-S", packageFile("native", "peer"), "-B", build, ...flags)) &&
    (await run("--build", build));
  if (made) return join(build, "ncnn-worker");
  const rows = readFileSync(log, "utf8").split("\n");
  const said = rows.find((row) => /error/i.test(row)) ?? rows.at(-2) ?? "";
  throw new InceptError("bench/failed", `The program around ncnn could not be compiled.`, {
    help: `the compiler said: ${said.trim().slice(0, 300)}`,
  });
}

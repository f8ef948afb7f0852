import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { InceptError } from "../../diagnostics/incept-error.js";
import { cudaVersion, leastCuda } from "./cuda-toolkit.js";
import type { Builder, TargetName } from "../request.js";

/** A program that builds, identified without running it. */
export interface Tool {
  readonly path: string;
  readonly size: number;
  readonly modified: number;
}

export interface Toolchain {
  readonly compiler: Tool;
  /** CUDA's compiler, where a GPU is the target. */
  readonly nvcc?: Tool;
  /** CMake and what it drives, or Python and make. */
  readonly others: readonly Tool[];
}

const compilers = ["c++", "g++", "clang++"];

/**
 * Finds what a builder needs. Looking is all that happens: nothing is run, so that it costs a
 * millisecond.
 *
 * @throws InceptError `toolchain/no-compiler`, `toolchain/no-cmake`, `toolchain/no-make`,
 *   `toolchain/no-python` or `toolchain/no-nvcc`, `toolchain/old-nvcc`, with what to install
 */
export function findToolchain(
  builder: Builder,
  env = process.env,
  target: TargetName = "cpu",
): Toolchain {
  const compiler = findCompiler(env);
  const nvcc = target === "cuda" ? requireNvcc(env) : undefined;
  const make = findTool(["ninja", "make", "gmake"], env);
  if (builder === "node-gyp") {
    const python = findTool([env.PYTHON ?? "", "python3", "python"], env);
    if (python === undefined) throw lacks("python", "node-gyp needs Python.", "python3");
    const plain = findTool(["make", "gmake"], env);
    if (plain === undefined) throw lacks("make", "node-gyp needs make.", "make");
    return { compiler, others: [python, plain] };
  }
  const cmake = findTool(["cmake"], env);
  if (cmake === undefined) {
    throw lacks("cmake", "CMake was not found.", "cmake", "or build with --builder node-gyp");
  }
  if (make === undefined) throw lacks("make", "Neither Ninja nor make was found.", "make");
  return { compiler, others: [cmake, make], ...(nvcc === undefined ? {} : { nvcc }) };
}

/** CUDA's compiler: `CUDACXX`, on the PATH, or where toolkits are installed. */
export const findNvcc = (env = process.env): Tool | undefined =>
  findTool(
    [
      env.CUDACXX ?? "",
      "nvcc",
      ...[env.CUDA_PATH, env.CUDA_HOME, "/usr/local/cuda"]
        .filter((folder) => folder !== undefined && folder !== "")
        .map((folder) => join(folder!, "bin", "nvcc")),
    ],
    env,
  );

function requireNvcc(env: NodeJS.ProcessEnv): Tool {
  const found = findNvcc(env);
  if (found !== undefined) {
    const version = cudaVersion(found, env);
    if (version === undefined || version >= leastCuda) return found;
    throw new InceptError("toolchain/old-nvcc", `${found.path} is of CUDA ${version}.`, {
      help: `install the CUDA toolkit ${leastCuda} or newer, or use target cpu`,
    });
  }
  throw new InceptError("toolchain/no-nvcc", "CUDA's compiler, nvcc, was not found.", {
    help: `install the CUDA toolkit ${leastCuda} or newer and put its bin folder on the PATH, or use target cpu`,
  });
}

/** The compiler that `CXX` names, else the first of the usual ones. */
export function findCompiler(env: NodeJS.ProcessEnv): Tool {
  const [wanted = ""] = (env.CXX ?? "").trim().split(/\s+/);
  const found = findTool(wanted === "" ? compilers : [wanted], env);
  if (found !== undefined) return found;
  if (wanted === "") throw lacks("compiler", "No C++17 compiler was found.", "g++ cmake");
  const isPath = /[\\/]/.test(wanted);
  throw new InceptError(
    "toolchain/no-compiler",
    `CXX names ${wanted}, which was not found${isPath ? "" : " on the PATH"}.`,
    {
      help: `${isPath ? "" : `install ${wanted}, or `}set CXX to a compiler that is there, or unset it`,
    },
  );
}

/** The first of the programs that PATH, or a path of its own, leads to. */
export function findTool(names: readonly string[], env = process.env): Tool | undefined {
  const folders = (env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const endings = process.platform === "win32" ? [".exe", ""] : [""];
  for (const name of names.filter((n) => n !== "")) {
    const places = /[\\/]/.test(name) ? [name] : folders.map((folder) => join(folder, name));
    for (const place of places) {
      const tool = endings.map((ending) => identify(place + ending)).find((t) => t !== undefined);
      if (tool !== undefined) return tool;
    }
  }
  return undefined;
}

function identify(path: string): Tool | undefined {
  try {
    accessSync(path, constants.X_OK);
    const stat = statSync(path);
    return stat.isFile() ? { path, size: stat.size, modified: stat.mtimeMs } : undefined;
  } catch {
    return undefined;
  }
}

function lacks(
  what: "compiler" | "cmake" | "make" | "python",
  message: string,
  packages: string,
  more = "",
): InceptError {
  return new InceptError(`toolchain/no-${what}`, message, {
    help: [installAdvice(packages), more].filter((text) => text !== "").join(", "),
  });
}

/** What to type on this system. */
function installAdvice(packages: string): string {
  if (process.platform === "darwin") {
    const rest = packages.split(" ").filter((name) => name !== "g++" && name !== "make");
    const brew = rest.length === 0 ? "" : ` && brew install ${rest.join(" ")}`;
    return `on macOS: xcode-select --install${brew}`;
  }
  if (process.platform === "win32") {
    return "on Windows: install the Build Tools for Visual Studio with the C++ workload";
  }
  const others = packages.replace("g++", "gcc-c++");
  return `on Debian or Ubuntu: apt-get install ${packages}; on Fedora: dnf install ${others}`;
}

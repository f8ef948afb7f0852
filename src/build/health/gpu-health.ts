/** What this machine has for GPUs. Only `doctor` asks: everything else looks at files alone. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { chooseTarget, hasDriver } from "../choose/choose-target.js";
import type { Finding } from "./health.js";
import { findNvcc, findTool } from "../choose/toolchain.js";
import { allArchitectures, cudaVersion, leastCuda } from "../choose/cuda-toolkit.js";

export function examineGpu(env = process.env): readonly Finding[] {
  return [nvcc(env), gpus(env), ...libraries.map((library) => loadable(library, env)), auto()];
}

const finding = (name: string, ok: boolean, found: string, help?: string): Finding => ({
  name,
  ok,
  required: false,
  found,
  ...(help === undefined ? {} : { help }),
});

const install = `to build for GPUs, install the CUDA toolkit ${leastCuda} or newer`;

function nvcc(env: NodeJS.ProcessEnv): Finding {
  const tool = findNvcc(env);
  if (tool === undefined) {
    return finding("nvcc (target cuda)", false, "not found", install);
  }
  const version = cudaVersion(tool, env);
  const ok = version === undefined || version >= leastCuda;
  const found = `${tool.path}, CUDA ${version ?? "of unknown version"}`;
  return finding("nvcc (target cuda)", ok, found, ok ? undefined : install);
}

/** Each GPU with its architecture, as the driver's own tool tells them. */
function gpus(env: NodeJS.ProcessEnv): Finding {
  if (!hasDriver()) {
    const help = "to run on a GPU, install NVIDIA's driver; building works without one";
    return finding("GPU and driver", false, "no NVIDIA driver is loaded", help);
  }
  const tool = findTool(["nvidia-smi"], env);
  const query = ["--query-gpu=name,compute_cap,driver_version", "--format=csv,noheader"];
  const rows = tool === undefined ? "" : output(tool.path, query, env).trim();
  if (rows === "") {
    const help = "see whether nvidia-smi lists one, and whether this container may use it";
    return finding("GPU and driver", false, "a driver is loaded, but shows no GPU", help);
  }
  const each = rows.split("\n").map(describeGpu);
  return finding("GPU and driver", true, each.join("; "));
}

/** `NVIDIA H100 80GB HBM3, 9.0, 580.65.06` -> `NVIDIA H100 80GB HBM3 (sm_90, driver 580.65.06)` */
export function describeGpu(row: string): string {
  const [name = "", capability = "", driver = ""] = row.split(",").map((cell) => cell.trim());
  const number = Number(capability.replace(".", ""));
  const least = Math.min(...allArchitectures);
  const note = number < least ? `, older than the sm_${least} that is needed` : "";
  return `${name} (sm_${number}${note}, driver ${driver})`;
}

interface Library {
  readonly name: string;
  readonly files: readonly string[];
  readonly help: string;
}

/** Opened when a network is loaded; native/cuda/device/library.hpp looks in the same places. */
const libraries: readonly Library[] = [
  {
    name: "cuDNN 9",
    files: ["libcudnn.so.9"],
    help: "pip install nvidia-cudnn-cu13 and set CUDNN_PATH to its folder nvidia/cudnn, or apt-get install cudnn9-cuda-13",
  },
  {
    name: "cuBLASLt",
    files: ["libcublasLt.so.13", "libcublasLt.so.12"],
    help: "pip install nvidia-cublas beside cuDNN, or install the CUDA toolkit's libraries",
  },
];

/** Wheels of one site-packages lie beside each other. */
const placesOf = (file: string, env: NodeJS.ProcessEnv): readonly string[] => {
  const below = (root: string | undefined, ...names: readonly string[]): readonly string[] =>
    root === undefined || root === "" ? [] : names.map((name) => join(root, name, file));
  return [
    ...below(env.CUDNN_PATH, "lib", "lib64", ".", "../cu13/lib", "../cublas/lib"),
    file,
    ...below(env.CUDA_PATH, "lib64", "lib"),
    ...below(env.CUDA_HOME, "lib64", "lib"),
    join("/usr/local/cuda/lib64", file),
  ];
};

function loadable({ name, files, help }: Library, env: NodeJS.ProcessEnv): Finding {
  const places = files.flatMap((file) => placesOf(file, env));
  const place = places.find(opens);
  if (place === undefined) return finding(name, false, "not found", help);
  return finding(name, true, place);
}

/** Node opens any library this way, and complains of those that are no addons only afterwards. */
function opens(file: string): boolean {
  try {
    process.dlopen({ exports: {} }, file);
    return true;
  } catch (error) {
    return /did not self-register/.test(String(error));
  }
}

function auto(): Finding {
  const { target, why } = chooseTarget();
  const named = target === "cuda" ? "a GPU" : "the CPU";
  return finding("target auto", true, `${named}: ${why}`);
}

function output(program: string, args: readonly string[], env: NodeJS.ProcessEnv): string {
  try {
    return execFileSync(program, args, { encoding: "utf8", timeout: 20_000, env, stdio: "pipe" });
  } catch {
    return "";
  }
}

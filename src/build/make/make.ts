import { randomBytes } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { manifestOf, manifestText } from "../../emit/manifest.js";
import type { Project } from "../../emit/project.js";
import { binaryName, renderProject } from "../../emit/render.js";
import { digestOf } from "../../files/digest.js";
import { cmakeJs } from "./cmake-js.js";
import { followBuild } from "./follow-build.js";
import { failure } from "./failure.js";
import { whileWriting, writeFiles } from "../disk/files.js";
import { manifestName } from "../cache/marker.js";
import { nativeFiles } from "../project/native-files.js";
import { nodeGyp } from "./node-gyp.js";
import { passing } from "../cache/places.js";
import { probe } from "./probe.js";
import type { BuildEvent } from "../request.js";
import { temporaryFolder } from "../disk/temporary.js";
import type { Toolchain } from "../choose/toolchain.js";
import type { Variant } from "../choose/variant.js";
import { openWorkshop } from "../cache/workshop.js";

export interface Making {
  readonly project: Project;
  readonly variant: Variant;
  readonly toolchain: Toolchain;
  readonly report: (event: BuildEvent) => void;
}

/**
 * Compiles a project, loads it once in a process of its own, and gives a folder, beside the place
 * that it is meant for, of what is kept. After a failure the workshop stays, with the log.
 */
export async function make(making: Making, place: string): Promise<string> {
  const { project, report } = making;
  const workshop = await whileWriting(temporaryFolder(), openWorkshop);
  try {
    const made = await compile(making, workshop.directory);
    report({ phase: "probe" });
    await probe(made.binary, project.network.name, making.variant);
    const fresh = keep(made, project, place);
    rmSync(workshop.directory, { recursive: true, force: true });
    return fresh;
  } finally {
    workshop.leave();
  }
}

/** What the tools leave behind. */
interface Made {
  readonly binary: string;
  readonly log: string;
  /** The emitted files; native/ stands beside them. */
  readonly sources: ReadonlyMap<string, string>;
}

async function compile(
  { project, variant, toolchain, report }: Making,
  directory: string,
): Promise<Made> {
  report({ phase: "emit" });
  const sources = renderProject(project, "addon");
  const all = new Map([...sources, ...nativeFiles("addon", variant.target)]);
  await whileWriting(directory, () => writeFiles(directory, all));
  report({ phase: "configure" });
  const log = join(directory, "build.log");
  const run = variant.builder === "node-gyp" ? nodeGyp : cmakeJs;
  const files = [...all.keys()].filter((name) => /\.(cpp|cu)$/.test(name)).length;
  const binary = await run({ directory, toolchain, log, onLine: followBuild(files, report) });
  if (binary === undefined) throw failure(project.network.name, log);
  return { binary, log, sources };
}

/**
 * Copies what is worth keeping. Whatever the umask, nobody else may write it: such a build would
 * not be trusted.
 */
function keep({ binary, log, sources }: Made, project: Project, place: string): string {
  const fresh = passing(place, randomBytes(4).toString("hex"));
  const name = `${binaryName(project)}.node`;
  const content = readFileSync(binary);
  const manifest = { ...manifestOf(project, name), binaryDigest: digestOf(content) };
  const modes = { file: 0o644, folder: 0o755 };
  try {
    writeFiles(fresh, new Map([[manifestName, manifestText(manifest)]]), modes);
    writeFiles(join(fresh, "src"), sources, modes);
    writeFileSync(join(fresh, name), content, { mode: modes.file });
    writeFileSync(join(fresh, "build.log"), readFileSync(log), { mode: modes.file });
    return fresh;
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    throw error;
  }
}

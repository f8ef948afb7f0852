import { randomBytes } from "node:crypto";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { manifestOf } from "../emit/manifest.js";
import { parseManifest } from "../emit/parse-manifest.js";
import type { Project } from "../emit/project.js";
import { binaryName, renderProject } from "../emit/render.js";
import { visibleJson } from "../diagnostics/visible.js";
import { digestOf } from "../files/digest.js";
import { hostLevel } from "../targets/cpu/level.js";
import { cacheBeside, findBuild, findVariant, publish, userCache, writableRoot } from "./cache.js";
import { cmakeJs } from "./cmake-js.js";
import { followSteps } from "./compile-steps.js";
import { failure } from "./failure.js";
import { whileWriting, writeFiles } from "./files.js";
import { buildKey, variantKey } from "./key.js";
import { withLock } from "./lock.js";
import { nativeFiles } from "./native-files.js";
import { nodeGyp } from "./node-gyp.js";
import { probe } from "./probe.js";
import { projectOf } from "./project.js";
import type { BuildEvent, BuildRequest, BuildResult } from "./request.js";
import { temporaryFolder } from "./temporary.js";
import { findToolchain, type Toolchain } from "./toolchain.js";
import { type Variant, variantOf } from "./variant.js";

/**
 * Finds the variant of a network that a request names, or builds it.
 *
 * @throws InceptError of `toolchain/`, `cache/`, `file/` or `build/`; of `bug/` where it is ours
 * @throws RangeError for a tap that names no step
 */
export async function buildArtefact(request: BuildRequest): Promise<BuildResult> {
  const variant = variantOf(request);
  const level = hostLevel();
  const wanted = variantKey(request, variant, level);
  const roots = [cacheBeside(request.spec), userCache()];
  const toolchain = toolchainOr(variant, () => findVariant(roots, wanted));
  if (typeof toolchain === "string") return resultOf(toolchain, true);
  const key = buildKey(wanted, toolchain);
  const found = findBuild(roots, key);
  if (found !== undefined) return resultOf(found, true);
  // Before the lock: a wrong tap is the caller's mistake, and says so at once.
  const project = projectOf(request, variant, level);
  const root = writableRoot(roots);
  const lock = join(root, `${key}.lock`);
  return whileWriting(root, () =>
    withLock(
      lock,
      () => {
        const place = findBuild([root], key);
        return place === undefined ? undefined : resultOf(place, true);
      },
      async () => {
        const fresh = await build(request, variant, project, toolchain, join(root, key));
        return resultOf(publish(fresh, root, key, wanted), false);
      },
      () => request.onProgress?.({ phase: "wait", lock }),
    ),
  );
}

/**
 * The finished build that a request names, made by whatever tools; nothing is built. Under `auto`
 * the CPU's will do: it may have been built where there was no GPU.
 */
export function findArtefact(request: BuildRequest): BuildResult | undefined {
  const { target = "auto", precision = "f32" } = request;
  const also: readonly BuildRequest[] =
    target === "auto" && precision === "f32"
      ? [{ ...request, target: "cpu", arch: undefined }]
      : [];
  for (const each of [request, ...also]) {
    const wanted = variantKey(each, variantOf(each), hostLevel());
    const found = findVariant([cacheBeside(each.spec), userCache()], wanted);
    if (found !== undefined) return resultOf(found, true);
  }
  return undefined;
}

/** The tools, or where they are absent an earlier build that needs none. */
function toolchainOr(variant: Variant, earlier: () => string | undefined): Toolchain | string {
  try {
    return findToolchain(variant.builder, process.env, variant.target);
  } catch (error) {
    const found = earlier();
    if (found === undefined) throw error;
    return found;
  }
}

function resultOf(directory: string, cached: boolean): BuildResult {
  const file = join(directory, "manifest.json");
  const manifest = parseManifest(file, readFileSync(file, "utf8"));
  return { directory, binary: join(directory, manifest.binary), manifest, cached };
}

/** What a build leaves behind while it lasts. */
interface Workshop {
  readonly directory: string;
  readonly binary: string;
  readonly log: string;
  /** The emitted files; native/ stands beside them. */
  readonly sources: ReadonlyMap<string, string>;
}

/** Builds, and gives the folder, beside its place to be, of what is kept. */
async function build(
  request: BuildRequest,
  variant: Variant,
  project: Project,
  toolchain: Toolchain,
  place: string,
): Promise<string> {
  const report = request.onProgress ?? (() => undefined);
  const made = await compile(project, variant, toolchain, report);
  report({ phase: "probe" });
  await probe(made.binary, project.network.name);
  const fresh = keep(made, project, place);
  rmSync(made.directory, { recursive: true, force: true });
  return fresh;
}

/**
 * Works in the system's temporary folder, whatever the spec's own folder is called. After a failure
 * it stays, with the log.
 */
async function compile(
  project: Project,
  variant: Variant,
  toolchain: Toolchain,
  report: (event: BuildEvent) => void,
): Promise<Workshop> {
  report({ phase: "emit" });
  const sources = renderProject(project, "addon");
  const all = new Map([...sources, ...nativeFiles("addon", variant.target)]);
  const temporary = temporaryFolder();
  const directory = await whileWriting(temporary, () => {
    const folder = mkdtempSync(join(temporary, "incept-build-"));
    writeFiles(folder, all);
    return folder;
  });
  report({ phase: "configure" });
  const log = join(directory, "build.log");
  const run = variant.builder === "node-gyp" ? nodeGyp : cmakeJs;
  const files = [...all.keys()].filter((name) => /\.(cpp|cu)$/.test(name)).length;
  const binary = await run({ directory, toolchain, log, onLine: followSteps(files, report) });
  if (binary === undefined) throw failure(project.network.name, log);
  return { directory, binary, log, sources };
}

/** Copies what is worth keeping into a folder beside the build's place. */
function keep({ binary, log, sources }: Workshop, project: Project, place: string): string {
  const fresh = `${place}.${randomBytes(4).toString("hex")}.new`;
  const name = `${binaryName(project)}.node`;
  const content = readFileSync(binary);
  const manifest = { ...manifestOf(project, name), binaryDigest: digestOf(content) };
  try {
    writeFiles(fresh, new Map([["manifest.json", `${visibleJson(manifest, 2)}\n`]]));
    writeFiles(join(fresh, "src"), sources);
    writeFileSync(join(fresh, name), content);
    copyFileSync(log, join(fresh, "build.log"));
    return fresh;
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    throw error;
  }
}

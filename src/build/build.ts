import { join } from "node:path";
import { InceptError } from "../diagnostics/incept-error.js";
import { wordingOf } from "../emit/manifest.js";
import {
  findBuild,
  findVariant,
  publish,
  type Refusal,
  refusals,
  rootFor,
  variantRefusals,
} from "./cache/cache.js";
import { whileWriting } from "./disk/files.js";
import { buildKey, variantKey } from "./project/key.js";
import { withLock } from "./cache/lock.js";
import { make } from "./make/make.js";
import { cacheBeside, lockOf, userCache } from "./cache/places.js";
import { projectOf } from "./project/project.js";
import type { BuildRequest, BuildResult, Trust } from "./request.js";
import { findToolchain, type Toolchain } from "./choose/toolchain.js";
import { unusedRecords, type Variant, variantOf } from "./choose/variant.js";
import type { Whole } from "./cache/verify.js";

/**
 * Finds the variant of a network that a request names, or builds it.
 *
 * @throws InceptError of `toolchain/`, `cache/`, `file/` or `build/`; of `bug/` where it is ours
 * @throws RangeError for a tap that names no step
 */
export async function buildArtefact(request: BuildRequest): Promise<BuildResult> {
  const { trust = "own", onProgress: report = () => undefined } = request;
  const variant = variantOf(request);
  const wanted = variantKey(request, variant);
  const roots = rootsOf(request);
  const tools = toolsOr(variant, roots, wanted, trust);
  if ("whole" in tools) return resultOf(tools.whole, request, true);
  const { toolchain } = tools;
  const key = buildKey(wanted, toolchain);
  const found = findBuild(roots, key, trust);
  if (found !== undefined) return resultOf(found, request, true);
  // Before the lock: a wrong tap is the caller's mistake, and says so at once.
  const project = projectOf(request, variant);
  for (const { why } of refusals(roots, key, trust)) report({ phase: "refuse", why });
  const unused = unusedRecords(request, variant);
  if (unused !== undefined) report({ phase: "untuned", why: unused });
  const root = rootFor(roots, key);
  const lock = lockOf(root, key);
  return whileWriting(root, () =>
    withLock(
      lock,
      () => {
        const theirs = findBuild([root], key, trust);
        return theirs === undefined ? undefined : resultOf(theirs, request, true);
      },
      async () => {
        const fresh = await make({ project, variant, toolchain, report }, join(root, key));
        return resultOf(publish(fresh, root, key, wanted, trust), request, false);
      },
      () => report({ phase: "wait", lock }),
    ),
  );
}

const rootsOf = ({ spec }: BuildRequest): readonly string[] => [cacheBeside(spec), userCache()];

/**
 * The finished build that a request names, made by whatever tools and whomever; nothing is built.
 * Under `auto` the CPU's will do: it may have been built where there was no GPU. So will one that goes
 * by what was measured where it was built, and where no instruction set is named one for all of them.
 */
export function findArtefact(request: BuildRequest): BuildResult | undefined {
  for (const each of alternatives(request)) {
    const found = findVariant(rootsOf(each), wantedBy(each), "verified");
    if (found !== undefined) return resultOf(found, each, true);
  }
  return undefined;
}

/** Why `findArtefact` finds nothing: the builds that are there and are damaged or not trusted. */
export const artefactRefusals = (request: BuildRequest): readonly Refusal[] =>
  alternatives(request).flatMap((each) =>
    variantRefusals(rootsOf(each), wantedBy(each), "verified"),
  );

function alternatives(request: BuildRequest): readonly BuildRequest[] {
  const { target = "auto", precision = "f32", cpu = "native", train } = request;
  const onCpu = { ...request, target: "cpu", arch: undefined } as const;
  const isAuto = target === "auto" && precision === "f32";
  const isAny = (isAuto || target === "cpu") && cpu === "native" && train === undefined;
  const others = [
    ...(isAuto ? [onCpu] : []),
    ...(isAny ? [{ ...onCpu, cpu: "all" } as const] : []),
  ];
  return [request, ...others].flatMap((each) =>
    unusedRecords(each, variantOf(each)) === undefined
      ? [each]
      : [each, { ...each, records: "any" } as const],
  );
}

const wantedBy = (request: BuildRequest): string => variantKey(request, variantOf(request));

/** The tools, or where they are absent an earlier build that needs none. */
function toolsOr(
  variant: Variant,
  roots: readonly string[],
  wanted: string,
  trust: Trust,
): { readonly toolchain: Toolchain } | { readonly whole: Whole } {
  try {
    return { toolchain: findToolchain(variant.builder, process.env, variant.target) };
  } catch (error) {
    const whole = findVariant(roots, wanted, trust);
    if (whole !== undefined) return { whole };
    const [refusal] = variantRefusals(roots, wanted, trust);
    if (refusal === undefined || !(error instanceof InceptError)) throw error;
    const { code, message, help = "install it" } = error;
    throw new InceptError(code, message, {
      help: `${help}; the build that is there is not run, since ${refusal.why}`,
      cause: error,
    });
  }
}

/** The build may be of an earlier wording of the spec: the manifest tells of the present one. */
function resultOf(
  { directory, manifest: { doc: _, ...built } }: Whole,
  { network }: BuildRequest,
  cached: boolean,
): BuildResult {
  const manifest = { ...built, ...wordingOf(network) };
  return { directory, binary: join(directory, manifest.binary), manifest, cached };
}

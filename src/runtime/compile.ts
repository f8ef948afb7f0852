import { artefactRefusals, buildArtefact, findArtefact } from "../build/build.js";
import type { BuildEvent, BuildRequest } from "../build/request.js";
import { keepTypes } from "../build/deliver/types.js";
import { variantOf } from "../build/choose/variant.js";
import { headOf } from "../autodiff/front.js";
import { InceptError } from "../diagnostics/incept-error.js";
import { renderDiagnostics } from "../diagnostics/render.js";
import { trainableOf } from "../emit/trainable.js";
import { isImportable } from "../emit/types.js";
import { displayPath, shellWord } from "../files/display.js";
import { type Checked, checkSpec } from "../model/check.js";
import { checkFile } from "../model/check-file.js";
import type { Network, Setting } from "../model/network.js";
import { settingText } from "../model/settings/setting-text.js";
import type { Artefact } from "./artefact.js";
import { compileNotice } from "./compile-notice.js";
import type { BuildOptions, CompileOptions } from "./options.js";
import type { VariantOptions } from "./variants.js";

/**
 * A spec and what it names, as they were read: its variants are all of that text, so that a module
 * keeps the types it was imported with, whatever becomes of the files. Only what compiles imports
 * this file: a built folder is loaded without the compiler.
 */
export class OpenedSpec {
  /** Why the types are not as they should be. */
  private unwritten: string | undefined;

  private constructor(
    private readonly file: string,
    private readonly asked: BuildOptions,
    private readonly network: Network,
  ) {}

  /**
   * @param asked what `loadModel` was asked for; the options of a variant add to it
   * @throws InceptError `spec/invalid` with the findings, or of `file/`
   */
  static open(file: string, { root, ...asked }: Omit<CompileOptions, "onProgress">): OpenedSpec {
    const { model, set = {} } = asked;
    const checked = checkFile(file, { root, model, set: settingTexts(set) });
    return new OpenedSpec(file, asked, required(file, checked));
  }

  /** The spec, and what it imports. */
  get sources(): readonly string[] {
    return this.network.sources.flatMap(({ file }) => file ?? []);
  }

  /** Keeps the types beside the spec as it is, where they can be written. */
  writeTypes(): void {
    // An import has no way to name a model, so the types are those of the spec's only one.
    if (this.asked.model !== undefined || !isImportable(this.file)) return;
    const kept = keepTypes(this.file, this.network);
    this.unwritten = "unwritten" in kept ? kept.unwritten : undefined;
  }

  /**
   * Finds a variant, or builds it.
   *
   * @param onProgress follows the build; without it two lines on stderr do
   * @throws InceptError `spec/invalid` for settings that do not fit, and what building throws
   */
  async compile(
    options: VariantOptions,
    onProgress?: (event: BuildEvent) => void,
  ): Promise<Artefact> {
    const request = this.request(options);
    const notice = compileNotice(displayPath(this.file), () => targetText(request));
    const artefact = await buildArtefact({
      ...request,
      onProgress: onProgress ?? notice.onProgress,
    });
    notice.done();
    if (!artefact.cached) this.tellUnwritten();
    return artefact;
  }

  /** With a build and not with each import that finds it: the program runs as well without types. */
  private tellUnwritten(): void {
    if (this.unwritten !== undefined) process.emitWarning(this.unwritten, "InceptWarning");
    this.unwritten = undefined;
  }

  /**
   * Finds a variant, and builds nothing.
   *
   * @param nothing why not, as the end of a sentence
   * @throws InceptError `spec/invalid` for settings that do not fit, or `artefact/stale`,
   *   `artefact/torn`, `artefact/untrusted`
   */
  find(
    options: VariantOptions,
    nothing = "nothing is compiled under NODE_ENV=production",
  ): Artefact {
    const request = this.request(options);
    const found = findArtefact(request);
    if (found !== undefined) return found;
    const name = displayPath(this.file);
    const { train, behind, ...others } = { ...this.asked, ...options };
    const plain = Object.values(others).every((each) => each === undefined);
    const command = `inceptc build ${shellWord(name)}${train === undefined ? "" : " --train"}`;
    const keeps = behind !== undefined || request.train?.keepFeatures === true;
    const help = keeps
      ? "make such a trainer once where it may compile, or leave keepFeatures out"
      : `run ${command} before${plain ? "" : ", with the same options"}`;
    const [refusal] = artefactRefusals(request);
    if (refusal?.state === "torn") {
      const message = `${name} has a damaged build, and ${nothing}: ${refusal.why}.`;
      throw new InceptError("artefact/torn", message, { help });
    }
    if (refusal !== undefined) {
      const message = `${name} has a build that others could have written, and ${nothing}: ${refusal.why}.`;
      throw new InceptError("artefact/untrusted", message, {
        help: `let nobody but root and the user who runs it own or write it, or ${help}`,
      });
    }
    throw new InceptError(
      "artefact/stale",
      `${name} has no build of the network that it describes now, and ${nothing}.`,
      { help },
    );
  }

  private request({ train, behind, ...options }: VariantOptions): BuildRequest {
    const { file: spec, asked } = this;
    const { target, precision, cpu, arch, maxBatch, builder, tap, ...others } = {
      ...asked,
      ...options,
    };
    const whole = this.withSettings(options.set);
    const network = behind === undefined ? whole : headOf(whole, behind.front, behind.losses);
    // What is tapped may stand before the half that is asked for.
    const taps = behind === undefined ? tap : undefined;
    const { passes, algebra, strict, without, force } = others;
    return {
      ...{ spec, network, trust: "verified" },
      ...{ target, precision, cpu, arch, maxBatch, builder },
      ...{ taps, passes, algebra, strict, without, force },
      train: train?.(trainableOf(network)),
    };
  }

  private withSettings(set: BuildOptions["set"]): Network {
    const { name: model, sources, read } = this.network;
    const [source] = sources;
    if (set === undefined || source === undefined) return this.network;
    const all = settingTexts({ ...this.asked.set, ...set });
    return required(this.file, checkSpec(source, { read, model, set: all }));
  }
}

/** `cpu avx512`, `cuda f16` */
function targetText(request: BuildRequest): string {
  const { target, precision, levels } = variantOf(request);
  return `${target} ${target === "cpu" ? levels.join(" ") : precision}`;
}

function required(file: string, { network, diagnostics }: Checked): Network {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (network !== undefined && errors.length === 0) return network;
  throw new InceptError(
    "spec/invalid",
    `${displayPath(file)} has errors.\n\n${renderDiagnostics(errors)}`,
  );
}

const settingTexts = (set: Readonly<Record<string, Setting>>): Record<string, string> =>
  Object.fromEntries(Object.entries(set).map(([name, value]) => [name, settingText(value)]));

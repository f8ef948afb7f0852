import { Command } from "commander";
import { visible } from "../../diagnostics/visible.js";
import type { Classification } from "../../runtime/classify.js";
import { builtModule, requestOf } from "../artefact.js";
import { loadNetwork } from "../network.js";
import { withRenameFlag } from "../rename.js";
import { type BuildFlags, positive, threadsOption, withBuildFlags } from "../options.js";
import { print, printJson } from "../terminal.js";
import { loadOptions } from "./run.js";

interface Flags extends BuildFlags {
  readonly weights?: string;
  readonly rename?: string;
  readonly labels?: string;
  readonly top: number;
  readonly maxPixels?: number;
  readonly threads?: number;
}

export const predict = (): Command =>
  withRenameFlag(withBuildFlags(new Command("predict")))
    .description("classify images")
    .argument("<spec>", "a .incept file whose input says from image(...)")
    .argument("<image...>", "JPEG, PNG, WebP, AVIF, GIF or TIFF files")
    .option("--weights <file>", "a .safetensors checkpoint, or random:SEED")
    .option("--labels <file>", "one class name a row (default: the spec's labels)")
    .option("--top <n>", "how many classes to show", positive, 5)
    .option("--max-pixels <n>", "refuse larger pictures (default: 100 megapixels)", positive)
    .addOption(threadsOption())
    .action(async (spec: string, images: string[], flags: Flags) => {
      const network = loadNetwork(spec, flags);
      const net = await builtModule(requestOf(spec, network, flags), flags.json === true);
      await using model = await net.load(loadOptions(net.parameters.length, flags));
      const answers = await model.classify(images, {
        top: flags.top,
        ...(flags.labels === undefined ? {} : { labels: flags.labels }),
        ...(flags.maxPixels === undefined ? {} : { maxPixels: flags.maxPixels }),
      });
      const named = images.map((image, i) => ({ image, classes: answers[i] ?? [] }));
      if (flags.json === true) printJson(named);
      else print(named.map(({ image, classes }) => chart(image, classes)).join("\n\n"));
    });

const barWidth = 24;

/** A row a class: label, share, bar. */
function chart(image: string, classes: readonly Classification[]): string {
  const room = 80 - barWidth - 16;
  const labels = classes.map(({ label }) => {
    const text = visible(label);
    return text.length > room ? `${text.slice(0, room - 1)}…` : text;
  });
  const width = Math.max(0, ...labels.map((label) => label.length));
  const rows = classes.map(({ probability }, i) => {
    const share = `${(100 * probability).toFixed(1)} %`.padStart(7);
    return `  ${(labels[i] ?? "").padEnd(width)}  ${share}  ${bar(probability)}`.trimEnd();
  });
  return [visible(image), ...rows].join("\n");
}

/** Eighths of a cell, so that small shares still show. */
function bar(share: number): string {
  const eighths = Math.round((Number.isFinite(share) ? share : 0) * barWidth * 8);
  const rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8] ?? "";
  return "█".repeat(Math.floor(eighths / 8)) + rest;
}

import { Command } from "commander";
import { visible } from "../../diagnostics/visible.js";
import type { Network } from "../../model/network.js";
import { elements } from "../../ops/shape.js";
import {
  type Classification,
  requirePictureInput,
  requireClasses,
  requireCount,
} from "../../runtime/classify.js";
import { loadSharp } from "../../runtime/image/sharp.js";
import { readLabels } from "../../runtime/labels.js";
import type { ClassifyOptions } from "../../runtime/options.js";
import { builtModule, requestOf } from "../artefact.js";
import { Refusal } from "../exit.js";
import { loadOptions, type LoadFlags } from "../load-options.js";
import { loadNetwork } from "../network.js";
import { type BuildFlags, positive, threadsOption, withBuildFlags } from "../options.js";
import { type Answer, answersOf, type Looked, lookAt } from "../pictures.js";
import { withNamingFlags } from "../naming.js";
import { errorJson, print, printJson, say } from "../terminal.js";

interface Flags extends BuildFlags, LoadFlags {
  readonly labels?: string;
  readonly top: number;
  readonly maxPixels?: number;
}

export const predict = (): Command =>
  withNamingFlags(withBuildFlags(new Command("predict")))
    .description("classify images")
    .argument("<spec>", "a .incept file whose input says from image(...)")
    .argument("<image...>", "JPEG, PNG, WebP, AVIF, GIF or TIFF files")
    .option("--weights <file>", "a checkpoint: .safetensors, .pth, .h5, …; or random:SEED")
    .option("--labels <file>", "one class name a row (default: the spec's labels)")
    .option("--top <n>", "how many classes to show", positive, 5)
    .option("--max-pixels <n>", "refuse larger pictures (default: 100 megapixels)", positive)
    .addOption(threadsOption())
    .addHelpText(
      "after",
      "\nA picture that cannot be read is told on stderr; the others are answered, and\n" +
        "the exit code is 1.",
    )
    .action(async (spec: string, images: string[], flags: Flags) => {
      const network = loadNetwork(spec, flags);
      const request = requestOf(spec, network, flags);
      const asked = await classifyOptions(network, flags);
      const options = await loadOptions(request, flags);
      const quiet = flags.json === true;
      const looked = await lookAt(images);
      if (!quiet) looked.forEach(sayError);
      const sound = looked.flatMap((each) => ("error" in each ? [] : [each.image]));
      const found = new Map<string, Answer>();
      if (sound.length > 0) {
        await loadSharp();
        const net = await builtModule(request, quiet);
        await using model = await net.load(options);
        const answers = await answersOf(model, sound, asked);
        if (!quiet) answers.forEach(show);
        for (const answer of answers) found.set(answer.image, answer);
      }
      const all = looked.map((each) => found.get(each.image) ?? each);
      if (quiet) printJson(all.map(json));
      if (all.some((answer) => "error" in answer)) throw new Refusal();
    });

/**
 * What pictures are classified by, with the labels read.
 *
 * @throws InceptError where the network cannot classify, or not with these labels
 */
async function classifyOptions(network: Network, flags: Flags): Promise<ClassifyOptions> {
  const { inputs, members } = network;
  const call = `${network.name}.classify`;
  requirePictureInput(call, inputs);
  const labels = flags.labels === undefined ? undefined : await readLabels(flags.labels);
  const kinds = flags.aux === true ? ["output", "aux"] : ["output"];
  const output = members.find(({ kind }) => kinds.includes(kind));
  if (output !== undefined) {
    const shape = output.chain.output;
    requireClasses(call, { name: output.name, shape });
    if (labels !== undefined) requireCount(call, labels, elements(shape));
  }
  return {
    top: flags.top,
    ...(labels === undefined ? {} : { labels }),
    ...(flags.maxPixels === undefined ? {} : { maxPixels: flags.maxPixels }),
  };
}

const json = (answer: Looked): object =>
  "error" in answer ? { ...answer, error: errorJson(answer.error) } : answer;

const sayError = (each: Looked): void => {
  if ("error" in each) say(each.error.toString());
};

/** On a terminal the error of a picture stands in its place. */
function show(answer: Answer, i: number): void {
  if ("error" in answer) return sayError(answer);
  print(`${i === 0 ? "" : "\n"}${chart(answer.image, answer.classes)}`);
}

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

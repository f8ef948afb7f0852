import { Command, Option } from "commander";
import { counted, millions } from "../../diagnostics/counted.js";
import { buildGraph } from "../../graph/build.js";
import type { Graph } from "../../graph/graph.js";
import { printGraph } from "../../graph/print.js";
import { channels, formatShape, type Shape } from "../../ops/shape.js";
import type { Network } from "../../model/network.js";
import { trainSettingsOf } from "../../model/settings/train.js";
import { runPasses } from "../../passes/run.js";
import type { Plan } from "../../plan/plan.js";
import { type ArenaRow, arenaRows, type Row, rowsOf, totalsOf } from "../../plan/report.js";
import { compileOptions, pipelineOf, targetOf } from "../../build/project/project.js";
import { compileTraining } from "../../build/project/training.js";
import { requireForced } from "../../build/choose/forced-kernels.js";
import { trainRequestOf } from "../../build/choose/train-request.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import { cpuChoices } from "../../build/choose/choices.js";
import { variantOf } from "../../build/choose/variant.js";
import type { Compiled } from "../../targets/target.js";
import type { Program, TrainingProgram } from "../../targets/program.js";
import { compareSpecs } from "../explain/compare.js";
import { sayUnused } from "../artefact.js";
import { comparisonText } from "../explain/comparison.js";
import { fitted } from "../explain/fitted.js";
import { kernelCell, launchRows, launchTotals, refusals } from "../explain/kernels.js";
import { trainingJson, trainingText } from "../explain/training.js";
import { passesJson, passesText } from "../explain/passes.js";
import { taskRows } from "../explain/tasks.js";
import { convsInKernels } from "../kernel-counts.js";
import { loadNetwork, type ModelFlags, requireTrainable } from "../network.js";
import {
  type BuildFlags,
  cpuOption,
  forceOption,
  precisionOption,
  strictOption,
  targetOption,
  withModelFlags,
  withoutOption,
  algebraOption,
} from "../options.js";
import { bytes, grouped, print, printJson, table } from "../terminal.js";

interface Flags
  extends
    ModelFlags,
    Pick<BuildFlags, "target" | "precision" | "cpu" | "algebra" | "strict" | "without" | "force"> {
  readonly graph?: boolean;
  readonly passes?: boolean;
  readonly memory?: boolean;
  readonly kernels?: boolean;
  readonly aux?: boolean;
  readonly train?: boolean;
  readonly compare?: boolean;
  readonly measure?: boolean;
}

export const explain = (): Command =>
  withModelFlags(new Command("explain"))
    .description("show stages, shapes, parameters and multiply-adds, and what becomes of them")
    .argument("<spec...>", "a .incept file; with --compare several")
    .option("--graph", "the graph as written; with --passes that after each pass")
    .addOption(view("passes", "what each pass did and left, and why"))
    .addOption(view("memory", "where every value lives in the arena, and when"))
    .addOption(view("kernels", "what is launched after the passes"))
    .addOption(algebraOption())
    .addOption(strictOption())
    .addOption(withoutOption())
    .addOption(forceOption())
    .addOption(targetOption())
    .addOption(precisionOption())
    .addOption(cpuOption(cpuChoices.filter((choice) => choice !== "all")))
    .option("--aux", "with the auxiliary heads")
    .option("--train", "of what trains the network: what is kept for derivatives, or a view of it")
    .addOption(
      new Option("--compare", "what several networks cost, side by side").conflicts([
        ...views,
        "train",
      ]),
    )
    .option("--measure", "with --compare: build each, and time an image here with random weights")
    .action(async (specs: readonly string[], flags: Flags) => {
      if (flags.compare === true) {
        const networks = await compareSpecs(specs, flags);
        return show(flags, { networks }, comparisonText(networks));
      }
      const [spec, ...more] = specs;
      if (spec === undefined || more.length > 0) {
        throw new InceptError("args/conflict", "explain shows one spec at a time.", {
          help: "add --compare: it sets several side by side",
        });
      }
      if (flags.measure === true) {
        throw new InceptError("args/conflict", "--measure is a part of --compare.", {
          help: "add --compare and another spec",
        });
      }
      const network = loadNetwork(spec, flags);
      if (flags.train === true) return training(spec, network, flags);
      const written = buildGraph(network, { aux: flags.aux === true });
      const request = { spec, network, ...flags, passes: true, train: undefined };
      const variant = variantOf(request);
      const target = targetOf(variant);
      const { graph, log } = runPasses(written, target.traits, pipelineOf(variant));
      if (flags.passes === true) {
        return show(flags, passesJson(log), passesText(log, flags.graph === true));
      }
      if (flags.graph === true) {
        return show(flags, { graph: printGraph(written) }, printGraph(written));
      }
      if (flags.memory === true || flags.kernels === true) {
        sayUnused(request, variant);
        const compiled = target.compile(graph, compileOptions(variant));
        requireForced(network, [compiled]);
        if (flags.kernels === true) return kernels(flags, compiled);
        return memory(flags, compiled.plan, heldBy(compiled.program, variant.maxBatch));
      }
      return rows(flags, written);
    });

/** The same views of the program that trains, and one of its own. */
function training(spec: string, network: Network, flags: Flags): void {
  requireTrainable(network, flags);
  const train = trainRequestOf(network);
  const variant = variantOf({ spec, network, ...flags, passes: true, train });
  const made = compileTraining(network, variant, train);
  const { trained, log, compiled } = made;
  // What answers may use a kernel that what trains has no use for; here there is but one program.
  requireForced(network, [compiled]);
  if (flags.passes === true) {
    return show(flags, passesJson(log), passesText(log, flags.graph === true));
  }
  if (flags.graph === true) {
    return show(flags, { graph: printGraph(trained.graph) }, printGraph(trained.graph));
  }
  if (flags.memory === true) {
    return memory(flags, compiled.plan, `, and ${bytes(compiled.plan.batchBytes)} once a batch`);
  }
  if (flags.kernels === true) return launches(flags, compiled);
  const { batch } = trainSettingsOf(network).settings!;
  return show(flags, trainingJson(made, batch), trainingText(made, batch));
}

const views = ["graph", "passes", "memory", "kernels"];

/** Each shows something else than the others. */
const view = (name: string, description: string): Option =>
  new Option(`--${name}`, description).conflicts(
    views.filter((other) => other !== name && !(name === "passes" && other === "graph")),
  );

function show(flags: Flags, data: unknown, text: string): void {
  if (flags.json === true) printJson(data);
  else print(text);
}

/** All steps of a graph as written. */
function rows(flags: Flags, graph: Graph): void {
  const all = rowsOf(graph);
  const totals = totalsOf(graph);
  if (flags.json === true) return printJson({ model: graph.name, rows: all, totals });
  const head = ["step", "operator", "output", "parameters", "MACs"];
  print(fitted([head, ...all.map(cells)], 1, [3, 4]));
  print(
    `\n${graph.name}: ${counted(totals.parameters, "parameter")}, ${millions(totals.macs)} multiply-adds an image, ` +
      `${counted(totals.convolutions, "conv")}, ${counted(all.length, "step")}`,
  );
}

/** What is launched on the CPU, by which kernel and why. */
function launches(flags: Flags, compiled: Compiled<Program | TrainingProgram>): void {
  const all = launchRows(compiled);
  const { graph, placement } = compiled.plan;
  if (flags.json === true) {
    return printJson({ model: graph.name, rows: all, totals: totalsOf(graph, placement) });
  }
  const marked = all.some(({ measured }) => measured);
  const rows = all.map((row) => [
    pathCell(row),
    row.operator,
    kernelCell(row),
    `${(row.nanoseconds / 1000).toFixed(1)}${row.measured ? "*" : marked ? " " : ""}`,
  ]);
  print(fitted([["step", "operator", "kernel", "µs"], ...rows], 1, [3]));
  const why = refusals(all);
  if (why.length > 0) print(`\nKernels that were not taken, and how often:\n${why.join("\n")}`);
  const total = all.reduce((sum, { nanoseconds }) => sum + nanoseconds, 0);
  const together = `together ${(total / 1e6).toFixed(1)} ms`;
  print(`\nµs: estimates for one core, which kernels are chosen by; ${together}`);
  if (marked) print("* measured by inceptc tune, of all threads, one after the other");
  print(launchTotals(compiled, all));
}

/** The launches of the CPU; of a GPU the tasks, with every copy around a library's call. */
function kernels(flags: Flags, compiled: Compiled): void {
  const { program } = compiled;
  const { graph } = compiled.plan;
  if (program.target === "cpu") return launches(flags, compiled);
  const tasks = taskRows(program);
  const copies = tasks.flatMap(({ calls }) => calls).filter((name) => /^(copy|pad)$/.test(name));
  const totals = { tasks: tasks.length, convolutions: program.kernels, copies: copies.length };
  if (flags.json === true) return printJson({ model: graph.name, tasks, totals });
  const head = ["task", "calls", "reads", "writes", "waits for"];
  const cells = tasks.map(({ name, calls, reads, writes, after }) => [
    name,
    calls.join(" + "),
    reads.join(", "),
    writes.join(", "),
    after.join(", "),
  ]);
  print(fitted([head, ...cells], 4, []));
  print(
    `\n${graph.name}: ${convsInKernels(program)}, ${counted(totals.tasks, "task")}, ` +
      counted(totals.copies, "copy", "copies"),
  );
}

/** The first of the steps that a launch computes, and how many more. */
function pathCell({ paths: [first = "", ...more] }: Row): string {
  return more.length > 0 ? `${first} +${more.length}` : first;
}

function cells(row: Row): string[] {
  return [
    row.paths[0] ?? "",
    row.operator,
    shapes(row.outputs),
    row.parameters === 0 ? "" : grouped(row.parameters),
    row.macs === 0 ? "" : millions(row.macs),
  ];
}

/** `64+96+16 x 28x28` for what merged siblings give. */
function shapes(outputs: readonly Shape[]): string {
  const [first = [], ...others] = outputs;
  if (others.length === 0) return formatShape(first);
  const [, ...plane] = first;
  return `${outputs.map(channels).join("+")} x ${plane.join("x")}`;
}

/** For how many images an instance holds an arena: see `incept_session_arena_bytes`. */
function heldBy(program: Program, maxBatch: number): string {
  if (program.target !== "cpu") return `; an instance holds it for ${counted(maxBatch, "image")}`;
  const group = Math.min(program.group, maxBatch);
  return group === 1
    ? `; an instance holds it for each thread, and once where there are more than ${maxBatch}`
    : `; an instance holds it for each thread, and for up to ${group} images where there are fewer\n` +
        `threads, or more than ${maxBatch}`;
}

/** @param more what there is besides the arena of an image, as the rest of a sentence */
function memory(flags: Flags, plan: Plan, more: string): void {
  const arena = arenaRows(plan);
  const copies = plan.placement.copies.map(({ operand, into, why }) => ({
    operand: operand.name,
    into: into.name,
    why,
  }));
  if (flags.json === true) return printJson({ arenaBytes: plan.arenaBytes, rows: arena, copies });
  const head = ["offset", "bytes", "levels", "holds"];
  print(table([head, ...arena.map(arenaCells)], [0, 1]));
  if (copies.length > 0) print("\nCopied by a concat, since it cannot be written there at once:");
  for (const { operand, into, why } of copies) print(`  ${operand} into ${into}: ${why}`);
  print(`\n${plan.graph.name}: ${bytes(plan.arenaBytes)} for one image${more}`);
}

const arenaCells = (row: ArenaRow): string[] => {
  const { arena, name, kind, slices, offset, bytes: size, from, to } = row;
  return [
    arena === "batch" ? `batch ${grouped(offset)}` : grouped(offset),
    grouped(size),
    from === to ? String(from) : `${from}-${to}`,
    kind === "scratch"
      ? `scratch of ${name}`
      : [name, ...slices.map((slice) => `+ ${slice}`)].join(" "),
  ];
};

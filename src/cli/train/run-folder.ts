/** The folder of a run: what lies in it, and whether one can begin or go on there. */
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isHeld, isMakerAlive, withLock } from "../../build/cache/lock.js";
import { whileWriting } from "../../build/disk/files.js";
import { writeBeside } from "../../build/disk/write-beside.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import { shellWord, shownPath } from "../../files/display.js";
import { Checkpoint } from "../../runtime/train/checkpoint.js";
import { readRecord, type RunRecord } from "./record.js";

const names = {
  record: "run.json",
  last: "last.checkpoint",
  best: "best.checkpoint",
  csv: "curves.csv",
  svg: "curves.svg",
  weights: "weights.safetensors",
  labels: "labels.txt",
  lock: ".lock",
} as const;

/** Files that only a run that has made steps leaves, or somebody else. */
const results = ["last", "best", "csv", "svg", "weights"] as const;

/** What a writer leaves that is killed: see `writeSafetensors` and `writeBeside`. */
const leftOver =
  /^(?:last\.checkpoint|best\.checkpoint|weights\.safetensors|curves\.csv|curves\.svg|labels\.txt|run\.json)\.(?:\d+-)?[0-9a-f]{8}\.tmp$/;

export class RunFolder {
  constructor(readonly path: string) {}

  file(name: keyof typeof names): string {
    return join(this.path, names[name]);
  }

  has(name: keyof typeof names): boolean {
    return existsSync(this.file(name));
  }

  /**
   * Whether a run can begin here: in an empty folder, or where none has come to its first step.
   * Nothing is touched.
   *
   * @throws InceptError `train/run` that says both ways out
   */
  async requireFresh(): Promise<void> {
    const isBegun = this.record() !== undefined;
    const all = [...results, ...(isBegun ? [] : (["labels"] as const))];
    const [found, ...others] = all.filter((name) => this.has(name));
    if (found === undefined) return;
    if (isBegun && found === "last" && others.length === 0 && (await this.hasNoSteps())) return;
    const shown = shownPath(this.path);
    throw new InceptError("train/run", `${shown} holds a run already (${names[found]}).`, {
      help: "add --resume to go on with it, or -o DIR to begin another one beside it",
    });
  }

  /** Whether the last checkpoint is what a run begins with. One that cannot be read is something else. */
  private async hasNoSteps(): Promise<boolean> {
    const last = await Checkpoint.open(this.file("last")).catch(() => undefined);
    return last?.state.standing.steps === 0;
  }

  /**
   * What a run was begun with here.
   *
   * @throws InceptError `train/run` for a file that is somebody else's, or was changed
   */
  record(): RunRecord | undefined {
    return this.has("record") ? readRecord(this.file("record")) : undefined;
  }

  /**
   * Whether there is a run to go on with.
   *
   * @returns false where it was killed before its first checkpoint: then it begins
   * @throws InceptError `train/run` where there is none
   */
  requireBegun(): boolean {
    if (this.has("last")) return true;
    if (this.record() !== undefined && !results.some((name) => this.has(name))) return false;
    const shown = shownPath(this.path);
    const lacks = existsSync(this.path) ? `has no ${names.last}` : "does not exist";
    throw new InceptError("train/run", `There is no run to resume: ${shown} ${lacks}.`, {
      help: "leave --resume out to begin one, or name the folder of the run with -o DIR",
    });
  }

  /**
   * Works in the folder, which is made where there is none, while nobody else does.
   *
   * @throws InceptError `train/run` where another process trains in it, or `file/cannot-write`
   */
  async hold<T>(work: () => Promise<T>): Promise<T> {
    await whileWriting(this.path, () => mkdirSync(this.path, { recursive: true }));
    const lock = this.file("lock");
    // Two that write one run spoil it, where two builds would only do work twice.
    if (isHeld(lock) || isMakerAlive(lock)) throw this.held();
    return whileWriting(this.path, () =>
      withLock<T>(
        lock,
        () => undefined,
        work,
        () => undefined,
        0,
      ),
    );
  }

  private held(): InceptError {
    return new InceptError("train/run", `Another process trains in ${shownPath(this.path)}.`, {
      help: `end it, or begin another run with -o DIR (where none runs, remove ${shellWord(this.file("lock"))})`,
    });
  }

  /** What runs that were killed have left half written. */
  async clean(): Promise<void> {
    await whileWriting(this.path, () => {
      for (const name of readdirSync(this.path)) {
        if (leftOver.test(name)) rmSync(join(this.path, name), { force: true });
      }
    });
  }

  /** @throws InceptError `file/cannot-write` */
  write(name: keyof typeof names, text: string): void {
    writeBeside(this.file(name), text);
  }
}

import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { expect, test } from "vitest";
import { Refusal } from "../../src/cli/exit.js";
import { watching } from "../../src/cli/watch.js";
import { temporaryFolder } from "../support/cli.js";

/** A spec and what it imports, in folders of their own. */
function files(): { spec: string; stem: string } {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "parts"));
  const [spec, stem] = [join(folder, "net.incept"), join(folder, "parts", "stem.incept")];
  for (const file of [spec, stem]) writeFileSync(file, "first");
  return { spec, stem };
}

const read = (file: string): string => readFileSync(file, "utf8");
/** Waits for the system, so that what it tells of a change is told while the action goes on. */
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));
/** A change that is missed leaves a test waiting. */
const limit = { timeout: 60_000 };

class Enough extends Error {}

type Step = (wrote: (file: string) => void) => Promise<void> | void;

/** Watches until each of the steps has been a run, in their order. */
async function runs(spec: string, reads: () => readonly string[], steps: Step[]): Promise<void> {
  let count = 0;
  const action: Step = async (wrote) => {
    const step = steps[count++];
    await step?.(wrote);
    if (count === steps.length) throw new Enough();
  };
  await expect(watching([spec], reads, action)).rejects.toThrow(Enough);
}

test.each(["spec", "stem"] as const)(
  "a %s that is edited during a build is built next",
  limit,
  async (name) => {
    const each = files();
    const seen: string[] = [];
    const see = (): void => void seen.push(read(each[name]));
    const edit = async (): Promise<void> => {
      see();
      writeFileSync(each[name], "second");
      await pause();
    };
    await runs(each.spec, () => [each.spec, each.stem], [edit, see]);
    expect(seen).toEqual(["first", "second"]);
  },
);

test("an import that is broken is followed, and built when it is mended", limit, async () => {
  const { spec, stem } = files();
  const seen: string[] = [];
  const broken = (): void => {
    seen.push(read(stem));
    // As editors do: by a rename, after the build has ended.
    setImmediate(() => {
      writeFileSync(`${stem}.new`, "mended");
      renameSync(`${stem}.new`, stem);
    });
    throw new Refusal();
  };
  await runs(spec, () => [spec, stem], [broken, () => void seen.push(read(stem))]);
  expect(seen).toEqual(["first", "mended"]);
});

test("an import that comes to be is built", limit, async () => {
  const { spec, stem } = files();
  rmSync(stem);
  const absent = (): void => {
    setImmediate(() => writeFileSync(stem, "there"));
    throw new Refusal();
  };
  await runs(spec, () => [spec, stem], [absent, () => expect(read(stem)).toBe("there")]);
});

test("an import whose folder comes to be is built", limit, async () => {
  const { spec, stem } = files();
  const folder = dirname(stem);
  rmSync(folder, { recursive: true });
  const absent = (): void => {
    setImmediate(() => {
      mkdirSync(`${folder}.new`);
      writeFileSync(join(`${folder}.new`, basename(stem)), "there");
      renameSync(`${folder}.new`, folder);
    });
    throw new Refusal();
  };
  await runs(spec, () => [spec, stem], [absent, () => expect(read(stem)).toBe("there")]);
});

test("what is edited while it is read for the first time is read again", limit, async () => {
  const { spec, stem } = files();
  let texts: string[] = [];
  const reads = (): readonly string[] => {
    const known = texts.length > 0;
    texts = [read(spec), read(stem)];
    // Nobody follows the import yet.
    if (!known) writeFileSync(stem, "second");
    return [spec, stem];
  };
  await runs(spec, reads, [() => expect(texts).toEqual(["first", "second"])]);
});

test("what the action writes is no change, and what others write then is one", limit, async () => {
  const { spec } = files();
  const link = join(spec, "..", "link.incept");
  symlinkSync("net.incept", link);
  const seen: string[] = [];
  const fix: Step = (wrote) => {
    seen.push(read(link));
    writeFileSync(spec, "fixed");
    for (const file of [link, spec]) wrote(file);
    // Long after the write of its own has been told.
    setTimeout(() => writeFileSync(spec, "edited"), 500);
  };
  await runs(link, () => [link, spec], [fix, () => void seen.push(read(link))]);
  expect(seen).toEqual(["first", "edited"]);
});

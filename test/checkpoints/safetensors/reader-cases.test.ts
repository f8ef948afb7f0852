import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { InceptError } from "../../../src/diagnostics/incept-error.js";
import { isFloatDtype } from "../../../src/checkpoints/dtype.js";
import type { SafetensorsFile } from "../../../src/checkpoints/safetensors/file.js";
import { openSafetensors } from "../../../src/checkpoints/open.js";
import { runNative } from "../../native/compile.js";
import { Random } from "../../support/random.js";
import { type ReaderCase, readerCases } from "./reader-cases.js";

const folder = mkdtempSync(join(tmpdir(), "incept-readers-"));
afterAll(() => rmSync(folder, { recursive: true }));
const fileOf = (i: number): string => join(folder, `${i}.safetensors`);
const files = [...readerCases, ...mutated(2000)];
beforeAll(() => files.forEach(({ bytes }, i) => writeFileSync(fileOf(i), bytes)));

/** The short cases with a few bytes exchanged, mostly for those that mean something to a header. */
function mutated(count: number): readonly Pick<ReaderCase, "what" | "bytes">[] {
  const random = new Random(7);
  const short = readerCases.filter(
    ({ bytes, verdict }) => bytes.length > 8 && bytes.length < 400 && verdict !== "weights/format",
  );
  const telling = Buffer.from('{}[]",:\\0129 -.eutFUI_"');
  return Array.from({ length: count }, () => {
    const { what, bytes } = short[random.integer(0, short.length - 1)]!;
    const changed = Buffer.from(bytes);
    for (let edits = random.integer(1, 3); edits > 0; edits--) {
      const at = random.integer(8, changed.length - 1);
      const any = random.integer(0, 255);
      changed[at] = any < 200 ? telling[any % telling.length]! : any;
    }
    return { what: `${what}, changed to ${changed.toString("latin1", 8)}`, bytes: changed };
  });
}

/** A tensor by name, dtype, shape, and where it can be converted the bits of its values. */
type Answer = string;

const answerOf = (name: string, dtype: string, shape: string, values: Float32Array): Answer =>
  [Buffer.from(name).toString("hex"), dtype, shape, ...[...values].map(bitsOf)].join(" ");

/** All NaN are one: their bits are the machine's. */
const bitsOf = (value: number): string =>
  Number.isNaN(value)
    ? "nan"
    : Buffer.from(Float32Array.of(value).buffer).readUInt32LE().toString(16);

async function read(opening: Promise<SafetensorsFile>): Promise<readonly [string, ...Answer[]]> {
  try {
    const file = await opening;
    const answers: Answer[] = [];
    for (const { name, dtype, shape } of file.tensors.values()) {
      const converted = isFloatDtype(dtype) || dtype === "U8";
      const values = converted ? await file.readFloat32(name) : new Float32Array();
      answers.push(answerOf(name, dtype, converted ? shape.map(sizeText).join() : "", values));
    }
    await file.close();
    return ["accepted", ...answers.sort()];
  } catch (error) {
    if (error instanceof InceptError) return [error.code];
    throw error;
  }
}

/** Beyond 2^53 the runtime has the nearest double: such a tensor is empty. */
const sizeText = (size: number): string => (size > 2 ** 53 ? "large" : String(size));

const expectedValues = ({ values = {} }: ReaderCase): readonly string[] =>
  Object.values(values).map((list) => list.map(bitsOf).join(" "));

describe("the runtime's reader", () => {
  test.each(readerCases.map((one, i) => [one.what, one, i] as const))("%s", async (_, one, i) => {
    const [verdict, ...answers] = await read(openSafetensors(fileOf(i)));
    expect(verdict).toBe(one.verdict);
    for (const values of expectedValues(one)) expect(answers.join()).toContain(values);
    // The same bytes in memory.
    expect(await read(openSafetensors(one.bytes, { name: "bytes" }))).toEqual([
      verdict,
      ...answers,
    ]);
  });
});

const driver = `
#include <cinttypes>
#include "standalone/safetensors.hpp"
using namespace incept::standalone;
static std::string answer(const std::string& path) try {
  TensorFile file(path);
  std::set<std::string> answers;
  char text[32];
  for (const Entry& entry : file.entries()) {
    std::string one;
    for (const char c : entry.name) {
      std::snprintf(text, sizeof text, "%02x", static_cast<unsigned char>(c));
      one += text;
    }
    one += " " + entry.dtype + " ";
    if (!is_float(entry.dtype) && entry.dtype != "U8") { answers.insert(one); continue; }
    for (std::size_t i = 0; i < entry.shape.size(); ++i)
      one += (i > 0 ? "," : "") + (entry.shape[i] >> 53 ? "large" : std::to_string(entry.shape[i]));
    for (const float value : file.read(entry)) {
      std::uint32_t bits;
      std::memcpy(&bits, &value, sizeof bits);
      std::snprintf(text, sizeof text, " %" PRIx32, bits);
      one += value != value ? " nan" : text;
    }
    answers.insert(one);
  }
  std::string all = "accepted";
  for (const std::string& one : answers) all += "\\t" + one;
  return all;
} catch (const Failure& failure) {
  return failure.code();
}
int main() {
  for (int i = 0; i < COUNT; ++i)
    std::printf("%s\\n", answer(FOLDER + std::to_string(i) + ".safetensors").c_str());
}
`;

describe("the standalone program's reader", () => {
  test("says the same of each, and of files with a few bytes exchanged", async () => {
    const defines = [`-DCOUNT=${files.length}`, `-DFOLDER=std::string("${folder}/")`];
    const lines = await runNative(driver, "native", ["-O1", ...defines]);
    const expected: string[] = [];
    for (const i of files.keys()) {
      expected.push((await read(openSafetensors(fileOf(i)))).join("\t"));
    }
    const named = (all: readonly string[]): readonly string[] =>
      all.map((line, i) => `${files[i]?.what}: ${line}`);
    expect(named(lines)).toEqual(named(expected));
  });
});

import { describe, expect, it } from "vitest";
import { type Host, unpickle } from "../../../src/checkpoints/torch/pickle.js";
import { PickleEnds, PickleMistake } from "../../../src/checkpoints/torch/pickle-bytes.js";
import { made } from "../../../src/checkpoints/torch/rebuild.js";
import { type Dict, Mark, type Tuple, type Value } from "../../../src/checkpoints/torch/values.js";

const host: Host = { persistent: () => new Mark("elsewhere"), made };
const value = (code: string): Value => unpickle(Buffer.from(code, "latin1"), 0, host).value;

describe("pickles", () => {
  it.each<[what: string, code: string, expected: Value]>([
    ["an integer of the first protocol", "I-12\n.", -12],
    ["a boolean of the first protocol", "I01\n.", true],
    ["a long in letters", "L123L\n.", 123],
    ["a long in two's complement", "\x80\x02\x8a\x01\xff.", -1],
    ["one that no double holds", "\x80\x02\x8a\x08\x01\0\0\0\0\0\0\x40.", 2n ** 62n + 1n],
    ["nothing in no bytes", "\x80\x02\x8a\x00.", 0],
    ["a double", "G\xbf\xf8\0\0\0\0\0\0.", -1.5],
    ["a text in quotes", "S'cat'\n.", "cat"],
    ["a list", "(lI1\naI2\na.", [1, 2]],
    ["a list that is remembered", "]\x94K\x01ah\x00.", [1]],
    ["a list of batches", "](K\x01K\x02e(K\x03e.", [1, 2, 3]],
    ["frames, which say nothing", "\x80\x04\x95\x02\0\0\0\0\0\0\0K\x07.", 7],
  ])("%s", (_, code, expected) => {
    expect(value(code)).toEqual(expected);
  });

  it("keep what a list's batch stands on", () => {
    expect(() => value("K\x01(0.")).toThrow(PickleMistake);
    expect(() => value("K\x01(a.")).toThrow("an empty stack");
  });

  it.each([
    ["a call", "cos\nsystem\n(S'echo'\ntR."],
    ["a call of old", "(S'echo'\nios\nsystem\n."],
    ["an object", "(cos\nsystem\nS'echo'\no."],
    ["a new object", "\x80\x02cos\nsystem\n)\x81}b."],
    ["a name from the stack", "\x80\x04\x8c\x02os\x8c\x06system\x93)R."],
  ])("call nothing: %s makes a mark", (_, code) => {
    expect(value(code)).toBeInstanceOf(Mark);
    expect((value(code) as Mark).of).toBe("os.system");
  });

  it("make marks of what is called on marks", () => {
    expect(value("cos\nx\n)R(S'a'\nI1\nu.")).toBeInstanceOf(Mark);
    expect(value("cos\nx\n)R)R.")).toBeInstanceOf(Mark);
  });

  it("are not followed through functions within functions", () => {
    const wrap = "ctorch._tensor\n_rebuild_from_type_v2\n";
    const type = "ctorch\nTensor\n";
    const deep = `${wrap}q\x00${type}q\x01)q\x02${"h\x00h\x01h\x02\x87q\x02".repeat(20_000)}`;
    expect(value(`${deep}h\x00h\x02R.`)).toBeInstanceOf(Mark);
  });

  it("may refer to themselves", () => {
    const dict = value("}\x94S'self'\nh\x00s.") as Dict;
    expect(dict.entries.get("self")).toBe(dict);
  });

  it("make dictionaries of pairs, as Python 2 wrote them", () => {
    const dict = value("ccollections\nOrderedDict\n]](S'a'\nI1\nea\x85R.") as Dict;
    expect([...dict.entries]).toEqual([["a", 1]]);
  });

  it("have tuples of what was pushed", () => {
    expect((value("K\x01K\x02K\x03\x87.") as Tuple).items).toEqual([1, 2, 3]);
  });

  it.each([
    ["an unknown opcode", "\xfe", "no opcode 0xfe at"],
    ["a later protocol", "\x80\x06.", "protocol 6"],
    ["what was not remembered", "h\x05.", "nothing remembered as 5"],
    ["a call of a number", "K\x01)R.", "no function"],
    ["arguments that are a number", "cos\nx\nK\x01R.", "no tuple"],
    ["an item of a number", "K\x01K\x02a.", "no list"],
    ["an odd entry", "}(K\x01u.", "a key without a value"],
    ["a list that nobody began", "l.", "no list on the stack"],
    ["a length below nothing", `\x8b${"\xff".repeat(4)}.`, "a length of -1"],
    ["a long integer", "\x8b\0\0\x10\0.", "an integer of"],
    ["a line without an end", `c${"x".repeat(1 << 16)}`, "a line without an end"],
    ["a buffer elsewhere", "\x97.", "kept elsewhere"],
    ["a tensor of nothing", "ctorch._utils\n_rebuild_tensor_v2\n)R.", "sizes that are none"],
  ])("are refused for %s", (_, code, message) => {
    expect(() => value(code)).toThrow(PickleMistake);
    expect(() => value(code)).toThrow(message.replace(/ at$/, ""));
  });

  it.each(["", "\x80", "K", "X\xff\0\0\0abc", "cos\nsys", "\x8e\xff\xff\xff\xff\xff\xff\xff\xff"])(
    "say where they end too early: %j",
    (code) => {
      expect(() => value(code)).toThrow(PickleEnds);
    },
  );

  it.each([
    ["a stack of ones", "K\x01".repeat(1_100_000)],
    ["lists within lists", "(".repeat(1_100_000)],
    ["dictionaries", "}0".repeat(2_100_000)],
    // Each call copies the list: a few bytes that would take hours.
    [
      "copies of one long list",
      `](${"N".repeat(100_000)}e\x94ccollections\nOrderedDict\n\x940${"h\x01h\x00\x85R0".repeat(1000)}`,
    ],
  ])("are bounded: %s", (_, code) => {
    expect(() => value(code)).toThrow(/more than a checkpoint takes|too high|too deep/);
  });
});

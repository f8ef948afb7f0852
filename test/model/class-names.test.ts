import { describe, expect, it } from "vitest";
import { classNames } from "../../src/model/sources/class-names.js";

describe("the names of a list of labels", () => {
  it("are without synset ids, byte order mark, line ends of any system and blank ends", () => {
    const text = "\uFEFFn02123045 tabby, tabby cat\r\n\r\nn1 short id\rdog \n\n";
    expect(classNames(text)).toEqual(["tabby, tabby cat", "", "n1 short id", "dog"]);
  });

  it("are none where there are no rows", () => {
    expect(classNames("")).toEqual([]);
    expect(classNames("\n \n")).toEqual([]);
  });

  it.each(["c\0t", "\u001b[2J", "caf\ufffd", "\u0085"])("are not read from %j", (text) => {
    expect(classNames(`dog\n${text}\n`)).toBeUndefined();
  });
});

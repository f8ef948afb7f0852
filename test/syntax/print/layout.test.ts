/** What the formatter does, case by case: what is written, and what becomes of it. */
import { describe, expect, test } from "vitest";
import { parseConcretely } from "../../../src/syntax/parse.js";
import { format } from "../../../src/syntax/print/format.js";
import { requireSameWords } from "../../../src/syntax/print/words.js";
import { printed } from "../../support/printing.js";

const inModel = (members: string): string => `model M {\n  input x: f32[3, 8, 8]\n${members}}\n`;

/** Rows of members as they are written, and as they are printed. */
function becomes(before: string, after: string, width = 60): void {
  expect(printed(inModel(before), width)).toBe(inModel(after));
}
const stays = (text: string): void => becomes(text, text);

describe("the formatter's own check", () => {
  const tree = lexed("module A { relu } // b c");

  test("passes by spaces, and by nothing else", () => {
    requireSameWords(tree, "module A{\nrelu} //  b  c \n");
    for (const text of [
      "module A { relu }",
      "module A { relu // b c\n }",
      "module A { relu } // b",
      "module B { relu } // b c",
    ]) {
      expect(() => requireSameWords(tree, text), text).toThrow("changed more than spaces");
    }
  });

  function lexed(text: string) {
    const { tree } = parseConcretely({ path: "a.incept", text });
    return tree!;
  }
});

describe("spaces", () => {
  test("between words", () => {
    const text = `import{A,B}from"a.incept" const n=2*-3+( 4-1 ) / n
      module A ( k,s = 1 ){conv( 3x3 / 2 ,4*n,pad:1)->relu as   "a"}`;
    expect(printed(text)).toBe(
      `import { A, B } from "a.incept"\nconst n = 2 * -3 + (4 - 1) / n\n` +
        `module A(k, s = 1) { conv(3x3/2, 4 * n, pad: 1) -> relu as "a" }\n`,
    );
  });

  test("a kernel and its stride stay together, other quotients as they are written", () => {
    stays("  a: conv(3x3/s, in / 2) -> conv(k/2, 4) -> conv(k/2x1, 4)\n");
  });

  test("line ends, tabs and a byte-order mark", () => {
    expect(format("\uFEFFmodule A {\r\n\trelu   \r\n}\r\n\r\n\r\n")).toBe(
      "module A {\n  relu\n}\n",
    );
    expect(format("\n\n// a  \r\n\r\n\r\n// b")).toBe("// a\n\n// b\n");
    expect(format("")).toBe("");
  });

  test("numbers and names stay as they are written", () => {
    stays("  a: dropout(0.50) -> linear(1_000) -> scale(1E-4) as add\n");
  });
});

describe("comments on the row before a call", () => {
  const modules =
    "module A(a, b) { conv(1x1, a) -> relu -> conv(3x3, b) }\nmodule B(n) { conv(1x1, n) }\n";
  const spec = (row: string): string =>
    `${modules}model N {\n  input x: f32[3, 8, 8]\n  ${row}\n  b1: A(728, 1024)\n  b2: A(728,  256)\n` +
    "  output y: globalavgpool\n}\n";

  test.each(["a1: /**/ B(128)", "/**/ a1: B(128)", "a1 /**/: B(128)", "a1: /* b */ A(1, 2)"])(
    "%s is no row of a table",
    (row) => {
      const once = format(spec(row));
      expect(once).toContain(row);
      expect(format(once)).toBe(once);
    },
  );
});

describe("rows", () => {
  test("braces and brackets that a row ends in stay open", () => {
    stays("  a: residual {\n    relu\n  }\n  b: residual { relu }\n  c: conv(\n    3x3, 4\n  )\n");
  });

  test("steps that begin a row go on beginning it", () => {
    becomes(
      "  a: conv(1x1, 4) ->\n  relu\n -> relu\n  b: relu -> relu\n",
      "  a: conv(1x1, 4)\n     -> relu\n     -> relu\n  b: relu -> relu\n",
    );
  });

  test("a chain that is too long goes on under its first step", () => {
    becomes(
      "  a: conv(1x1, 64) -> conv(3x3, 64) -> conv(3x3, 64) as c -> relu\n",
      "  a: conv(1x1, 64) -> conv(3x3, 64) -> conv(3x3, 64) as c\n     -> relu\n",
    );
  });

  test("below its label, where it is written so and is long", () => {
    stays("  a:\n    conv(1x1, 64)\n    -> conv(3x3, 64)\n");
    becomes("  a:\n    conv(1x1, 64)\n", "  a: conv(1x1, 64)\n");
  });

  test("what a bracket holds is indented from the row that opens it", () => {
    stays(
      "  a: concat {\n    b: relu\n    c: conv(1x1, 4)\n       -> add {\n            d: relu\n" +
        "            e: relu\n          } -> relu\n  } -> relu\n    -> relu\n",
    );
  });

  test("a list that is too long, by rows that are full", () => {
    becomes(
      "  a: scale([0.111111, 0.222222, 0.333333, 0.444444, 0.555555, 0.666666])\n",
      "  a: scale(\n    [\n      0.111111, 0.222222, 0.333333, 0.444444, 0.555555,\n      0.666666\n    ]\n  )\n",
    );
  });

  test("a step in braces goes on one row below, if it fits there", () => {
    becomes(
      "  a: conv(1x1, 64) -> conv(3x3, 64) -> residual { relu -> relu }\n",
      "  a: conv(1x1, 64) -> conv(3x3, 64)\n     -> residual { relu -> relu }\n",
    );
  });

  test("fields keep their rows; those without have one each", () => {
    stays("  train {\n    batch: 64  epochs: 8\n    init: xavier\n  }\n  train { batch: 1 }\n");
    becomes(
      "  train { optimizer: sgd(lr: 0.1, momentum: 0.9), batch: 64  epochs: 8 }\n",
      "  train {\n    optimizer: sgd(lr: 0.1, momentum: 0.9),\n    batch: 64\n    epochs: 8\n  }\n",
    );
  });

  test("one blank row stays, none at the ends of braces", () => {
    becomes("\n\n  a: relu\n\n\n  b: relu\n\n", "\n  a: relu\n\n  b: relu\n");
    expect(format("\n\nmodule A {\n\n  relu\n\n}\n\n\nmodule B { relu }")).toBe(
      "module A {\n  relu\n}\n\nmodule B { relu }\n",
    );
  });
});

describe("columns", () => {
  test("labels of branches, and of stages and outputs below each other", () => {
    becomes(
      "  a: relu\n  bcd: relu\n\n  e: relu\n  // f\n  gh: relu\n  output a: relu\n  output bc: relu\n",
      "  a:   relu\n  bcd: relu\n\n  e: relu\n  // f\n  gh: relu\n  output a:  relu\n  output bc: relu\n",
    );
    becomes(
      "  j: concat {\n    a: relu\n    // b\n    bcd: relu\n\n    e: relu\n  }\n",
      "  j: concat {\n    a:   relu\n    // b\n    bcd: relu\n\n    e:   relu\n  }\n",
    );
    // Where they are of quite another length, the shorter ones stay close to what they name.
    stays("  a: relu\n  a_long_name: relu\n");
  });

  const withModules = (members: string): string =>
    `import { A, B, Long } from "a.incept"\n${inModel(members)}`;
  const table = (before: string, after: string): void => {
    expect(printed(withModules(before), 60)).toBe(withModules(after));
  };

  test("calls of one module, over what stands between", () => {
    table(
      "  a: A(1, 64, same, 3x3)\n  pool: maxpool(2x2)\n  bc: A(128, 8, tf_same, 11x11) as d\n",
      "  a:  A(  1, 64, same,    3x3)\n  pool: maxpool(2x2)\n  bc: A(128,  8, tf_same, 11x11) as d\n",
    );
  });

  test("a comment with as many words heads them", () => {
    table(
      "  //    #1x1  3x3 reduce\n  a: A(1, 64)\n  b: A(128, 8)\n",
      "  //   #1x1  3x3 reduce\n  a: A(   1,         64)\n  b: A( 128,          8)\n",
    );
    table(
      "  //    #1x1\n  a: A(1, 64)\n  b: A(128, 8)\n",
      "  //    #1x1\n  a: A(  1, 64)\n  b: A(128,  8)\n",
    );
  });

  test("rows of other modules stay where they stand in the columns", () => {
    const rows = "  a: A(  1, 64, 2)\n  b: A(128,  8, 2)\n  c: B(      4, 2)\n  d: Long(1, 4, 2)\n";
    table(rows, rows);
    table("  a: A(1, 2, 3)\n  b: B(      4)\n", "  a: A(1, 2, 3)\n  b: B(4)\n");
    table(
      "  a: A( 11, 64, 2)\n  b: A(128,  8, 2)\n  c: B( 3,   4, 2)\n",
      "  a: A( 11, 64, 2)\n  b: A(128,  8, 2)\n  c: B(3, 4, 2)\n",
    );
  });

  test("as, below as", () => {
    table(
      '  a: A(1) as "a"\n  b: B as "b"\n  c: A(10) as "c" -> relu\n',
      '  a: A( 1) as "a"\n  b: B     as "b"\n  c: A(10) as "c" -> relu\n',
    );
  });

  test("none where rows would be too long", () => {
    const [wide, other] = ["x".repeat(30), "y".repeat(28)];
    const rows = `  a: A(${wide}, 1)\n  b: A(1, ${other})\n`;
    table(rows, rows);
  });

  test("a row of a table stays one row; what is longer than any is a list like others", () => {
    const wide = "x".repeat(46);
    const rows = `  a:      A(${wide}, 1)\n  bcdefg: A(1, 1)\n`;
    table(rows, rows);
    table(`  a: A(${wide}xxxxxx, 1)\n`, `  a: A(\n    ${wide}xxxxxx, 1\n  )\n`);
  });

  test("a comment behind a row that is too long stands alone", () => {
    const long = `  a: ${"n".repeat(60)}   // a\n`;
    stays(`${long}  b: relu   // b\n`);
  });

  test("comments at the ends of rows of the same brackets", () => {
    becomes(
      "  a: relu // 1\n  bc: residual { // 2\n    relu // 3\n    -> relu // 4\n  } // 5\n",
      "  a: relu          // 1\n  bc: residual {   // 2\n    relu      // 3\n    -> relu   // 4\n  }                // 5\n",
    );
  });
});

describe("comments", () => {
  test("stay between the words that they stand between", () => {
    stays("  a: conv(\n    // b\n    3x3, /* c */ 4   // d\n    // e\n  )\n");
    becomes(
      "  /* a */ b: /* c */ relu /* d */ -> /* e */ relu /* f */\n",
      "  /* a */ b: /* c */ relu /* d */ -> /* e */ relu /* f */\n",
    );
  });

  test("in places where a row does not end otherwise, it does, and goes on indented", () => {
    expect(printed("module // a\nA { relu }")).toBe("module   // a\n  A { relu }\n");
  });

  test("alone on a row stay so, and behind a comma the row ends", () => {
    becomes(
      "  a: conv(3x3,\n  /* b */\n  4) -> lrn(5, // c\n  k: 1)\n",
      "  a: conv(\n    3x3,\n    /* b */\n    4\n  ) -> lrn(\n    5,   // c\n    k: 1\n  )\n",
    );
  });

  test("that allow a finding of the row below them keep it on that row", () => {
    const row = `${"relu -> ".repeat(10)}relu\n`;
    const allow = "  // allow style/linear-chain: so it is\n";
    stays(`${allow}  a: ${row}`);
    stays(`${allow}  // allow style/x: so\n  a: ${row}`);
    expect(printed(inModel(`  // allowed\n  a: ${row}`), 60)).toContain("\n     -> relu");
    stays(`${allow}  a: conv(${"1 + ".repeat(20)}1)\n`);
  });

  test("above what closes, as what it closes", () => {
    stays("  a: residual {\n    relu\n    // b\n  }\n  // c\n");
    becomes("  a: residual {\n    relu /* b */ }\n", "  a: residual {\n    relu /* b */\n  }\n");
  });

  test("of several rows: stars stand under the first, others where they are", () => {
    expect(printed("module A {\n/**\n* a\n  * b\n*/\nrelu }")).toBe(
      "module A {\n  /**\n   * a\n   * b\n   */\n  relu\n}\n",
    );
    expect(printed("/* a\n b */ module A { relu }")).toBe("/* a\n b */ module A { relu }\n");
  });
});

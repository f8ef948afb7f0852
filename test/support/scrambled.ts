/** The same tokens with other spaces between them, and comments where nobody would write any. */
import { lexer } from "../../grammar/tokens.js";
import type { Random } from "./random.js";

const spaces = ["", " ", "  ", "\n", "\n", "\n  ", "\n\n", "\n\n\n\t", "\t", "\r\n", " \r\n \r\n"];
const comments = [
  " // a\n",
  "\n// b\n",
  "\n\n  // c, with  spaces   \n\n",
  "// d\n// e\n",
  " /* f */ ",
  "\n/* g */\n",
  "\n/* h */",
  "/* i */\n",
  "/* j\n   k */",
  "\n  /**\n     * l\n     */\n",
  "/// m\n",
  "\n///n\n\n",
  "//\n",
  "\n////// o\n",
  "\n//      p  q  r\n",
  "\n// allow style/linear-chain: so\n",
  " /* s */ // t\r\n",
  "\n/* u */ /* v */\n/* w */",
];

/** @param share of the gaps that get a comment */
export function scrambled(text: string, random: Random, share: number): string {
  const { tokens } = lexer.tokenize(text);
  // Most gaps stay as they are in some texts, so that tables and rows are met, too.
  const calm = random.pick([0, 0.5, 0.9, 1]);
  let from = 0;
  let before = "";
  const pieces = tokens.map(({ startOffset, image }) => {
    const written = text.slice(from, startOffset).replace(/\/\/.*|\/\*[^]*?\*\//g, "");
    from = startOffset + image.length;
    const space = gap(written, random, share, calm);
    const piece = (before === "/" && space.startsWith("/") ? " " : "") + space + image;
    before = image;
    return piece;
  });
  return pieces.join("") + (random.chance(0.3) ? random.pick(comments).trimEnd() : "");
}

function gap(written: string, random: Random, share: number, calm: number): string {
  if (random.chance(share)) return random.pick(comments);
  if (random.chance(calm)) return written;
  // Two words may not become one.
  const space = random.pick(spaces);
  return space === "" && written !== "" ? " " : space;
}

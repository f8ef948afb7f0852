/** Where each convolution's input and output lie, to tell which of them a library takes so. */
import type { Project } from "../../src/emit/project.js";
import type { Stripe } from "../../src/targets/program.js";

/** The text of `convolutions.json`; `paths` is what incept_report calls the task. */
export function convolutionsJson({ program }: Project): string {
  if (program.target === "cpu") throw new RangeError("The CPU asks no library.");
  const rows = program.run.flatMap(({ paths, what, instructions }) =>
    instructions
      .filter((call) => call.function === "conv")
      .map(({ args }) => {
        const [x, y] = args.flatMap((arg) => (arg.kind === "value" ? [arg.value] : []));
        const kernel = what.split(" ")[1] ?? what;
        return { paths: paths.join(" + "), kernel, x: placeOf(x!), y: placeOf(y!) };
      }),
  );
  return `${JSON.stringify(rows)}\n`;
}

const placeOf = ({ shape, pitch, channel }: Stripe): object => ({
  channels: shape[0],
  pitch,
  channel,
});

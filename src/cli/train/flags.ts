/** The flags of `inceptc train`. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { builders, cpuChoices } from "../../build/choose/choices.js";
import { type Initialiser, initialisers } from "../../ops/training/initialise.js";
import { optimizers } from "../../ops/training/optimizers.js";
import { type NamingFlags, withNamingFlags } from "../naming.js";
import { collectList, cpuOption, positive, threadsOption, withModelFlags } from "../options.js";
import type { BuildFlags } from "../options.js";

export interface TrainFlags
  extends NamingFlags, Pick<BuildFlags, "set" | "model" | "root" | "cpu" | "builder" | "json"> {
  readonly data?: string;
  readonly validate?: string;
  readonly validation?: number;
  readonly out?: string;
  readonly resume?: boolean;
  readonly weights?: string;
  readonly fresh?: readonly string[];
  readonly freeze?: readonly string[];
  readonly init?: Initialiser;
  readonly epochs?: number;
  readonly batch?: number;
  readonly optimizer?: keyof typeof optimizers;
  readonly lr?: number;
  readonly weightDecay?: number;
  readonly momentum?: number;
  readonly schedule?: "constant" | "step" | "cosine";
  readonly warmup?: number;
  readonly clipNorm?: number;
  readonly average?: number;
  readonly seed?: number;
  readonly threads?: number;
  /** False for `--no-keep-features`. */
  readonly keepFeatures: boolean;
  /** False for `--no-augment`; true says nothing. */
  readonly augment: boolean;
  readonly skipBroken?: boolean;
  readonly everySteps?: number;
}

export const withTrainFlags = (command: Command): Command =>
  withNamingFlags(withModelFlags(command))
    .option("--data <path>", "pictures to learn from: a folder or file of a known kind")
    .option("--validate <path>", "pictures to judge each epoch by, instead of a share of the data")
    .option("--validation <share>", "the share that is held back for that (default: 0.1)", share)
    .option("-o, --out <dir>", "the folder of the run (default: runs/ and the model's name)")
    .option("--resume", "go on from the folder's last checkpoint")
    .option("--weights <file>", "begin from a checkpoint (default: initialised)")
    .option(
      "--fresh <patterns>",
      "parameters to initialise all the same: classifier.*",
      collectList,
    )
    .option("--freeze <patterns>", "parameters that keep their values: stem.*", collectList)
    .addOption(
      new Option("--init <kind>", "how the others begin (default: the spec's)").choices(
        initialisers,
      ),
    )
    .option("--epochs <n>", "epochs in all (default: the spec's)", positive)
    .option("--batch <n>", "pictures of a step (default: the spec's)", positive)
    .addOption(
      new Option("--optimizer <kind>", "default: the spec's").choices(Object.keys(optimizers)),
    )
    .option("--lr <rate>", "learning rate, which the schedule multiplies", above0)
    .option("--weight-decay <x>", "how fast weights shrink", least0)
    .option("--momentum <x>", "of sgd and rmsprop", share)
    .addOption(
      new Option("--schedule <kind>", "of the learning rate (default: the spec's)").choices([
        "constant",
        "step",
        "cosine",
      ]),
    )
    .option("--warmup <epochs>", "of a cosine: epochs in which the rate grows", whole)
    .option("--clip-norm <x>", "the largest norm of all gradients together", above0)
    .option("--average <x>", "an average of the parameters that follows them: 0.999", share)
    .option("--seed <n>", "of first values, order, augmentation and split (default: 0)", seed)
    .addOption(threadsOption())
    .option("--no-keep-features", "run frozen first layers each epoch, on augmented pictures")
    .option("--no-augment", "pictures as they are, whatever the spec's augment says")
    .option("--skip-broken", "tell of pictures that cannot be read, and go on without them")
    .option("--every-steps <n>", "write the last checkpoint within an epoch, too", positive)
    .addOption(cpuOption(cpuChoices.filter((choice) => choice !== "all")))
    .addOption(
      new Option("--builder <tool>", "what builds the addon").choices(builders).default("cmake-js"),
    );

const numberOf =
  (expected: string, fits: (value: number) => boolean) =>
  (text: string): number => {
    const value = text.trim() === "" ? NaN : Number(text);
    if (!Number.isFinite(value) || !fits(value)) {
      throw new InvalidArgumentError(`It must be ${expected}.`);
    }
    return value;
  };

const share = numberOf("a number from 0 to below 1", (value) => value >= 0 && value < 1);
const above0 = numberOf("a number above 0", (value) => value > 0);
const least0 = numberOf("a number of at least 0", (value) => value >= 0);
const isWhole = Number.isSafeInteger;
const whole = numberOf("a whole number of at least 0", (value) => isWhole(value) && value >= 0);
const seed = numberOf(
  "a whole number of 0 to 4294967295",
  (value) => isWhole(value) && value >= 0 && value <= 0xffffffff,
);

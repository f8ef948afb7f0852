/** How a network is trained unless it is told otherwise: what its `train` block says, as data. */
import { buildGraph } from "../graph/build.js";
import { parametersOf } from "../graph/graph.js";
import type { NetMember, Network, TrainCall, TrainSettings } from "../model/network.js";
import { trainSettingsOf } from "../model/settings/train.js";
import type {
  Augmentation,
  OptimizerSettings,
  ScheduleSettings,
} from "../ops/training/settings.js";
import { manifestParameter } from "./manifest-parameter.js";
import type { TrainingDefaults, TrainingHead } from "./manifest-training.js";

/** Where losses have to be said, as of an output of one number, there are none. */
export function trainingDefaults(network: Network): TrainingDefaults {
  const settings = settingsOf(network);
  const { losses, optimizer, schedule, batch, epochs, augment } = settings;
  const { init, decay, clipNorm, average } = settings;
  return {
    losses: losses
      .filter(({ output, targets }) => output === targets)
      .map(({ output, kind, labelSmoothing, ignore, classWeights }) => ({
        ...{ output, kind, labelSmoothing },
        ...(ignore === undefined ? {} : { ignore }),
        ...(classWeights === undefined ? {} : { classWeights }),
      })),
    heads: network.members
      .filter(({ kind }) => kind === "aux")
      .map((head) => headOf(network, head)),
    optimizer: optimizerOf(optimizer),
    schedule: scheduleOf(schedule, epochs),
    augment: augment.map(augmentationOf),
    ...{ batch, epochs, init, decay },
    ...(clipNorm === undefined ? {} : { clipNorm }),
    ...(average === undefined ? {} : { average }),
  };
}

function settingsOf(network: Network): TrainSettings {
  const own = trainSettingsOf(network).settings;
  if (own !== undefined) return own;
  // Where nothing could have a loss there is nothing to find.
  const stages = network.members.filter(({ kind }) => kind === "stage");
  return trainSettingsOf({ ...network, members: stages }, {}).settings!;
}

function headOf(network: Network, head: NetMember): TrainingHead {
  const inference = new Set(parametersOf(buildGraph(network)).map(({ name }) => name));
  const members = network.members.filter(({ kind }) => kind !== "aux");
  const alone = { ...network, members: [...members, head] };
  const parameters = parametersOf(buildGraph(alone, { aux: true }));
  return {
    name: head.name,
    shape: head.chain.output,
    weight: head.weight!,
    ...(head.like === undefined ? {} : { like: head.like }),
    parameters: parameters.filter(({ name }) => !inference.has(name)).map(manifestParameter),
  };
}

const optimizerOf = ({ name, args }: TrainCall): OptimizerSettings => {
  const { weight_decay: weightDecay, ...others } = args;
  // The table of the optimizer has these and no others.
  return { kind: name, ...others, weightDecay } as unknown as OptimizerSettings;
};

const scheduleOf = ({ name, args }: TrainCall, epochs: number): ScheduleSettings =>
  ({ kind: name, ...args, ...(name === "cosine" ? { epochs } : {}) }) as ScheduleSettings;

/** A crop is of the input's size, which the spec's check holds. */
const augmentationOf = ({ name, args }: TrainCall): Augmentation =>
  name === "crop" ? { kind: "crop", pad: Number(args.pad) } : { kind: "flip" };

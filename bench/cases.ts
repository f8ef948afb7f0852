/** What `npm run bench` times: the networks of the targets, and how many threads and images. */
export interface Case {
  /** A folder of examples/. */
  readonly network: string;
  readonly batches: readonly number[];
  readonly threads: number;
  /** `false`: linear layers in a row are computed one by one, as ONNX Runtime does. */
  readonly algebra?: false;
}

export const cases: readonly Case[] = [
  { network: "googlenet", batches: [1, 8], threads: 2 },
  { network: "googlenet", batches: [1], threads: 1 },
  { network: "inception-v3", batches: [1, 8], threads: 2 },
  { network: "xception", batches: [1], threads: 2 },
  { network: "inception-resnet-v2", batches: [1], threads: 2 },
  { network: "cifar-inception", batches: [1, 8], threads: 2 },
  { network: "simple-inception", batches: [1, 8], threads: 2, algebra: false },
  { network: "simple-inception", batches: [1, 8], threads: 2 },
];

export const networks: readonly string[] = [...new Set(cases.map(({ network }) => network))];

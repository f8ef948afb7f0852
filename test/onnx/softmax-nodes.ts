/** Nodes of distributions, with what each is here. */
import type { NodeCase } from "./nodes.js";
import { image, node, vector } from "./stored.js";

export const distributions: readonly NodeCase[] = [
  {
    title: "Softmax of vectors, by its last axis",
    node: node("Softmax", [vector]),
    is: { primitive: "softmax", attrs: {}, roles: ["input"] },
  },
  {
    title: "Softmax over channels, counted from the end",
    node: node("Softmax", [image], { axis: -3 }),
    is: { primitive: "softmax", attrs: {}, roles: ["input"] },
  },
  {
    title: "Softmax of an image by its last axis, which is its width",
    node: node("Softmax", [image]),
    is: { primitive: "softmax", attrs: { axis: "width" }, roles: ["input"] },
  },
  {
    title: "Softmax over height",
    node: node("Softmax", [image], { axis: 2 }),
    is: { primitive: "softmax", attrs: { axis: "height" }, roles: ["input"] },
  },
  {
    title: "Softmax before opset 13, over the last axis",
    node: node("Softmax", [image], { axis: 3 }, { opset: 11 }),
    is: { primitive: "softmax", attrs: { axis: "width" }, roles: ["input"] },
  },
  {
    title: "LogSoftmax of vectors, as PyTorch writes it",
    node: node("LogSoftmax", [vector], { axis: 1 }),
    is: { primitive: "logsoftmax", attrs: {}, roles: ["input"] },
  },
  {
    title: "LogSoftmax over height, counted from the end",
    node: node("LogSoftmax", [image], { axis: -2 }),
    is: { primitive: "logsoftmax", attrs: { axis: "height" }, roles: ["input"] },
  },
  {
    title: "Softmax before opset 13, of vectors",
    node: node("Softmax", [vector], {}, { opset: 11 }),
    is: { primitive: "softmax", attrs: {}, roles: ["input"] },
  },
];

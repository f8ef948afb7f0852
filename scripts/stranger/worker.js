/** What hook.js starts: runs the network on the image that it is given. */
import { parentPort, workerData } from "node:worker_threads";
import net from "./tiny.incept";

const model = await net.load({ weights: "random:1" });
const { prob } = await model.run({ image: workerData });
await model.dispose();
parentPort.postMessage(prob);

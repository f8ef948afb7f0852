// main.ts
import { createServer } from "node:http";
import net from "../cifar-inception/cifar-inception.incept";
import { answer } from "./answer.js";

const model = await net.load({
  weights: new URL("../cifar-inception/cifar-inception.safetensors", import.meta.url),
  instances: 2, // runs at once,
  threads: 1, // each on one core of two,
  maxQueue: 32, // and as many that wait
});

const server = createServer((request, response) => void answer(model, request, response));
server.requestTimeout = 10_000;
server.listen(Number(process.env.PORT ?? 8080), () => console.log(server.address()));

// No new connections, the answers that are owed, then the model's memory and threads.
process.once("SIGTERM", () => server.close(() => void model.dispose()));

import { judge, networks } from "../operators/judge.js";
import { gpuWays } from "./ways.js";

judge(networks.convolutions, 11, gpuWays);

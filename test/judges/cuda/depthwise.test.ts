import { judge, networks } from "../operators/judge.js";
import { gpuWays } from "./ways.js";

judge(networks.depthwise, 12, gpuWays);

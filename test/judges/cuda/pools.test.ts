import { judge, networks } from "../operators/judge.js";
import { gpuWays } from "./ways.js";

judge(networks.pools, 13, gpuWays);

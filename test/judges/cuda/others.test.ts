import { judge, networks } from "../operators/judge.js";
import { gpuWays } from "./ways.js";

judge(networks.others, 15, gpuWays);

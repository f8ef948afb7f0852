import { judge, networks } from "../operators/judge.js";
import { gpuWays } from "./ways.js";

judge(networks.pointwise, 14, gpuWays);

import { judge, networks } from "./judge.js";

judge(networks.pointwise, 4);

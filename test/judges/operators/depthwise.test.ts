import { judge, networks } from "./judge.js";

judge(networks.depthwise, 2);

import { judge, networks } from "./judge.js";

judge(networks.pools, 3);

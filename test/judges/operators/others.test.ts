import { judge, networks } from "./judge.js";

judge(networks.others, 5);

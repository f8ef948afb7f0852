import { judge, networks } from "./judge.js";

judge(networks.convolutions, 1);

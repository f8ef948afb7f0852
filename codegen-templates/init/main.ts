import net from "./tiny.incept";

// random:1 fills the parameters from a seed; name a .safetensors file once you have trained one.
await using model = await net.load({ weights: "random:1" });

const image = new Float32Array(3 * 32 * 32).fill(0.5);
const { prob } = await model.run({ image });

console.log(`${model.info.model} on ${model.info.target}:`);
prob.forEach((p, i) => {
  const bar = "█".repeat(Math.round(40 * p));
  console.log(String(i).padStart(4), bar, p.toFixed(3));
});

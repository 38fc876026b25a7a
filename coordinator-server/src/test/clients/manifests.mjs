// Holds Kubernetes manifests against the package kubernetes-models: manifests.mjs FILE. Says what is wrong with them.
// Its schemas know what a value must be, and let members pass that they do not know; its types know the names of all.
import { readFileSync, writeFileSync } from "node:fs";
import { loadAll } from "js-yaml";
import ts from "typescript";

const typed = "manifests.check.mts";
const manifests = loadAll(readFileSync(process.argv[2], "utf8"));
const lines = [];
for (const [i, manifest] of manifests.entries()) {
  const { apiVersion, kind } = manifest;
  const model = `kubernetes-models/${apiVersion}/${kind}`;
  try {
    const { [kind]: Model } = await import(model);
    new Model(manifest).validate();
    lines.push(`export const manifest${i}: import("${model}").I${kind} = ${JSON.stringify(manifest)};`);
  } catch (error) {
    console.log(`wrong: ${kind}: ${error.message}`);
  }
}
writeFileSync(typed, lines.join("\n"));
const program = ts.createProgram([typed], {
  strict: true, noEmit: true, skipLibCheck: true, types: [],
  target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.NodeNext,
});
for (const { messageText } of ts.getPreEmitDiagnostics(program)) {
  console.log("wrong:", ts.flattenDiagnosticMessageText(messageText, " "));
}
console.log("looked at", manifests.length);

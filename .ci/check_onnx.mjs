#!/usr/bin/env node
// Runs the fixtures of an exported model in Node's onnxruntime.
//
//   node check_onnx.mjs FIXTURES
//
// FIXTURES is a folder in the layout of ONNX's backend tests: model.onnx,
// test_data_set_N/input_0.pb, output_0.pb, one file an input or output. Prints
// the worst difference; exit code 1 if a value differs by more than 1e-5 (times
// the root mean square of its tensor where that is above 1: docs/onnx.md says
// why) or a thousandth of it, whichever is larger, 2 if nothing could be compared.
//
// Needs onnxruntime-node in node_modules of this folder, of one above it, or of
// the working directory: npm install --ignore-scripts onnxruntime-node (the CPU
// runtime is in the package; its script would fetch CUDA's).
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const ABSOLUTE = 1e-5;
const RELATIVE = 1e-3;

function loadRuntime() {
  for (const from of [import.meta.url, join(process.cwd(), "x.js")]) {
    try {
      return createRequire(from)("onnxruntime-node");
    } catch (err) {
      if (err.code !== "MODULE_NOT_FOUND") throw err;
    }
  }
  throw new Error("onnxruntime-node is missing: npm install --ignore-scripts onnxruntime-node");
}

// readTensor reads a TensorProto: dims (field 1), data_type (2), name (8) and
// raw_data (9). Other fields are skipped.
function readTensor(path) {
  const bytes = readFileSync(path);
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      if (at >= bytes.length || shift > 63n) throw new Error(`${path} is truncated or no TensorProto`);
      const b = bytes[at++];
      value |= BigInt(b & 0x7f) << shift;
      if (b < 0x80) return Number(BigInt.asIntN(64, value));
    }
  };
  const take = (n) => {
    if (n < 0 || at + n > bytes.length) throw new Error(`${path} is truncated or no TensorProto`);
    at += n;
    return bytes.subarray(at - n, at);
  };
  const tensor = { name: "", dims: [], type: 0, data: new Float32Array(0) };
  while (at < bytes.length) {
    const tag = varint();
    const [field, wire] = [Math.floor(tag / 8), tag % 8];
    if (wire === 0) {
      const v = varint();
      if (field === 1) tensor.dims.push(v);
      if (field === 2) tensor.type = v;
    } else if (wire === 2) {
      const length = varint();
      const start = at;
      const part = take(length);
      if (field === 1) {
        for (at = start; at < start + length; ) tensor.dims.push(varint()); // packed
      }
      if (field === 8) tensor.name = part.toString("utf8");
      if (field === 9) {
        const view = new DataView(part.buffer, part.byteOffset, part.byteLength);
        tensor.data = Float32Array.from({ length: Math.floor(length / 4) }, (_, i) => view.getFloat32(4 * i, true));
      }
    } else if (wire === 1 || wire === 5) {
      take(wire === 1 ? 8 : 4);
    } else {
      throw new Error(`${path} is no TensorProto`);
    }
  }
  const size = tensor.dims.reduce((n, d) => n * d, 1);
  if (tensor.type !== 1 || tensor.data.length !== size) {
    throw new Error(`${path}: want float32 raw_data of shape [${tensor.dims}], have data type ${tensor.type} and ${tensor.data.length} values`);
  }
  return tensor;
}

// compare gives the worst difference and whether every value is near enough.
function compare(got, want) {
  let worst = 0;
  let near = true;
  const scale = Math.max(1, Math.sqrt(want.reduce((sum, v) => sum + v * v, 0) / want.length));
  for (let i = 0; i < want.length; i++) {
    const difference = Math.abs(got[i] - want[i]);
    worst = difference > worst || Number.isNaN(difference) ? difference : worst;
    near &&= difference <= Math.max(ABSOLUTE * scale, RELATIVE * Math.abs(want[i])); // false for NaN
  }
  return { worst, near };
}

async function main(folder) {
  const runtime = loadRuntime();
  const model = join(folder, "model.onnx");
  if (!existsSync(model)) throw new Error(`${model} does not exist`);
  const session = await runtime.InferenceSession.create(model);
  const sets = readdirSync(folder).filter((name) => name.startsWith("test_data_set_")).sort();
  if (sets.length === 0) throw new Error(`${folder} has no test_data_set_N`);
  let failed = false;
  for (const set of sets) {
    const feeds = {};
    session.inputNames.forEach((name, i) => {
      const t = readTensor(join(folder, set, `input_${i}.pb`));
      feeds[name] = new runtime.Tensor("float32", t.data, t.dims);
    });
    const results = await session.run(feeds);
    session.outputNames.forEach((name, i) => {
      const want = readTensor(join(folder, set, `output_${i}.pb`));
      const got = results[name];
      if (want.name !== "" && want.name !== name) throw new Error(`${set}/output_${i}.pb holds ${want.name}, but output ${i} is ${name}`);
      if (String(got.dims) !== String(want.dims)) throw new Error(`${set}: ${name} has shape [${got.dims}], want [${want.dims}]`);
      const { worst, near } = compare(got.data, want.data);
      console.log(`${set}: ${name} [${got.dims}]: worst difference ${worst.toExponential(2)}${near ? "" : ": too much"}`);
      failed ||= !near;
    });
  }
  return failed ? 1 : 0;
}

if (process.argv.length !== 3) {
  console.error("usage: node check_onnx.mjs FIXTURES");
  process.exitCode = 2;
} else {
  try {
    process.exitCode = await main(resolve(process.argv[2]));
  } catch (err) {
    console.error(`check_onnx: ${err.message}`);
    process.exitCode = 2;
  }
}

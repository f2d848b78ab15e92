#!/usr/bin/env python3
"""Checks an exported .onnx file with ONNX's own tools.

    check_onnx.py model.onnx [FIXTURES]

The model must pass the official checker with full, strict shape inference, and
the shapes that are inferred anew must be those that the file declares. With
FIXTURES, a folder in the layout of ONNX's backend tests (model.onnx,
test_data_set_N/input_0.pb, output_0.pb, one file an input or output),
onnxruntime must give the outputs that are written there.

Needs the package onnx, and onnxruntime for the fixtures. Exit codes: 0 passed,
1 failed, 2 could not be checked.
"""

import argparse
import pathlib
import sys

# A value may differ by the larger of the two, the former times the root mean
# square of its tensor where that is above 1: docs/onnx.md says why.
ABSOLUTE, RELATIVE = 1e-5, 1e-3


def shapes(values):
    return {
        v.name: tuple(d.dim_param or d.dim_value for d in v.type.tensor_type.shape.dim)
        for v in values
    }


def check_model(onnx, path):
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    bare = onnx.ModelProto()
    bare.CopyFrom(model)
    del bare.graph.value_info[:]
    inferred = onnx.shape_inference.infer_shapes(
        bare, check_type=True, strict_mode=True, data_prop=True
    )
    declared, computed = shapes(model.graph.value_info), shapes(inferred.graph.value_info)
    # Where a tensor is an output of the graph it is not listed among the intermediates.
    for name, shape in computed.items():
        if declared.get(name) != shape:
            raise ValueError(f"{name} is declared as {declared.get(name)} but computes {shape}")
    opset = ", ".join(f"{o.domain or 'ai.onnx'} {o.version}" for o in model.opset_import)
    print(
        f"{path}: {len(model.graph.node)} nodes, {len(model.graph.initializer)} initialisers,"
        f" IR version {model.ir_version}, opset {opset}: passed the official checker"
    )


def load(onnx, path):
    tensor = onnx.TensorProto()
    tensor.ParseFromString(path.read_bytes())
    return tensor.name, onnx.numpy_helper.to_array(tensor)


def check_fixtures(onnx, np, runtime, folder):
    session = runtime.InferenceSession(
        str(folder / "model.onnx"), providers=["CPUExecutionProvider"]
    )
    inputs = [i.name for i in session.get_inputs()]
    names = [o.name for o in session.get_outputs()]
    sets = sorted(p for p in folder.glob("test_data_set_*") if p.is_dir())
    if not sets:
        raise ValueError(f"{folder} has no test_data_set_N")
    for data in sets:
        feed = {n: load(onnx, data / f"input_{i}.pb")[1] for i, n in enumerate(inputs)}
        results = session.run(names, feed)
        for i, (name, got) in enumerate(zip(names, results)):
            want_name, want = load(onnx, data / f"output_{i}.pb")
            if want_name and want_name != name:
                raise ValueError(f"{data}/output_{i}.pb holds {want_name}, but output {i} is {name}")
            if got.shape != want.shape:
                raise ValueError(f"{data}: {name} has shape {got.shape}, want {want.shape}")
            want = want.astype(np.float64)
            difference = np.abs(got.astype(np.float64) - want)
            scale = max(1.0, float(np.sqrt(np.mean(want**2))))
            allowed = np.maximum(ABSOLUTE * scale, RELATIVE * np.abs(want))
            worst = float(difference.max())
            print(f"{data}: {name} {list(got.shape)}: worst difference {worst:.3g}")
            # Written so that a NaN fails.
            if not (difference <= allowed).all():
                raise ValueError(f"{data}: {name} differs by more than {ABSOLUTE * scale:.3g} or {RELATIVE} of its value")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model", type=pathlib.Path, help="the .onnx file")
    parser.add_argument("fixtures", type=pathlib.Path, nargs="?", help="folder in the layout of ONNX's backend tests")
    args = parser.parse_args()
    try:
        import numpy as np
        import onnx
        import onnx.checker
        import onnx.numpy_helper
        import onnx.shape_inference
    except ImportError as err:
        print(f"check_onnx: {err}: pip install onnx onnxruntime", file=sys.stderr)
        return 2
    try:
        check_model(onnx, args.model)
        if args.fixtures:
            check_model(onnx, args.fixtures / "model.onnx")
            try:
                import onnxruntime
            except ImportError as err:
                print(f"check_onnx: {args.fixtures} not compared: {err}", file=sys.stderr)
                return 2
            print(f"onnxruntime {onnxruntime.__version__}")
            check_fixtures(onnx, np, onnxruntime, args.fixtures)
    except Exception as err:  # every complaint is one line for the log
        print(f"check_onnx: {args.model}: {' '.join(str(err).split())}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

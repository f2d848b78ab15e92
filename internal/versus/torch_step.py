"""The training step of a network in PyTorch, timed on command.

    torch_step.py SPEC.json

SPEC.json is what spec.go writes: layers, parameters, head, solver, and the
files that hold the first weights and the batch. After a line that says what
PyTorch this is, every line "run N" on standard input is answered by a line of
JSON: the seconds and the result, here the loss, of each of N steps, and the CPU
time that this process used since its last answer, when it should have been idle.
"""

import json
import math
import sys
import time

import torch
import torch.nn.functional as F

with open(sys.argv[1]) as f:
    spec = json.load(f)
torch.set_num_threads(spec["threads"])


def floats(path, shape):
    n = math.prod(shape)
    return torch.from_file(path, size=n, dtype=torch.float32).reshape(shape).clone()


def fast_layout(t):
    """channels_last, which is the fastest on CPUs, for all that is four-dimensional."""
    return t.contiguous(memory_format=torch.channels_last) if t.dim() == 4 else t


params = {}
flat = floats(spec["weights"], [sum(math.prod(p["shape"]) for p in spec["params"])])
for p, values in zip(spec["params"], flat.split([math.prod(p["shape"]) for p in spec["params"]])):
    params[p["name"]] = fast_layout(values.reshape(p["shape"]).clone()).requires_grad_()
images = fast_layout(floats(spec["images"], spec["shape"]))
labels = torch.tensor(spec["labels"])


def embed(x):
    outputs = {}
    for l in spec["layers"]:
        weight, bias = params[l["weight"]], params.get(l["bias"])
        if l["kind"] == "convolution":
            x = F.prelu(F.conv2d(x, weight, bias, l["stride"], l["pad"]), params[l["slope"]])
            if l["skip"]:
                x = x + outputs[l["skip"]]
        else:
            x = F.linear(x.flatten(1), weight, bias)
        outputs[l["name"]] = x
    return x


# cos(mθ) as a polynomial of cos θ.
MULTIPLE = {
    1: lambda c: c,
    2: lambda c: 2 * c**2 - 1,
    3: lambda c: 4 * c**3 - 3 * c,
    4: lambda c: 8 * c**4 - 8 * c**2 + 1,
}


def loss_of(x, labels):
    """A-Softmax: the head of models.Head, with class weights of unit length."""
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=spec["autocast"]):
        e = embed(x)
    e = e.float()  # the head computes in float32, as ours does
    m, lam = spec["head"]["margin"], spec["head"]["lambda"]
    weight = params[spec["head"]["weight"]]
    logits = e @ F.normalize(weight, dim=0)
    length = e.norm(dim=1, keepdim=True)
    own = labels[:, None]
    cos = logits.gather(1, own) / length
    k = (m / math.pi * cos.detach().clamp(-1, 1).acos()).floor().clamp(max=m - 1)
    psi = (1 - 2 * (k % 2)) * MULTIPLE[m](cos) - 2 * k
    return F.cross_entropy(logits.scatter(1, own, length * (lam * cos + psi) / (1 + lam)), labels)


if spec["compile"]:
    loss_of = torch.compile(loss_of)
solver = torch.optim.SGD(
    [
        {"params": [params[p["name"]] for p in spec["params"] if p["decay"]], "weight_decay": spec["weight_decay"]},
        {"params": [params[p["name"]] for p in spec["params"] if not p["decay"]], "weight_decay": 0.0},
    ],
    lr=spec["rate"],
    momentum=spec["momentum"],
    fused=True,
)


def step():
    solver.zero_grad(set_to_none=True)
    loss = loss_of(images, labels)
    loss.backward()
    solver.step()
    return loss.item()


def answer(**fields):
    print(json.dumps(fields), flush=True)


answer(
    about=f"{torch.__version__}, {torch.backends.cpu.get_cpu_capability()}, {torch.get_num_threads()} threads"
)
busy = time.process_time()
for line in sys.stdin:
    idle_cpu = time.process_time() - busy
    name, n = line.split()
    assert name == "run", line
    seconds, losses = [], []
    for _ in range(int(n)):
        start = time.perf_counter()
        losses.append(step())
        seconds.append(time.perf_counter() - start)
    busy = time.process_time()
    answer(seconds=seconds, results=losses, idle_cpu=idle_cpu)

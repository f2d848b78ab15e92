"""From photos to embeddings with OpenCV and ONNX Runtime, timed on command.

    photos.py SPEC.json

SPEC.json is what photos.go writes. Commands and answers are those of
torch_step.py; the result of a run is the number of photos in which a face was
found. OpenCV decodes, finds the face with the cascade that it brings along, and
cuts the crop; the photos of the next batch are read while the network computes.
"""

import json
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import onnxruntime

with open(sys.argv[1]) as f:
    spec = json.load(f)
threads, width, height = spec["threads"], spec["width"], spec["height"]
# A photo a thread is faster than all threads on one photo.
cv2.setNumThreads(1)
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = threads
session = onnxruntime.InferenceSession(spec["model"], options, providers=["CPUExecutionProvider"])
network_input = session.get_inputs()[0].name
of_thread = threading.local()  # a cascade is not safe for concurrent use


def find(image):
    """The largest face as x, y and side, or what LFW's photos have in the middle."""
    if not hasattr(of_thread, "cascade"):
        of_thread.cascade = cv2.CascadeClassifier(cv2.data.haarcascades + "haarcascade_frontalface_default.xml")
    gray = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    smallest = (spec["smallest"], spec["smallest"])
    faces = of_thread.cascade.detectMultiScale(gray, scaleFactor=1.1, minNeighbors=4, minSize=smallest)
    if len(faces) == 0:
        h, w = gray.shape
        return False, (w / 4, h / 4, w / 2)
    return True, max(faces, key=lambda f: f[2])[:3]


def read(path):
    """The network's inputs of a photo, the crop and its mirror image, and whether it has a face."""
    image = cv2.imread(path)
    found, (x, y, side) = find(image)
    # The cascade gives no points: the square is put where its eyes, usually 0.36
    # of it apart, come to lie as far apart as the template's.
    scale = spec["eyes"] / (0.36 * side)
    matrix = np.float32([
        [scale, 0, width / 2 - scale * (x + side / 2)],
        [0, scale, height / 2 - scale * (y + side / 2)],
    ])
    crop = cv2.warpAffine(image, matrix, (width, height))
    values = ((crop[:, :, ::-1].astype(np.float32) - spec["mean"]) / spec["std"]).transpose(2, 0, 1)
    return values, values[:, :, ::-1], found


pool = ThreadPoolExecutor(threads)
batches = [spec["photos"][i : i + spec["batch"]] for i in range(0, len(spec["photos"]), spec["batch"])]


def run():
    embeddings, found = 0, 0
    ahead = [pool.submit(read, p) for p in batches[0]]
    for i in range(len(batches)):
        photos = [f.result() for f in ahead]
        ahead = [pool.submit(read, p) for p in batches[i + 1]] if i + 1 < len(batches) else []
        outputs = session.run(None, {network_input: np.stack([v for p in photos for v in p[:2]])})[0]
        embeddings += len(outputs) // 2
        found += sum(p[2] for p in photos)
    assert embeddings == len(spec["photos"])
    return found


def answer(**fields):
    print(json.dumps(fields), flush=True)


answer(about=f"OpenCV {cv2.__version__}, ONNX Runtime {onnxruntime.__version__}, {threads} threads")
busy = time.process_time()
for line in sys.stdin:
    idle_cpu = time.process_time() - busy
    name, n = line.split()
    assert name == "run", line
    seconds, results = [], []
    for _ in range(int(n)):
        start = time.perf_counter()
        results.append(run())
        seconds.append(time.perf_counter() - start)
    busy = time.process_time()
    answer(seconds=seconds, results=results, idle_cpu=idle_cpu)

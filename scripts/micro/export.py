"""Exports a checkpoint as ONNX with weights of 8 bits. `python scripts/micro/export.py --from DIR --to public/micro`"""
import argparse
import hashlib
import json
import os

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from torch import nn

from model import Micro, normed
from train import END, PIECES, act_prompts, with_sentences

# Tokens of prompt and answer together. Nothing longer was trained on, and little that is nearly as long.
READS = 384


class Graph(nn.Module):
    """One pass over the tokens that are new, with what the earlier ones left behind."""

    def __init__(self, model):
        super().__init__()
        self.m = model

    def forward(self, ids, positions, past, before):
        """ids, positions [T]; past [layers, 2, heads, P, head]; before [layers, 2, width] -> logits of the last token, past, before"""
        m = self.m
        x = m.embed(ids)[None]
        cos, sin = m.cos[positions], m.sin[positions]
        keys = torch.arange(past.shape[3] + ids.shape[0])
        mask = torch.where(keys[None, :] <= positions[:, None], 0.0, -1e9)
        kept, line = [], []
        for i, block in enumerate(m.blocks):
            x, kv, last = block(x, cos, sin, mask, past[i].unsqueeze(1), before[i : i + 1])
            kept.append(kv.squeeze(1))
            line.append(last)
        return m.head(normed(x[0, -1:]))[0], torch.stack(kept), torch.cat(line)


def shortened(model):
    """Matrices as integers of 8 bits with a scale for each row or column; everything else stays."""
    graph = model.graph
    added, initializers = [], []
    for tensor in graph.initializer:
        w = numpy_helper.to_array(tensor)
        if w.dtype != np.float32 or w.ndim != 2 or w.size < 4096 or tensor.name.endswith(("cos", "sin")):
            initializers.append(tensor)
            continue
        # The vocabulary's own rows, and the outputs of a matrix that multiplies from the right.
        axis = 0 if "embed" in tensor.name else 1
        scale = np.abs(w).max(axis=1 - axis) / 127
        scale[scale == 0] = 1
        shape = (-1, 1) if axis == 0 else (1, -1)
        q = np.round(w / scale.reshape(shape)).astype(np.int8)
        name = tensor.name
        initializers += [
            numpy_helper.from_array(q, name + "_q"),
            numpy_helper.from_array(scale.astype(np.float32), name + "_scale"),
            numpy_helper.from_array(np.zeros(scale.shape, np.int8), name + "_zero"),
        ]
        added.append(helper.make_node("DequantizeLinear", [name + "_q", name + "_scale", name + "_zero"], [name], axis=axis))
    nodes = added + list(graph.node)
    del graph.initializer[:], graph.node[:]
    graph.initializer.extend(initializers)
    graph.node.extend(nodes)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--from", dest="source", required=True)
    parser.add_argument("--to", required=True)
    parser.add_argument("--earlier", action="append", default=[], help="folder of a checkpoint that this one went on from")
    args = parser.parse_args()
    os.makedirs(args.to, exist_ok=True)
    saved = torch.load(f"{args.source}/model.pt")
    c = saved["config"]
    model = Micro(c).eval()
    model.load_state_dict(saved["model"])
    layers, heads, head = c["layers"], c["heads"], c["width"] // c["heads"]
    path = f"{args.to}/model.onnx"
    T, P = 7, 5
    inputs = (
        torch.randint(0, c["vocabulary"], (T,)),
        torch.arange(P, P + T),
        torch.randn(layers, 2, heads, P, head),
        torch.randn(layers, 2, c["width"]),
    )
    with torch.no_grad():
        torch.onnx.export(
            Graph(model),
            inputs,
            path,
            input_names=["ids", "positions", "past", "before"],
            output_names=["logits", "past_out", "before_out"],
            dynamic_axes={"ids": {0: "T"}, "positions": {0: "T"}, "past": {3: "P"}, "past_out": {3: "PT"}},
            opset_version=17,
            dynamo=False,
        )
    graph = onnx.load(path)
    shortened(graph)
    onnx.checker.check_model(graph)
    onnx.save(graph, path)

    tokenizer = Tokenizer.from_file(f"{args.source}/tokenizer.hf.json")
    parts = json.loads(tokenizer.to_str())["model"]
    vocabulary = [piece for piece, _ in sorted(with_sentences(tokenizer).get_vocab().items(), key=lambda item: item[1])]
    merges = [m if isinstance(m, str) else " ".join(m) for m in parts["merges"]]
    with open(f"{args.to}/tokenizer.json", "w", encoding="utf8") as file:
        json.dump(
            {"pattern": PIECES, "end": END, "sentences": act_prompts(), "vocabulary": vocabulary, "merges": merges},
            file,
            ensure_ascii=False,
        )
    with open(f"{args.to}/micro.json", "w", encoding="utf8") as file:
        sha = hashlib.sha256(open(path, "rb").read() + open(f"{args.to}/tokenizer.json", "rb").read()).hexdigest()
        shape = {"layers": layers, "heads": heads, "head": head, "width": c["width"], "context": READS}
        runs = [saved, *(torch.load(f"{folder}/model.pt") for folder in args.earlier)]
        steps, tokens = (sum(run[key] for run in runs) for key in ("step", "tokens"))
        parameters = sum(p.numel() for p in model.parameters())
        json.dump({"sha256": sha, **shape, "parameters": parameters, "steps": steps, "tokens": tokens}, file, indent=2)
        file.write("\n")

    import onnxruntime as ort

    session = ort.InferenceSession(path)
    with torch.no_grad():
        text = torch.randint(0, c["vocabulary"], (40,))
        exact = model(text[None])[0, -1].numpy()
    past, before = np.zeros((layers, 2, heads, 0, head), np.float32), np.zeros((layers, 2, c["width"]), np.float32)
    for a, b in ((0, 33), (33, 34), (34, 40)):
        logits, past, before = session.run(
            None, {"ids": text[a:b].numpy(), "positions": np.arange(a, b), "past": past, "before": before}
        )
    print(f"{os.path.getsize(path)} bytes; logits differ by {np.abs(logits - exact).max():.3f} of {np.abs(exact).max():.3f} at most")


if __name__ == "__main__":
    main()

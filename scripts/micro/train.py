"""Trains the small model. `python scripts/micro/train.py --data DIR --out DIR` (see README.md)."""
import argparse
import csv
import glob
import json
import os
import platform
import random
import time

import numpy as np
import torch
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from model import CONFIG, Micro

PIECES = r" ?\p{L}+| ?\p{N}{1,2}| ?[^\s\p{L}\p{N}]|\s"
END = "<|end|>"
SENTENCES = 8


def lines(path):
    with open(path, encoding="utf8") as file:
        for line in file:
            yield json.loads(line)


def act_prompts():
    """The prompt of each act, in the order of their files."""
    here = os.path.join(os.path.dirname(__file__), "../../src/executor/prompts")
    return [open(path, encoding="utf8").read().strip() for path in sorted(glob.glob(f"{here}/*.md"))]


def with_sentences(tokenizer):
    """The same, with the prompt of each act as one piece."""
    whole = Tokenizer.from_str(tokenizer.to_str())
    whole.add_special_tokens(act_prompts())
    return whole


def train_tokenizer(texts, size):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(PIECES), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=[END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
        max_token_length=16,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


# Words of questions, passages and plans; what skills and prompts say is added.
FIXED = """Task: Skill: Notes: none - | : , . ? ; Answer: unknown nothing found yes no print("unknown")
What is the capital currency language subregion demonym border of the country whose that alone has a border with both
What is a language Which country shares a border with find the country that has, then its and
capital of currency of language of subregion of demonym of border of"""


def open_pieces(tokenizer, rows):
    """Pieces that names are made of and nothing else is: those that begin a word and those that go on, apart."""
    texts = [FIXED, "\n".join(act_prompts()), " What is Which country", "\n- capital", "\n\n"]
    texts += {line for row in rows for line in row["prompt"].split("\n") if line.startswith("Skill: ")}
    texts += [f" {number} {number}" for number in range(100)]
    fixed = {token for one in tokenizer.encode_batch(texts) for token in one.ids}
    for relation in ("capital", "currency", "language", "subregion", "demonym", "border"):
        fixed.update(tokenizer.encode(relation).ids + tokenizer.encode(f" {relation}").ids)
    starts, others = [], []
    for piece, token in tokenizer.get_vocab().items():
        if token != 0 and token not in fixed:
            (starts if piece.startswith("\u0120") else others).append(token)
    return np.array(sorted(starts)), np.array(sorted(others))


def renamed(text, classes, numbers, size):
    """The same with other pieces in the place of those that names are made of: only copying can get it right."""
    other = np.arange(size)
    for pieces in classes:
        other[pieces] = numbers.permutation(pieces)
    return other[text]


def encoded(tokenizer, whole, path, rng, share):
    """
    Pairs (tokens, length of the prompt), the end token last. One act's prompt in ten is spelled out. In a share of the
    questions in two hops names are made of random pieces.
    """
    # Household plans are long: half of them are left out.
    rows = [row for row in lines(path) if row["suite"] != "household" or rng.random() < 0.5]
    spelled = tokenizer.encode_batch([row["prompt"] for row in rows])
    prompts = [
        s if rng.random() < 0.1 else w for s, w in zip(spelled, whole.encode_batch([row["prompt"] for row in rows]))
    ]
    answers = tokenizer.encode_batch([row["answer"] for row in rows])
    classes = open_pieces(tokenizer, rows)
    numbers = np.random.default_rng(rng.randrange(2**32))
    examples = []
    for row, p, a in zip(rows, prompts, answers):
        if len(p.ids) + len(a.ids) >= CONFIG["context"]:
            continue
        text = np.array(p.ids + a.ids + [0], dtype=np.int64)
        remembered = row["act"] == "recall" and row["answer"] != " unknown"
        if row["suite"] == "two-hop-qa" and not remembered and rng.random() < share:
            text = renamed(text, classes, numbers, CONFIG["vocabulary"])
        examples.append((text, len(p.ids)))
    return examples


def batches(examples, tokens, rng):
    """Batches of about `tokens` tokens with examples of like length, in random order."""
    order = sorted(range(len(examples)), key=lambda i: len(examples[i][0]) + rng.random() * 8)
    groups, group, longest = [], [], 0
    for i in order:
        longest = max(longest, len(examples[i][0]))
        if group and longest * (len(group) + 1) > tokens:
            groups.append(group)
            group, longest = [], len(examples[i][0])
        group.append(i)
    groups.append(group)
    rng.shuffle(groups)
    for group in groups:
        width = max(len(examples[i][0]) for i in group)
        ids = np.zeros((len(group), width), dtype=np.int64)
        aim = np.full((len(group), width), -1, dtype=np.int64)
        for row, i in enumerate(group):
            text, start = examples[i]
            ids[row, : len(text)] = text
            aim[row, start - 1 : len(text) - 1] = text[start:]
        yield torch.from_numpy(ids), torch.from_numpy(aim)


def orthogonal(g, steps=5):
    """Newton-Schulz iteration of Muon (Jordan et al. 2024)."""
    x = g / (g.norm() + 1e-7)
    turned = x.size(0) > x.size(1)
    if turned:
        x = x.T
    for _ in range(steps):
        a = x @ x.T
        x = 3.4445 * x + (-4.7750 * a + 2.0315 * a @ a) @ x
    return x.T if turned else x


class Muon(torch.optim.Optimizer):
    def __init__(self, params, lr, momentum=0.95, decay=0.0):
        super().__init__(params, dict(lr=lr, momentum=momentum, decay=decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                state = self.state[p]
                if "m" not in state:
                    state["m"] = torch.zeros_like(p)
                m = state["m"].lerp_(p.grad, 1 - group["momentum"])
                update = orthogonal(p.grad.lerp(m, group["momentum"]))
                p.mul_(1 - group["lr"] * group["decay"])
                p.add_(update, alpha=-group["lr"] * max(1, p.size(0) / p.size(1)) ** 0.5)


def accuracy(model, tokenizer, path, most=200):
    """Share of answers that greedy decoding would write token for token, by suite and act (teacher-forced)."""
    hits = {}
    rows = list(lines(path))[:most]
    model.eval()
    with torch.no_grad():
        for row in rows:
            p, a = tokenizer.encode(row["prompt"]).ids, tokenizer.encode(row["answer"]).ids + [0]
            logits = model(torch.tensor([p + a]))[0, len(p) - 1 : -1]
            key = f"{row['suite']} {row['act']} {'told' if row['instruction'] not in ('none', 'plain') else 'plain'}"
            hits.setdefault(key, []).append(bool((logits.argmax(-1) == torch.tensor(a)).all()))
    model.train()
    return {key: (sum(v) / len(v), len(v)) for key, v in sorted(hits.items())}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True, help="folder with train-*.jsonl and held.jsonl")
    parser.add_argument("--out", required=True)
    parser.add_argument("--minutes", type=float, default=35, help="wall time; the learning rate falls to 0 at its end")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tokens", type=int, default=2048, help="tokens of a batch")
    parser.add_argument("--rate", type=float, default=0.02)
    parser.add_argument("--adam-rate", type=float, default=0.003)
    parser.add_argument("--copying", type=int, default=75, help="steps on random texts at the start")
    parser.add_argument("--renamed", type=float, default=0.5, help="share of questions with random names")
    parser.add_argument("--go-on", default=None, help="folder of a checkpoint to start from")
    parser.add_argument("--first", type=int, default=0, help="file of examples to begin with")
    parser.add_argument("--log", default=None, help="CSV of the loss")
    args = parser.parse_args()

    torch.set_num_threads(1)
    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    os.makedirs(args.out, exist_ok=True)
    first = sorted(glob.glob(f"{args.data}/train-*.jsonl"))[0]
    path = f"{args.go_on or args.out}/tokenizer.hf.json"
    if os.path.exists(path):
        tokenizer = Tokenizer.from_file(path)
    else:
        texts = (text for row in lines(first) for text in (row["prompt"], row["answer"]))
        tokenizer = train_tokenizer(texts, CONFIG["vocabulary"] - SENTENCES)
        tokenizer.save(path)
    whole = with_sentences(tokenizer)
    assert whole.get_vocab_size() == CONFIG["vocabulary"], whole.get_vocab_size()
    model = Micro(CONFIG)
    named = dict(model.named_parameters())
    if args.go_on:
        model.load_state_dict(torch.load(f"{args.go_on}/model.pt")["model"])
        tokenizer.save(f"{args.out}/tokenizer.hf.json")
    matrices = [p for name, p in named.items() if name.endswith("weight") and "embed" not in name]
    others = [p for name, p in named.items() if not (name.endswith("weight") and "embed" not in name)]
    optimizers = [
        Muon(matrices, lr=args.rate, decay=0.02),
        torch.optim.AdamW(others, lr=args.adam_rate, betas=(0.9, 0.98), weight_decay=0.0, fused=True),
    ]
    rates = [args.rate, args.adam_rate]
    print(f"torch {torch.__version__}, python {platform.python_version()}, {sum(p.numel() for p in model.parameters())} parameters")
    log = open(args.log or f"{args.out}/loss.csv", "w", newline="")
    writer = csv.writer(log)
    writer.writerow(["step", "tokens", "seconds", "loss", "rate"])
    start, step, seen, total, counted = time.time(), 0, 0, 0.0, 0
    last_save = start
    shard = args.first

    def save():
        torch.save({"model": model.state_dict(), "config": CONFIG, "step": step, "tokens": seen}, f"{args.out}/model.pt.tmp")
        os.replace(f"{args.out}/model.pt.tmp", f"{args.out}/model.pt")

    def learn(loss, factor):
        for optimizer, rate in zip(optimizers, rates):
            for group in optimizer.param_groups:
                group["lr"] = rate * factor
            optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimizer in optimizers:
            optimizer.step()

    # First it learns to copy: the second half of a random text is its first half.
    for early in range(args.copying):
        half = torch.randint(1, CONFIG["vocabulary"], (48, 20))
        ids = torch.cat([half, half], 1)
        aim = torch.full_like(ids, -1)
        aim[:, 20:-1] = ids[:, 21:]
        loss = model.loss(ids, aim)
        learn(loss, 1.0)
    if args.copying:
        print(f"copying: loss {loss.item():.4f} after {args.copying} steps, {time.time() - start:.0f} s", flush=True)

    while True:
        files = sorted(glob.glob(f"{args.data}/train-*.jsonl"))
        examples = encoded(tokenizer, whole, files[shard % len(files)], rng, args.renamed)
        shard += 1
        done = False
        for ids, aim in batches(examples, args.tokens, rng):
            spent = (time.time() - start) / (60 * args.minutes)
            if spent >= 1:
                done = True
                break
            # It rises over 100 steps, stays, and falls in the second half of the time.
            factor = min(1, (step + 1) / 100) * min(1, 2 * (1 - spent))
            loss = model.loss(ids, aim)
            learn(loss, factor)
            step += 1
            seen += ids.numel()
            total += loss.item()
            counted += 1
            if step % 50 == 0:
                row = [step, seen, round(time.time() - start, 1), round(total / counted, 4), round(rates[0] * factor, 6)]
                writer.writerow(row)
                log.flush()
                total, counted = 0.0, 0
                if step % 250 == 0:
                    print(*row, flush=True)
            if time.time() - last_save > 240:
                save()
                last_save = time.time()
                for key, (share, n) in accuracy(model, whole, f"{args.data}/held.jsonl").items():
                    print(f"  {key}: {share:.2f} of {n}", flush=True)
        if done:
            break
    save()
    for key, (share, n) in accuracy(model, whole, f"{args.data}/held.jsonl", 2000).items():
        print(f"  {key}: {share:.3f} of {n}", flush=True)


if __name__ == "__main__":
    main()

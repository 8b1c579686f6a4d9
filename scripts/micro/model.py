"""A decoder-only transformer that is good at copying: a token is found by the two tokens before it too."""
import torch
import torch.nn.functional as F
from torch import nn

CONFIG = {"vocabulary": 2048, "width": 128, "layers": 4, "heads": 4, "hidden": 512, "context": 512}


def normed(x):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6)


def turned(x, cos, sin):
    """Rotary positions; x [..., T, head], cos and sin [T, head / 2]."""
    a, b = x.chunk(2, -1)
    return torch.cat([a * cos - b * sin, a * sin + b * cos], -1)


class Block(nn.Module):
    def __init__(self, c):
        super().__init__()
        d = c["width"]
        self.heads = c["heads"]
        # What is looked for in a token is mixed of itself, the one before and the one before that.
        self.mix = nn.Parameter(torch.tensor([0.5, 0.6, 0.3])[:, None].repeat(1, d))
        self.query = nn.Linear(d, d, bias=False)
        self.key = nn.Linear(d, d, bias=False)
        self.value = nn.Linear(d, d, bias=False)
        self.out = nn.Linear(d, d, bias=False)
        self.up = nn.Linear(d, c["hidden"], bias=False)
        self.down = nn.Linear(c["hidden"], d, bias=False)
        self.scale = nn.Parameter(torch.full((c["heads"],), 5.0))
        for layer in (self.query, self.key, self.value, self.up):
            nn.init.normal_(layer.weight, std=d**-0.5)
        for layer in (self.out, self.down):
            nn.init.zeros_(layer.weight)

    def forward(self, x, cos, sin, mask, past, before):
        """x [B, T, d]; past [2, B, H, P, head] or None; before [B, 2, d]: what the two tokens before x mixed from."""
        B, T, d = x.shape
        h = normed(x)
        line = torch.cat([before, h], 1)
        mixed = h * self.mix[0] + line[:, 1:-1] * self.mix[1] + line[:, :-2] * self.mix[2]
        q, k, v = (
            layer(y).view(B, T, self.heads, d // self.heads).transpose(1, 2)
            for layer, y in ((self.query, h), (self.key, mixed), (self.value, h))
        )
        q, k = turned(normed(q), cos, sin), turned(normed(k), cos, sin)
        q = q * self.scale[:, None, None]
        if past is None:
            y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        else:
            k, v = torch.cat([past[0], k], 2), torch.cat([past[1], v], 2)
            scores = q @ k.transpose(-1, -2) * (d // self.heads) ** -0.5 + mask
            y = scores.softmax(-1) @ v
        y = y.transpose(1, 2).reshape(B, T, d)
        x = x + self.out(y)
        x = x + self.down(F.relu(self.up(normed(x))).square())
        return x, torch.stack([k, v]), line[:, -2:]


class Micro(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c = c
        self.embed = nn.Embedding(c["vocabulary"], c["width"])
        nn.init.normal_(self.embed.weight, std=0.5)
        self.blocks = nn.ModuleList(Block(c) for _ in range(c["layers"]))
        half = c["width"] // c["heads"] // 2
        angle = torch.arange(c["context"])[:, None] * 1000.0 ** (-torch.arange(half) / half)
        self.register_buffer("cos", angle.cos(), persistent=False)
        self.register_buffer("sin", angle.sin(), persistent=False)
        self.temperature = nn.Parameter(torch.tensor(c["width"] ** -0.5))

    def hidden(self, ids):
        B, T = ids.shape
        x = self.embed(ids)
        zeros = x.new_zeros(B, 2, self.c["width"])
        for block in self.blocks:
            x, _, _ = block(x, self.cos[:T], self.sin[:T], None, None, zeros)
        return normed(x)

    def head(self, x):
        return x @ self.embed.weight.T * self.temperature

    def forward(self, ids):
        return self.head(self.hidden(ids))

    def loss(self, ids, aim):
        """Mean cross entropy of the answers' tokens; aim is -1 where nothing is asked."""
        wanted = aim >= 0
        return F.cross_entropy(self.head(self.hidden(ids)[wanted]), aim[wanted])

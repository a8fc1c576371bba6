"""The PyTorch columns: steps as one writes them with autograd, and the fastest layout of a swarm. Prints JSON, times in ms."""

import json
import statistics
import time

import torch

torch.set_num_threads(1)  # two threads on two busy cores cost more than they give
START, TARGET, RATE = [0.5, 0.25, 0.75], [2.0, -1.0, 0.0], 0.1
A = torch.tensor([[1.0, 1.0, 0.0], [0.0, 1.0, 1.0]])
B = torch.tensor([1.0, 0.5])


def autograd_steps(steps=1000):
    """Gradient by autograd, pseudoinverse at every step."""
    x = torch.tensor(START, requires_grad=True)
    target = torch.tensor(TARGET)
    for _ in range(steps):
        loss = ((x - target) ** 2).sum()
        (slope,) = torch.autograd.grad(loss, x)
        with torch.no_grad():
            moved = x - RATE * slope
            x = moved - torch.linalg.pinv(A) @ (A @ moved - B)
        x.requires_grad_(True)
    return x.detach()


def trained_steps(steps=1000):
    """The loop as articles on constrained training write it: an optimizer, then the projection of the parameters."""
    x = torch.nn.Parameter(torch.tensor(START))
    target = torch.tensor(TARGET)
    optimizer = torch.optim.SGD([x], lr=RATE)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = ((x - target) ** 2).sum()
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            x.copy_(x - torch.linalg.pinv(A) @ (A @ x - B))
    return x.detach()


def planar_swarm(starts=100_000, steps=1000):
    """One array an entry, in place."""
    a, b, c = (torch.rand(starts) * 2 - 1 for _ in range(3))
    with torch.no_grad():
        for _ in range(steps):
            a.mul_(1 - 2 * RATE).add_(2 * RATE * TARGET[0])
            b.mul_(1 - 2 * RATE).add_(2 * RATE * TARGET[1])
            c.mul_(1 - 2 * RATE).add_(2 * RATE * TARGET[2])
            r, s = a + b - B[0], b + c - B[1]
            a.sub_(r, alpha=2 / 3).add_(s, alpha=1 / 3)
            b.sub_(r, alpha=1 / 3).sub_(s, alpha=1 / 3)
            c.add_(r, alpha=1 / 3).sub_(s, alpha=2 / 3)
    return torch.stack([a[0], b[0], c[0]])


def measured(name, work, repeats):
    work()
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        x = work()
        times.append(1000 * (time.perf_counter() - began))
    error = float((x - torch.tensor([1.5, -0.5, 1.0])).abs().max())
    return {"name": name, "ms": statistics.median(times), "samples": times, "error": error}


print(
    json.dumps(
        {
            "version": torch.__version__,
            "columns": [
                measured("1000 steps, autograd and pinv every step", autograd_steps, 5),
                measured("1000 steps, optim.SGD, backward, pinv every step", trained_steps, 5),
                measured("swarm 100000 x 1000, one array an entry, in place", planar_swarm, 3),
            ],
        }
    )
)

# Writes src/core/reference/torch-optimizers.json: iterates of torch.optim in float64, one run for each combination of settings.
#   python scripts/torch-optimizers.py      (the file says which version made it)
import itertools
import json
import math
from pathlib import Path

import torch

torch.set_default_dtype(torch.float64)
START = [0.875, -1.5, 0.25]
STEPS = 12


def loss(x):
    a, b, c = x
    return (a - b**2) ** 2 + (b + c) ** 2 / 2 + (c**4 + a**2) / 8 + a * c + 3 * b


def grid(**axes):
    """Every combination; an option that is None is left out."""
    for values in itertools.product(*axes.values()):
        yield {name: value for name, value in zip(axes, values) if value is not None}


# name in the app -> name in torch.optim
NAMES = {"learningRate": "lr", "weightDecay": "weight_decay", "epsilon": "eps", "learningRateDecay": "lr_decay",
         "initialAccumulator": "initial_accumulator_value"}
CLASSES = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam, "adamax": torch.optim.Adamax, "adamw": torch.optim.AdamW,
           "rmsprop": torch.optim.RMSprop, "adagrad": torch.optim.Adagrad}


def runs():
    for kind in CLASSES:
        base = {"kind": kind, "learningRate": 0.25 if kind == "adagrad" else 0.05}
        decays = [None, 0.125]
        if kind == "sgd":
            options = [o for o in grid(momentum=[None, 0.875], dampening=[None, 0.25], nesterov=[None, True], weightDecay=decays)
                       if ("momentum" in o or ("dampening" not in o and "nesterov" not in o))
                       and not ("dampening" in o and "nesterov" in o)]
        elif kind in ("adam", "adamw"):
            options = list(grid(beta1=[None, 0.75], beta2=[None, 0.9], amsgrad=[None, True], weightDecay=decays))
            options += [{"epsilon": 0.5}, {"epsilon": 0.5, "amsgrad": True}]
        elif kind == "adamax":
            options = list(grid(beta1=[None, 0.75], beta2=[None, 0.5], weightDecay=decays))
            options += [{"epsilon": 0.5}]
        elif kind == "rmsprop":
            options = list(grid(alpha=[None, 0.75], centered=[None, True], momentum=[None, 0.875], weightDecay=decays))
        else:
            options = list(grid(learningRateDecay=[None, 0.125], initialAccumulator=[None, 0.5], weightDecay=decays))
        for option in options:
            yield {**base, **option}
        for training in (
            {"schedule": "step", "schedulePeriod": 4, "scheduleFactor": 0.5},
            {"schedule": "cosine"},
            {"schedule": "warm-up", "schedulePeriod": 5},
            {"schedule": "inverse-root"},
            {"clipGradient": True, "clipNorm": 1.5},
        ):
            yield {**base, **training}


def scheduler(optimizer, settings):
    schedule, period = settings.get("schedule"), settings.get("schedulePeriod")
    rates = torch.optim.lr_scheduler
    if schedule == "step":
        return rates.StepLR(optimizer, period, settings["scheduleFactor"])
    if schedule == "cosine":
        return rates.LambdaLR(optimizer, lambda done: (1 + math.cos(math.pi * done / STEPS)) / 2)
    if schedule == "warm-up":
        return rates.LambdaLR(optimizer, lambda done: min(1, (done + 1) / period))
    if schedule == "inverse-root":
        return rates.LambdaLR(optimizer, lambda done: 1 / math.sqrt(done + 1))
    return None


TRAINING = {"kind", "schedule", "schedulePeriod", "scheduleFactor", "clipGradient", "clipNorm", "beta1", "beta2"}


def last(settings):
    options = {NAMES.get(name, name): value for name, value in settings.items() if name not in TRAINING}
    if "beta1" in settings or "beta2" in settings:
        options["betas"] = (settings.get("beta1", 0.9), settings.get("beta2", 0.999))
    if settings["kind"] == "adamw":
        options.setdefault("weight_decay", 0.01)
    x = torch.nn.Parameter(torch.tensor(START))
    optimizer = CLASSES[settings["kind"]]([x], **options)
    rates = scheduler(optimizer, settings)
    found = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss(x).backward()
        if settings.get("clipGradient"):
            torch.nn.utils.clip_grad_norm_([x], settings["clipNorm"])
        optimizer.step()
        if rates:
            rates.step()
        found.append(x.tolist())
    return [found[0], found[1], found[-1]]


cases = [{"optimizer": settings, "iterates": last(settings)} for settings in runs()]
path = Path(__file__).parent.parent / "src/core/reference/torch-optimizers.json"
lines = ",\n".join("    " + json.dumps(case) for case in cases)
path.write_text(f'{{\n  "torch": "{torch.__version__}",\n  "start": {START},\n  "steps": [1, 2, {STEPS}],\n  "cases": [\n{lines}\n  ]\n}}\n')
print(len(cases))

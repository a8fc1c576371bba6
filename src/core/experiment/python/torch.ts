/** PyTorch as a library of arrays, for what has no idiom there: slopes by autograd, averaged over the workers. */
import { TORCH } from '../../language/print-python.ts';
import { LIBRARY } from './library.ts';
import { randomLibrary } from './numpy.ts';
import type { ArrayLibrary } from './target.ts';

const positions = (list: readonly number[]): string => `[${list.join(', ')}]`;

const SHARED = new Set(['replace', 'jacobian_of', 'average', 'check_same']);

export const torch: ArrayLibrary = {
  id: 'pytorch',
  title: 'PyTorch',
  module: 'torch',
  imports:
    'import argparse\nimport json\nimport math\n\nimport torch\nimport torch.distributed as dist\nfrom torch.nn.utils import parametrize\n\ntorch.set_default_dtype(torch.float64)',
  notes: [
    'torchrun --nproc_per_node 2 <this file> --distributed',
    '                               the same on two workers: gradients are averaged, then each takes',
    '                               the same step and the same projection. Give each worker its own share',
    '                               of the data inside loss() to train on more than one machine can hold.',
    'Runs on PyTorch 1.13 and 2.',
  ],
  axis: 'dim',
  words: {
    array: 'tensor',
    max: 'torch.amax',
    maximum: 'maximum',
    minimum: 'minimum',
    where: 'pick',
    full: 'full',
    broadcast_to: 'broadcast_to',
  },
  derivatives: {
    gradient: (f) => `slope_of(lambda z: ${f}(z, t), flat)`,
    jvp: (f, x, direction) => `torch.autograd.functional.jvp(${f}, ${x}, ${direction})[1]`,
    vjp: (f, x, weights) => `torch.autograd.functional.vjp(${f}, ${x}, ${weights})[1]`,
    jacobian: (f) => `jacobian_of(lambda z: ${f}(z, t), flat)`,
    hessian: (f, x) => `average(torch.autograd.functional.hessian(${f}, ${x}))`,
  },
  compared: (call) => `average(${call}.detach().clone())`,
  addAt: (name, index, part) => `${name}[${index}] += ${part}`,
  loops: 'python',
  reverses: false,
  takesNumbers: false,
  decorator: null,
  problem: {
    language: TORCH,
    array: 'torch.tensor',
    join: 'torch.cat',
    positive: (a) => `torch.relu(${a})`,
    nothing: 'flat.new_zeros(0)',
    rows: 'tensor(a).reshape(-1)',
    number: (a) => `tensor(${a})`,
  },
  affine: {
    array: 'torch.tensor',
    zeros: 'torch.zeros',
    positions,
    pseudoinverse: (A) => `torch.linalg.pinv(${A}, rtol=1e-10)`,
  },
  positions,
  main: {
    options: [
      'parser.add_argument("--distributed", action="store_true", help="under torchrun: one of several workers")',
    ],
    start: [
      'if arguments.distributed:',
      '    dist.init_process_group("gloo")',
      'speaks = not arguments.distributed or dist.get_rank() == 0',
    ],
    speaks: 'speaks',
    check: 'check_same(x)',
    after: ['if arguments.distributed:', '    dist.destroy_process_group()'],
    end: ['records["workers"] = dist.get_world_size() if arguments.distributed else 1'],
    time: 'torch.tensor(float(t))',
  },
  library: `
${LIBRARY.filter(({ name }) => SHARED.has(name))
  .map(({ code }) => code)
  .join('\n\n\n')}


def slope_of(f, x):
    """The gradient of f at x, the mean over all workers."""
    x = x.detach().clone().requires_grad_()
    (slope,) = torch.autograd.grad(f(x), x)
    return average(slope)


def vector(*entries):
    """Numbers as one vector."""
    return torch.stack([tensor(entry) for entry in entries])


def join(*parts):
    """Numbers and vectors, end to end."""
    return torch.cat([tensor(part).reshape(-1) for part in parts])


def maximum(a, b):
    return torch.maximum(tensor(a), tensor(b))


def minimum(a, b):
    return torch.minimum(tensor(a), tensor(b))


def pick(condition, a, b):
    """a where the condition holds, else b."""
    return torch.where(torch.as_tensor(condition), tensor(a), tensor(b))


def full(size, entry):
    return torch.full([size] if isinstance(size, int) else size, entry)


def broadcast_to(a, size):
    return torch.broadcast_to(tensor(a), [size] if isinstance(size, int) else size)


def pseudoinverse(A):
    """Of Moore and Penrose; singular values below 1e-10 of the largest count as 0."""
    return torch.linalg.pinv(A, rtol=1e-10)


def whole(a):
    return torch.as_tensor(a).long()


${randomLibrary('torch')}`,
};

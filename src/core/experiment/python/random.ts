/** The random numbers of a run in Python, bit for bit those of core/tensor/threefry.ts. */

/** `threefry(key, counter)`: of numbers and of arrays alike. */
export const THREEFRY = `def threefry(key, counter):
    """Threefry-2x32, 20 rounds (Salmon, Moraes, Dror & Shaw 2011): random bits as a function of whole numbers."""
    keys = [key[0], key[1], 0x1BD11BDA ^ key[0] ^ key[1]]
    x, y = (counter[0] + keys[0]) % 2**32, (counter[1] + keys[1]) % 2**32
    for turn in range(20):
        by = [13, 15, 26, 6, 17, 29, 16, 24][turn % 8]
        x = (x + y) % 2**32
        y = ((y << by) | (y >> (32 - by))) % 2**32 ^ x
        if turn % 4 == 3:
            k = (turn + 1) // 4
            x, y = (x + keys[k % 3]) % 2**32, (y + keys[(k + 1) % 3] + k) % 2**32
    return x, y`;

/** `threefry(key, counter)` and `uniform(count, t)`: the numbers in (0, 1) of step t. `seed` is a whole number below 2³². */
export const uniformNumbers = (seed: number, stream: number): readonly string[] => [
  THREEFRY,
  `RANDOM_KEY = (${seed % 2 ** 32}, ${stream * 2 ** 24})  # seed and stream`,
  `def uniform(count, t):
    """Numbers in (0, 1), new at every step and the same in every run."""
    return torch.tensor([((threefry(RANDOM_KEY, (t, k))[0] >> 9) + 0.5) / 2**23 for k in range(count)])`,
];

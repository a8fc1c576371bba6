/** The peers, as columns of contests. They are installed beside the bench only, so nothing here is imported by the app. */

/** One piece of work of one peer. */
export interface PeerWork {
  run(): Promise<void>;
  result(): Promise<ArrayLike<number>>;
}

export interface Peer {
  readonly name: string;
  matmul(a: Float32Array, b: Float32Array, shape: readonly [number, number, number]): PeerWork;
  pseudoinverse(a: Float32Array, shape: readonly [number, number], iterations: number): PeerWork;
  /** Of gradient and projection on the problem of two rows. */
  steps(start: readonly number[], steps: number, rate: number): PeerWork;
}

/** Those that open here; why the others do not is told. */
export async function openPeers(tell: (reason: string) => void): Promise<Peer[]> {
  const peers: Peer[] = [];
  for (const [name, open] of [
    ['jax-js WebGPU', async () => (await import('./jax.mjs')).openJax()],
    ['tfjs WebGPU', async () => (await import('./tfjs.mjs')).openTfjs()],
  ] as const) {
    try {
      peers.push({ ...(await open()), name });
    } catch (reason) {
      tell(`${name}: ${reason instanceof Error ? reason.message : String(reason)}`);
    }
  }
  return peers;
}

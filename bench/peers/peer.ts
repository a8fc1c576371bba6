/** The peers, as columns of contests. They are installed beside the bench only, so nothing here is imported by the app. */

/** One piece of work of one peer. */
export interface PeerWork {
  run(): Promise<void>;
  /** So many times, none of which waits for the one before; waits once. Absent where only single calls are measured. */
  many?(count: number): Promise<void>;
  result(): Promise<ArrayLike<number>>;
}

export interface Peer {
  readonly name: string;
  matmul(a: Float32Array, b: Float32Array, shape: readonly [number, number, number]): PeerWork;
  readonly pseudoinverse?: (a: Float32Array, shape: readonly [number, number], iterations: number) => PeerWork;
  /** Of gradient and projection on the problem of two rows. Absent where the peer has no such loop. */
  readonly steps?: (start: readonly number[], steps: number, rate: number) => PeerWork;
  /** SGD on sum((max(0, X W + c) V + d − G)²) / batch; the result is d. Absent where the peer only infers. */
  readonly training?: (work: TrainingWork) => PeerWork;
}

export interface TrainingWork {
  readonly batch: number;
  readonly sizes: readonly [inputs: number, hidden: number, outputs: number];
  readonly steps: number;
  readonly rate: number;
  readonly X: Float32Array;
  readonly G: Float32Array;
  /** W, c, V, d end to end. */
  readonly start: Float32Array;
}

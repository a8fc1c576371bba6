/** Opens the peers that are installed. */
import type { Peer } from './peer.ts';

/** Those that open here; why the others do not is told. */
export async function openPeers(tell: (reason: string) => void): Promise<Peer[]> {
  const peers: Peer[] = [];
  for (const [name, open] of [
    ['jax-js WebGPU', async () => (await import('./jax.mjs')).openJax()],
    ['tfjs WebGPU', async () => (await import('./tfjs.mjs')).openTfjs()],
    ['onnxruntime-web WebGPU', async () => (await import('./ort.mjs')).openOrt()],
  ] as const) {
    try {
      peers.push({ ...(await open()), name });
    } catch (reason) {
      tell(`${name}: ${reason instanceof Error ? reason.message : String(reason)}`);
    }
  }
  return peers;
}

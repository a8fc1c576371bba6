/** In place of `open.ts` where the peers are not installed. */
import type { Peer } from './peer.ts';

export const openPeers = async (tell: (reason: string) => void): Promise<Peer[]> => {
  tell('The other libraries are not installed here; `npm run bench` installs and measures them.');
  return [];
};

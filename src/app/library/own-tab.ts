/** A name for this tab that no other open tab has: a reload keeps it, and work that a closed tab left goes on under the name of that. */
export interface OwnTab {
  /** As it is now. */
  name(): Promise<string>;
  /** Takes the name of a tab that is closed; false where that is open, and where nobody can tell. */
  takeOver(name: string): Promise<boolean>;
}

/** Of `LockManager`: a name that no other page holds, for as long as what `hold` gives is under way; null where one does. */
export interface Locks {
  request(
    name: string,
    options: { readonly ifAvailable: true },
    hold: (lock: object | null) => Promise<void> | undefined,
  ): Promise<unknown>;
}

/** The part of the browser that is needed. Frames without an origin refuse the storage and the locks. */
interface Browser {
  readonly sessionStorage: Pick<Storage, 'getItem' | 'setItem'>;
  readonly navigator: { readonly locks?: Locks };
  readonly crypto: Pick<Crypto, 'getRandomValues'>;
}

const KEY = 'feasible.tab';

export function createOwnTab(browser: Browser): OwnTab {
  /** Held for as long as the page is there. */
  const claim = (name: string): Promise<boolean> =>
    new Promise((resolve) => {
      const { locks } = browser.navigator;
      if (locks === undefined) return resolve(false);
      const hold = (lock: object | null) => {
        resolve(lock !== null);
        return lock === null ? undefined : new Promise<void>(() => undefined);
      };
      locks.request(`${KEY}/${name}`, { ifAvailable: true }, hold).catch(() => resolve(false));
    });
  const remember = (name: string): string => {
    try {
      browser.sessionStorage.setItem(KEY, name);
    } catch {
      // Refused: a reload is another tab.
    }
    return name;
  };
  const remembered = (): string | null => {
    try {
      return browser.sessionStorage.getItem(KEY);
    } catch {
      return null;
    }
  };
  async function begin(): Promise<string> {
    const before = remembered();
    const isCopy = before !== null && browser.navigator.locks !== undefined && !(await claim(before));
    if (before !== null && !isCopy) return before;
    const name = browser.crypto.getRandomValues(new Uint32Array(2)).join('-');
    await claim(name);
    return remember(name);
  }
  let own: Promise<string> | null = null;
  const name = () => {
    own ??= begin();
    return own;
  };
  return {
    name,
    async takeOver(other) {
      if (other === (await name())) return true;
      if (!(await claim(other))) return false;
      own = Promise.resolve(remember(other));
      return true;
    },
  };
}

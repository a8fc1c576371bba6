/** Where the reader's system gives all colours, what the page paints by itself, as in space, is for that background, whatever the page was set to. */
import { useMediaQuery } from '@mantine/hooks';

const AT_ONCE = { getInitialValueInEffect: false };

export function useForcedScheme(): { readonly forceColorScheme?: 'light' | 'dark' } {
  const isForced = useMediaQuery('(forced-colors: active)', undefined, AT_ONCE);
  const isDark = useMediaQuery('(prefers-color-scheme: dark)', undefined, AT_ONCE);
  return isForced ? { forceColorScheme: isDark ? 'dark' : 'light' } : {};
}

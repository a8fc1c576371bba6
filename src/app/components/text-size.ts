/** Larger text, for a projector or tired eyes: kept on this device, and no part of an experiment. */
import { useLocalStorage } from '@mantine/hooks';
import { useEffect } from 'react';

export type TextSize = 'normal' | 'large';

export const useTextSize = () =>
  useLocalStorage<TextSize>({
    key: 'feasible-text-size',
    defaultValue: 'normal',
    getInitialValueInEffect: false,
    deserialize: (kept) => (kept === '"large"' ? 'large' : 'normal'),
  });

/** Once in the page: the size stands at the root, where styles read it. */
export function useTextSizeOfPage(): void {
  const [size] = useTextSize();
  useEffect(() => {
    document.documentElement.dataset.textSize = size;
    return () => {
      delete document.documentElement.dataset.textSize;
    };
  }, [size]);
}

import { useEffect, useState } from 'preact/hooks';

/** True while the window is at least so many pixels wide. */
export function useWide(pixels: number): boolean {
  const [media] = useState(() => matchMedia(`(min-width: ${pixels}px)`));
  const [wide, setWide] = useState(media.matches);
  useEffect(() => {
    const follow = (): void => setWide(media.matches);
    media.addEventListener('change', follow);
    return () => media.removeEventListener('change', follow);
  }, [media]);
  return wide;
}

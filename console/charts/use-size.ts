import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

/** Width and height of an element in CSS pixels, kept as it changes; zeros until it is measured. */
export function useSize(element: RefObject<HTMLElement | null>): readonly [width: number, height: number] {
  const [size, setSize] = useState<readonly [number, number]>([0, 0]);
  useLayoutEffect(() => {
    const measured = element.current;
    if (measured === null) return;
    const sizes = new ResizeObserver(() => setSize([measured.clientWidth, measured.clientHeight]));
    sizes.observe(measured);
    setSize([measured.clientWidth, measured.clientHeight]);
    return () => sizes.disconnect();
  }, [element]);
  return size;
}

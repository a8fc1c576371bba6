/** Tells where the eye of a graph in space stands, once the reader has turned it and let go. */
import { useEffect, useRef } from 'react';
import { type Camera, readCamera } from '../../figures/camera.ts';
import type { Plot } from './plot-host.ts';
import { cameraOf } from './plot-view.ts';

interface CameraWatchProps {
  readonly plot: Plot;
  readonly onCamera: (camera: Camera) => void;
}

const REST_MS = 250;

export function CameraWatch({ plot, onCamera }: CameraWatchProps) {
  const newest = useRef(onCamera);
  useEffect(() => {
    newest.current = onCamera;
  }, [onCamera]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let told = JSON.stringify(readCamera(cameraOf(plot.element)));
    const tell = () => {
      const camera = readCamera(cameraOf(plot.element));
      const name = JSON.stringify(camera);
      if (camera === null || name === told) return;
      told = name;
      newest.current(camera);
    };
    const release = () => {
      clearTimeout(timer);
      timer = setTimeout(tell, REST_MS); // a turned camera glides on a little
    };
    plot.element.addEventListener('pointerup', release, { capture: true });
    plot.element.addEventListener('wheel', release, { capture: true, passive: true });
    return () => {
      clearTimeout(timer);
      plot.element.removeEventListener('pointerup', release, { capture: true });
      plot.element.removeEventListener('wheel', release, { capture: true });
    };
  }, [plot]);
  return null;
}

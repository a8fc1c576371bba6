/** Where the eye of an opened experiment stands, or which part of the plane it shows. */
import { useEffect, useRef, useState } from 'react';
import { isSameLandscape } from '../../store/landscape.ts';
import { useStore } from '../../store/use-store.ts';

/** The camera with which the experiment was opened. What is turned or zoomed later stays with the graph; another problem has none. */
export function useGivenCamera(problem: string): unknown {
  const opened = useStore((store) => store.opened);
  const camera = useStore(({ view }) => view.camera);
  const changeView = useStore((store) => store.changeView);
  const isOfNow = useStore(({ picture, study }) => picture !== null && isSameLandscape(picture.study, study));
  const [given, setGiven] = useState({ opened, camera });
  const before = useRef({ opened: -1, problem: '' });
  if (given.opened !== opened) setGiven({ opened, camera });
  useEffect(() => {
    if (!isOfNow) return;
    const isOther = before.current.opened === opened && before.current.problem !== problem;
    before.current = { opened, problem };
    if (!isOther) return;
    setGiven({ opened, camera: undefined });
    changeView({ camera: undefined });
  }, [opened, problem, isOfNow, changeView]);
  return given.camera;
}

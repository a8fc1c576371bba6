/** A question for a point, in the picture: the click that answers it, and afterwards the mark of what was guessed. */
import { PlaceLayer } from '../../components/plot/drag-handle.tsx';
import type { Plot } from '../../components/plot/plot-host.ts';
import { type Point, usePixel } from '../../components/plot/plot-point.ts';
import { isAsking, type OpenLesson, stepOf } from '../../store/lesson-slice.ts';
import { useStore } from '../../store/use-store.ts';
import classes from './lesson-panel.module.css';

export default function GuessLayer({ plot, open }: { readonly plot: Plot; readonly open: OpenLesson }) {
  const guess = useStore((store) => store.guess);
  if (stepOf(open)?.ask.kind !== 'point') return null;
  if (isAsking(open)) return <PlaceLayer plot={plot} request="Pick your guess" label="Guess here" onPlace={guess} />;
  return typeof open.guess === 'object' && open.guess !== null ? <Mark plot={plot} point={open.guess} /> : null;
}

function Mark({ plot, point }: { readonly plot: Plot; readonly point: Point }) {
  const pixel = usePixel(plot, point);
  return (
    pixel && (
      <span className={classes.guessed} style={{ left: pixel[0], top: pixel[1] }}>
        your guess
      </span>
    )
  );
}

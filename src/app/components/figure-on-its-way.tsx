/**
 * Where a figure will be: the drawing that stood on the page before any script goes on moving there, until the first figure is drawn or
 * another problem than the drawn one is open.
 */
import { Skeleton } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import classes from '../opening.module.css';

let picture: Element | null = null;
const listeners = new Set<() => void>();

/** Null: it has had its time. */
export const keepFirstPicture = (drawing: Element | null): void => {
  if (drawing === picture) return;
  picture = drawing;
  for (const listener of listeners) listener();
};

let tellDrawn: () => void;

/** Resolves once a figure is drawn. */
export const firstFigure = new Promise<void>((resolve) => {
  tellDrawn = resolve;
});

export function figureIsDrawn(): void {
  keepFirstPicture(null);
  tellDrawn();
}

const follow = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export function FigureOnItsWay() {
  const drawing = useSyncExternalStore(follow, () => picture);
  return drawing ? (
    <div
      className={classes.picture}
      style={{ flex: 1, width: '100%', height: '100%' }}
      ref={(place) => place?.replaceChildren(drawing)}
    />
  ) : (
    <Skeleton flex={1} h="100%" radius="md" aria-label="Loading the figure" />
  );
}

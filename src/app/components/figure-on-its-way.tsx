/** Where a figure will be: the drawing that stood on the page before any script goes on moving there, until the first figure is drawn. */
import { Skeleton } from '@mantine/core';
import classes from '../opening.module.css';

let picture: Element | null = null;

/** Null: it has had its time. */
export const keepFirstPicture = (drawing: Element | null): void => {
  picture = drawing;
};

export const FigureOnItsWay = () =>
  picture ? (
    <div
      className={classes.picture}
      style={{ flex: 1, width: '100%', height: '100%' }}
      ref={(place) => place?.replaceChildren(...(picture ? [picture] : []))}
    />
  ) : (
    <Skeleton flex={1} h="100%" radius="md" aria-label="Loading the figure" />
  );

/** The change that mends what the words above it tell. */
import { Button } from '@mantine/core';
import type { MouseEvent } from 'react';
import classes from './fix-button.module.css';

interface FixButtonProps {
  readonly title: string;
  readonly onClick: (event: MouseEvent<HTMLButtonElement>) => void;
}

export const FixButton = ({ title, onClick }: FixButtonProps) => (
  <Button size="compact-sm" variant="light" mt={4} me={4} className={classes.button ?? ''} onClick={onClick}>
    {title}
  </Button>
);

/** The change that mends what the words above it tell. */
import { Button } from '@mantine/core';
import classes from './fix-button.module.css';

export const FixButton = ({ title, onClick }: { readonly title: string; readonly onClick: () => void }) => (
  <Button size="compact-sm" variant="light" mt={4} me={4} className={classes.button ?? ''} onClick={onClick}>
    {title}
  </Button>
);

/** Terms and what is known of each, in two columns. */
import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './problem-panel.module.css';

export interface Fact {
  readonly term: string;
  readonly fact: ReactNode;
}

interface FactListProps {
  readonly facts: readonly Fact[];
  /** What a screen reader calls the list. */
  readonly label?: string;
}

export const FactList = ({ facts, label }: FactListProps) => (
  <dl className={classes.facts} aria-label={label}>
    {facts.map(({ term, fact }) => (
      <div key={term}>
        <Text component="dt" size="xs" c="dimmed">
          {term}
        </Text>
        <Text component="dd" size="xs">
          {fact}
        </Text>
      </div>
    ))}
  </dl>
);

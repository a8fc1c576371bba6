/** What the marks of a figure mean. Runs have their own cards; this names the rest. */
import { Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Figure } from '../figures/figure.ts';
import { lookOf } from '../figures/look.ts';
import type { Scene } from '../figures/scene.ts';

export interface FigureKeyProps {
  readonly scene: Scene;
  /** What is drawn: a set that the shown axes do not see needs no entry. */
  readonly figure: Figure;
}

export function FigureKey({ scene, figure }: FigureKeyProps) {
  const { theme, optimum, optimumLoss, field, runs, axes } = scene;
  const look = lookOf(theme);
  return (
    <Group gap="6px 14px">
      {field && (
        <Entry text={scene.sense === 'maximize' ? 'objective, high to low' : 'loss, low to high'}>
          {look.field.map(([at, color]) => (
            <rect key={at} x={1 + 16 * at} y="3" width="5" height="10" fill={color} />
          ))}
        </Entry>
      )}
      {figure.setLabel && (
        <Entry text={figure.setLabel}>
          <line x1="1" y1="8" x2="21" y2="8" stroke={look.accent} strokeWidth="2.5" strokeLinecap="round" />
        </Entry>
      )}
      {runs.length > 0 && (
        <Entry text="start">
          <circle cx="11" cy="8" r="4" fill={look.surface} stroke={look.ink} strokeWidth="1.5" />
        </Entry>
      )}
      {optimum && (axes.length > 1 || optimumLoss !== undefined) && (
        <Entry text="optimum">
          <circle cx="11" cy="8" r="6" fill="none" stroke={look.ink} strokeWidth="2" />
        </Entry>
      )}
    </Group>
  );
}

const Entry = ({ text, children }: { readonly text: string; readonly children: ReactNode }) => (
  <Group gap={6} wrap="nowrap">
    <svg width={22} height={16} viewBox="0 0 22 16" aria-hidden="true" focusable="false">
      {children}
    </svg>
    <Text size="xs" c="dimmed">
      {text}
    </Text>
  </Group>
);

/** What the marks of a figure mean. Runs have their own cards; this names the rest. */
import { Button, Group, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type ReactNode, useId } from 'react';
import type { Figure } from '../../figures/figure.ts';
import { type Look, lookOf } from '../../figures/look.ts';
import type { Scene } from '../../figures/scene.ts';
import { HELD_DASH } from './arrow-canvas.ts';
import classes from './figure-key.module.css';

export interface FigureKeyProps {
  readonly scene: Scene;
  /** What is drawn: a set that the shown axes do not see needs no entry. */
  readonly figure: Figure;
  /** The arrows at the head of the run at this position; null where the figure has none. */
  readonly forces?: { readonly run: number; readonly isOn: boolean; toggle(): void } | null;
}

/** On a phone the key would take the room of the picture: it opens below its row, and stays as it was left. */
export function FoldedFigureKey({ children, ...props }: FigureKeyProps & { readonly children: ReactNode }) {
  const [isOpen, { toggle }] = useDisclosure();
  const id = useId();
  return (
    <>
      <Group justify="space-between" gap="xs" px="xs" py={2}>
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          aria-expanded={isOpen}
          aria-controls={id}
          rightSection={isOpen ? '▴' : '▾'}
          onClick={toggle}
        >
          Key
        </Button>
        {children}
      </Group>
      <div id={id} hidden={!isOpen} className={classes.folded}>
        <FigureKey {...props} />
      </div>
    </>
  );
}

export function FigureKey({ scene, figure, forces = null }: FigureKeyProps) {
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
      {forces && <ForcesEntry forces={forces} scene={scene} look={look} />}
    </Group>
  );
}

/** A switch: the arrows are many at once, and a reader who knows them wants the plain picture. */
function ForcesEntry({
  forces: { run, isOn, toggle },
  scene: { runs, sets, sense },
  look,
}: {
  readonly forces: NonNullable<FigureKeyProps['forces']>;
  readonly scene: Scene;
  readonly look: Look;
}) {
  const label = runs.find(({ id }) => id === String(run))?.label ?? '';
  const away = sense === 'maximize' ? '∇f, uphill' : '−∇f, downhill';
  return (
    <UnstyledButton
      className={classes.switch}
      aria-pressed={isOn}
      aria-label="Arrows at the playhead"
      title={`Arrows at the playhead of ${label}: ${isOn ? 'hide' : 'show'}`}
      onClick={toggle}
    >
      {isOn ? (
        <>
          <ArrowEntry text={away} color={look.ink} width={4} />
          {sets.length > 0 && (
            <>
              <ArrowEntry text="its allowed part" color={look.free} width={2} />
              <ArrowEntry text="its part held back" color={look.accent} width={1.75} dash={HELD_DASH.join(' ')} />
              <ArrowEntry text="constraint normal" color={look.accent} width={1.25} isOpen />
            </>
          )}
        </>
      ) : (
        <ArrowEntry text="arrows off" color={look.muted} width={2} />
      )}
    </UnstyledButton>
  );
}

interface ArrowEntryProps {
  readonly text: string;
  readonly color: string;
  readonly width: number;
  readonly dash?: string;
  readonly isOpen?: boolean;
}

const ArrowEntry = ({ text, color, width, dash, isOpen = false }: ArrowEntryProps) => (
  <Entry text={text}>
    <line
      x1="1"
      y1="8"
      x2={isOpen ? 20 : 14}
      y2="8"
      stroke={color}
      strokeWidth={width}
      {...(dash && { strokeDasharray: dash })}
    />
    <path
      d={isOpen ? 'M15 4.5 L21 8 L15 11.5' : 'M13 4 L21 8 L13 12 Z'}
      fill={isOpen ? 'none' : color}
      stroke={isOpen ? color : 'none'}
      strokeWidth={width}
    />
  </Entry>
);

const Entry = ({ text, children }: { readonly text: string; readonly children: ReactNode }) => (
  <Group gap={6} wrap="nowrap" component="span">
    <svg width={22} height={16} viewBox="0 0 22 16" aria-hidden="true" focusable="false">
      {children}
    </svg>
    <Text size="xs" c="dimmed" span>
      {text}
    </Text>
  </Group>
);

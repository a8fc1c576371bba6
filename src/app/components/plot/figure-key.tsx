/** What the marks of a figure mean. Runs have their own cards; this names the rest, and the runs where the cards are out of sight. */
import { Button, Group, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { memo, type ReactNode, useId } from 'react';
import type { Figure } from '../../figures/figure.ts';
import { type Look, lookOf } from '../../figures/look.ts';
import type { Scene, Theme } from '../../figures/scene.ts';
import { RunSample } from '../run-sample.tsx';
import { useSteady } from '../use-steady.ts';
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
      <div id={id} hidden={!isOpen} data-key={isOpen || undefined} className={classes.folded}>
        <RunEntries runs={props.scene.runs} />
        <FigureKey {...props} />
      </div>
    </>
  );
}

const RunEntries = ({ runs }: Pick<Scene, 'runs'>) => (
  <Group gap="4px 14px" mb={4}>
    {runs.map(
      ({ id, label, visible, ...look }) =>
        visible && (
          <Group key={id} gap={6} wrap="nowrap" component="span">
            <RunSample {...look} />
            <Text size="xs" span>
              {label}
            </Text>
          </Group>
        ),
    )}
  </Group>
);

/** The entries follow from few words: scenes that differ in numbers have the same, which is not drawn anew. */
export function FigureKey({ scene, figure, forces = null }: FigureKeyProps) {
  const { theme, sense = 'minimize', optimum, optimumLoss, field, sets, runs, axes } = scene;
  const toggle = useSteady(() => forces?.toggle());
  return (
    <Entries
      theme={theme}
      sense={sense}
      setLabel={figure.setLabel}
      hasField={field !== undefined}
      hasSets={sets.length > 0}
      hasRuns={runs.length > 0}
      hasOptimum={optimum !== undefined && (axes.length > 1 || optimumLoss !== undefined)}
      arrowsOf={forces && (runs.find(({ id }) => id === String(forces.run))?.label ?? '')}
      hasArrows={forces?.isOn ?? false}
      onArrows={toggle}
    />
  );
}

interface EntriesProps {
  readonly theme: Theme;
  readonly sense: 'minimize' | 'maximize';
  readonly setLabel: Figure['setLabel'];
  readonly hasField: boolean;
  readonly hasSets: boolean;
  readonly hasRuns: boolean;
  readonly hasOptimum: boolean;
  /** The run whose head can have arrows; null where none can. */
  readonly arrowsOf: string | null;
  readonly hasArrows: boolean;
  readonly onArrows: () => void;
}

const Entries = memo(function Entries(props: EntriesProps) {
  const { theme, sense, setLabel, hasField, hasRuns, hasOptimum, arrowsOf } = props;
  const look = lookOf(theme);
  return (
    <Group gap="6px 14px">
      {hasField && (
        <Entry text={sense === 'maximize' ? 'objective, high to low' : 'loss, low to high'}>
          {look.field.map(([at, color]) => (
            <rect key={at} x={1 + 16 * at} y="3" width="5" height="10" fill={color} />
          ))}
        </Entry>
      )}
      {setLabel && (
        <Entry text={setLabel}>
          <line x1="1" y1="8" x2="21" y2="8" stroke={look.accent} strokeWidth="2.5" strokeLinecap="round" />
        </Entry>
      )}
      {hasRuns && (
        <Entry text="start">
          <circle cx="11" cy="8" r="4" fill={look.surface} stroke={look.ink} strokeWidth="1.5" />
        </Entry>
      )}
      {hasOptimum && (
        <Entry text="optimum">
          <circle cx="11" cy="8" r="6" fill="none" stroke={look.ink} strokeWidth="2" />
        </Entry>
      )}
      {arrowsOf !== null && <ForcesEntry {...props} run={arrowsOf} look={look} />}
    </Group>
  );
});

/** A switch: the arrows are many at once, and a reader who knows them wants the plain picture. */
function ForcesEntry({
  run,
  hasArrows,
  hasSets,
  sense,
  look,
  onArrows,
}: Pick<EntriesProps, 'hasArrows' | 'hasSets' | 'sense' | 'onArrows'> & { readonly run: string; readonly look: Look }) {
  const away = sense === 'maximize' ? '∇f, uphill' : '−∇f, downhill';
  return (
    <UnstyledButton
      className={classes.switch}
      aria-pressed={hasArrows}
      aria-label="Arrows at the playhead"
      title={`Arrows at the playhead of ${run}: ${hasArrows ? 'hide' : 'show'}`}
      onClick={onArrows}
    >
      {hasArrows ? (
        <>
          <ArrowEntry text={away} color={look.ink} width={4} />
          {hasSets && (
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

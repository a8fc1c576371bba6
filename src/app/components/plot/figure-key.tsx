/** What the marks of a figure mean. Runs have their own cards; this names the rest. */
import { Group, Text, UnstyledButton } from '@mantine/core';
import { memo, type ReactNode } from 'react';
import type { Figure } from '../../figures/figure.ts';
import { type Look, lookOf } from '../../figures/look.ts';
import type { Scene, Theme } from '../../figures/scene.ts';
import { ALONE_NAME, FLAT_HATCH_NAME, HATCH_NAME } from '../../figures/set-traces.ts';
import { useSteady } from '../use-steady.ts';
import { HELD_DASH } from './arrow-canvas.ts';
import classes from './figure-key.module.css';

const START = 'Where the runs begin.';

const HATCHED = {
  [HATCH_NAME]: 'The points that break a constraint.',
  [FLAT_HATCH_NAME]: 'The points that break an inequality. Others off the set break an equality.',
} as const;

export interface FigureKeyProps {
  readonly scene: Scene;
  /** What is drawn: a set that the shown axes do not see needs no entry. */
  readonly figure: Figure;
  /** The arrows at the head of the run at this position; null where the figure has none. */
  readonly forces?: { readonly run: number; readonly isOn: boolean; toggle(): void } | null;
}

/** The entries follow from few words: scenes that differ in numbers have the same, which is not drawn anew. */
export function FigureKey({ scene, figure, forces = null }: FigureKeyProps) {
  const { theme, sense = 'minimize', optimum, optimumLoss, field, sets, runs, axes } = scene;
  const toggle = useSteady(() => forces?.toggle());
  return (
    <Entries
      theme={theme}
      sense={sense}
      setLabel={figure.setLabel}
      hasAlone={isDrawn(figure, ALONE_NAME)}
      hatch={([HATCH_NAME, FLAT_HATCH_NAME] as const).find((name) => isDrawn(figure, name)) ?? null}
      isSlice={sets.some((set) => 'isSlice' in set && set.isSlice)}
      hasField={field !== undefined}
      hasSets={sets.length > 0}
      hasStart={runs.length > 0 || axes.length === 2} // before the first run, as a handle in the plane
      hasOptimum={optimum !== undefined && (axes.length > 1 || optimumLoss !== undefined)}
      arrowsOf={forces && (runs.find(({ id }) => id === String(forces.run))?.label ?? '')}
      hasArrows={forces?.isOn ?? false}
      onArrows={toggle}
    />
  );
}

const isDrawn = ({ data }: Figure, trace: string): boolean => data.some((one) => 'name' in one && one.name === trace);

interface EntriesProps {
  readonly theme: Theme;
  readonly sense: 'minimize' | 'maximize';
  readonly setLabel: Figure['setLabel'];
  /** Whether constraints are drawn one by one: no point keeps all, or a single one does. */
  readonly hasAlone: boolean;
  /** What hatching means; null where nothing is hatched. */
  readonly hatch: keyof typeof HATCHED | null;
  /** Whether the plane cuts the feasible set, so that what the paths reach may lie off it. */
  readonly isSlice: boolean;
  readonly hasField: boolean;
  readonly hasSets: boolean;
  readonly hasStart: boolean;
  readonly hasOptimum: boolean;
  /** The run whose head can have arrows; null where none can. */
  readonly arrowsOf: string | null;
  readonly hasArrows: boolean;
  readonly onArrows: () => void;
}

const Entries = memo(function Entries(props: EntriesProps) {
  const { theme, sense, setLabel, hasAlone, hatch, isSlice, hasField, hasStart, hasOptimum, arrowsOf } = props;
  const look = lookOf(theme);
  return (
    <Group gap="6px 14px">
      {hasField && (
        <Entry
          text={sense === 'maximize' ? 'objective, high to low' : 'loss, low to high'}
          says={`The colour is the ${sense === 'maximize' ? 'objective' : 'loss'} at each point. The thin lines join points where it is equal.`}
        >
          {look.field.map(([at, color]) => (
            <rect key={at} x={1 + 16 * at} y="3" width="5" height="10" fill={color} />
          ))}
        </Entry>
      )}
      {setLabel && (
        <Entry text={setLabel} says="The points that keep every constraint.">
          <line x1="1" y1="8" x2="21" y2="8" stroke={look.accent} strokeWidth="2.5" strokeLinecap="round" />
        </Entry>
      )}
      {hasAlone && (
        <Entry text={ALONE_NAME} says="Where each constraint is met exactly, whatever the others ask.">
          <line x1="1" y1="8" x2="21" y2="8" stroke={look.accent} strokeWidth="1.5" strokeDasharray="6 3" />
        </Entry>
      )}
      {hatch !== null && (
        <Entry text={hatch} says={HATCHED[hatch]}>
          <path d="M2 14 L9 2 M8 14 L15 2 M14 14 L21 2" stroke={look.muted} strokeWidth="1" />
        </Entry>
      )}
      {isSlice && (
        <Entry
          text="paths: their shadow on it"
          says="The picture is one plane among more directions. What lies off it is drawn at its nearest point of the plane."
        >
          <path d="M2 13 C7 4 13 13 20 4" fill="none" stroke={look.ink} strokeWidth="1.5" />
        </Entry>
      )}
      {hasStart && (
        <Entry text="start" says={START}>
          <circle cx="11" cy="8" r="4" fill={look.surface} stroke={look.ink} strokeWidth="1.5" />
        </Entry>
      )}
      {hasOptimum && <OptimumEntry look={look} />}
      {arrowsOf !== null && <ForcesEntry {...props} run={arrowsOf} look={look} />}
    </Group>
  );
});

const OptimumEntry = ({ look }: { readonly look: Look }) => (
  <Entry text="optimum" says="The best feasible point that is known.">
    <circle cx="11" cy="8" r="6" fill="none" stroke={look.ink} strokeWidth="2" />
  </Entry>
);

interface EntriesKeyProps {
  readonly theme: Theme;
  /** How the start is drawn: a ring in each plane, a dotted line across all entries; null where it is not. */
  readonly start: 'ring' | 'line' | null;
  readonly hasOptimum: boolean;
  /** Each sign that is written on entries, with what it means. */
  readonly signs?: readonly { readonly sign: string; readonly meaning: string }[];
}

/** Of a picture of many entries at once. */
export function EntriesKey({ theme, start, hasOptimum, signs = [] }: EntriesKeyProps) {
  const look = lookOf(theme);
  return (
    <Group gap="6px 14px">
      {start === 'ring' && (
        <Entry text="start" says={START}>
          <circle cx="11" cy="8" r="4" fill="none" stroke={look.ink} strokeWidth="1.5" />
        </Entry>
      )}
      {start === 'line' && (
        <Entry text="start" says={START}>
          <line x1="1" y1="8" x2="21" y2="8" stroke={look.muted} strokeWidth="1.5" strokeDasharray="2 3" />
        </Entry>
      )}
      {hasOptimum && <OptimumEntry look={look} />}
      {signs.map(({ sign, meaning }) => (
        <Entry key={sign} text={meaning}>
          <text x="11" y="12.5" textAnchor="middle" fontSize="13" fill={look.ink}>
            {sign}
          </text>
        </Entry>
      ))}
    </Group>
  );
}

/** A switch: the arrows are many at once, and a reader who knows them wants the plain picture. */
function ForcesEntry({
  run,
  hasArrows,
  hasSets,
  sense,
  look,
  onArrows,
}: Pick<EntriesProps, 'hasArrows' | 'hasSets' | 'sense' | 'onArrows'> & { readonly run: string; readonly look: Look }) {
  const steepest =
    sense === 'maximize'
      ? 'Where the objective rises fastest, at the playhead.'
      : 'Where the loss falls fastest, at the playhead.';
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
          <ArrowEntry text={away} says={steepest} color={look.ink} width={4} />
          {hasSets && (
            <>
              <ArrowEntry
                text="its allowed part"
                says="Its part along the constraints: the way that they leave free."
                color={look.free}
                width={2}
              />
              <ArrowEntry
                text="its part held back"
                says="Its part at right angles to the constraints: the way that they bar."
                color={look.accent}
                width={1.75}
                dash={HELD_DASH.join(' ')}
              />
              <ArrowEntry
                text="constraint normal"
                says="At right angles to a constraint that is met exactly: the way out of it."
                color={look.accent}
                width={1.25}
                isOpen
              />
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
  readonly says?: string;
  readonly color: string;
  readonly width: number;
  readonly dash?: string;
  readonly isOpen?: boolean;
}

const ArrowEntry = ({ text, says, color, width, dash, isOpen = false }: ArrowEntryProps) => (
  <Entry text={text} {...(says && { says })}>
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

interface EntryProps {
  readonly text: string;
  /** In a sentence, for a newcomer whose pointer rests on it. */
  readonly says?: string;
  readonly children: ReactNode;
}

const Entry = ({ text, says, children }: EntryProps) => (
  <Group gap={6} wrap="nowrap" component="span" title={says}>
    <svg width={22} height={16} viewBox="0 0 22 16" aria-hidden="true" focusable="false">
      {children}
    </svg>
    <Text size="xs" c="dimmed" span>
      {text}
    </Text>
  </Group>
);

/** Along which two directions the slice of the loss goes. */
import { Button, NativeSelect } from '@mantine/core';
import type { SliceAlong, ViewJson } from '../../../core/experiment/experiment.ts';
import { AxisPicker } from '../../components/axis-picker.tsx';

const CHOICES: readonly { readonly value: SliceAlong; readonly label: string }[] = [
  { value: 'end', label: 'Along −∇f, and to the end of the run' },
  { value: 'parts', label: 'What is allowed of −∇f, what is held back' },
  { value: 'components', label: 'Where the paths move most' },
  { value: 'random', label: 'Two random directions' },
  { value: 'entries', label: 'Two parameters' },
];

/** The two entries that the view names, where the problem has them; else the first two. */
export function slicedEntries(names: readonly string[], axes: readonly string[] = []): readonly [number, number] {
  const [first = -1, second = -1] = axes.map((axis) => names.indexOf(axis));
  return first >= 0 && second >= 0 && first !== second ? [first, second] : [0, 1];
}

/** What the view names, where this version knows it. */
export const sliceAlong = ({ slice }: ViewJson): SliceAlong =>
  CHOICES.find(({ value }) => value === slice?.along)?.value ?? 'end';

interface SlicePickerProps {
  readonly names: readonly string[];
  readonly view: ViewJson;
  readonly onView: (patch: ViewJson) => void;
}

export function SlicePicker({ names, view, onView }: SlicePickerProps) {
  const { slice = {}, axes } = view;
  const { seed = 0 } = slice;
  const along = sliceAlong(view);
  const change = (value: string) => {
    const chosen = CHOICES.find((choice) => choice.value === value);
    if (chosen) onView({ slice: { ...slice, along: chosen.value } });
  };
  return (
    <>
      <NativeSelect
        size="xs"
        maw={300}
        flex="1 1 auto"
        aria-label="Directions of the slice"
        value={along}
        data={[...CHOICES]}
        onChange={(event) => change(event.currentTarget.value)}
      />
      {along === 'random' && (
        <Button size="compact-sm" variant="default" onClick={() => onView({ slice: { ...slice, seed: seed + 1 } })}>
          Another draw
        </Button>
      )}
      {along === 'entries' && (
        <AxisPicker
          parameterNames={names}
          axes={slicedEntries(names, axes)}
          onAxes={(chosen) => onView({ axes: chosen.flatMap((entry) => names[entry] ?? []) })}
        />
      )}
    </>
  );
}

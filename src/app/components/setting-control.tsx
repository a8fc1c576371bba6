/** The control of one setting, made from its declaration. Nothing given means the default. */
import { ActionIcon, Group, Select, Slider, Switch, Text, TextInput, Tooltip } from '@mantine/core';
import type { ChoiceSetting, CountSetting, Setting, ValueSetting } from '../../core/contracts.ts';
import { objection } from '../../core/experiment/chosen-settings.ts';
import { shortNumber } from '../number-text.ts';
import { parseArray } from './editor/array-text.ts';
import { ResetIcon } from './icons.tsx';
import { NumberField } from './number-field.tsx';
import classes from './setting-control.module.css';
import { sliderScale } from './slider-scale.ts';

interface ControlProps<Kind extends Setting> {
  readonly setting: Kind;
  /** As in the experiment; undefined where it is left out. */
  readonly given: unknown;
  /** What an automatic setting came to. */
  readonly automatic?: number | undefined;
  /** undefined: automatic again. */
  readonly onChange: (value: unknown) => void;
}

const isNumber = (given: unknown): given is number => typeof given === 'number';

const isWrong = (setting: Setting, given: unknown): boolean =>
  given !== undefined && objection(setting, given) !== null;

const written = (given: unknown): string => (typeof given === 'string' ? given : JSON.stringify(given));

/** What stands in a field of numbers although it is none. */
const otherThanNumber = (given: unknown): string | undefined =>
  given === undefined || isNumber(given) ? undefined : written(given);

const numberOr = (given: unknown, preset: number): number => (isNumber(given) ? given : preset);

function ValueControl({ setting, given, automatic, onChange }: ControlProps<ValueSetting>) {
  const value = numberOr(given, automatic ?? setting.default);
  const scale = sliderScale(setting);
  return (
    <>
      <Slider
        className={classes.slider ?? ''}
        size={4}
        thumbSize={14}
        min={scale.min}
        max={scale.max}
        step={scale.step}
        value={scale.toPosition(value)}
        label={(position) => shortNumber(scale.toValue(position), 3)}
        thumbLabel={setting.title}
        onChange={(position) => onChange(scale.toValue(position))}
      />
      <NumberField
        className={classes.number ?? ''}
        aria-label={`${setting.title}, ${setting.symbol}`}
        value={value}
        given={otherThanNumber(given)}
        error={isWrong(setting, given)}
        range={setting.range}
        step={scale.neighbour}
        onCommit={onChange}
      />
    </>
  );
}

function WholeControl({ setting, given, onChange }: ControlProps<CountSetting | ValueSetting>) {
  return (
    <NumberField
      className={classes.number ?? ''}
      aria-label={setting.title}
      value={numberOr(given, setting.default)}
      given={otherThanNumber(given)}
      error={isWrong(setting, given)}
      range={setting.range}
      isWhole
      step={(value, direction) => value + direction}
      onCommit={onChange}
    />
  );
}

/** A choice that is none of the options. */
const otherOption = ({ options }: ChoiceSetting, given: unknown) =>
  given === undefined || options.some((option) => option === given)
    ? []
    : [{ value: written(given), label: written(given), disabled: true }];

function Control({ setting, given, automatic, onChange }: ControlProps<Setting>) {
  if (setting.role === 'value' && setting.isWhole)
    return <WholeControl setting={setting} given={given} onChange={onChange} />;
  if (setting.role === 'value')
    return <ValueControl setting={setting} given={given} automatic={automatic} onChange={onChange} />;
  if (setting.role === 'data') {
    const text = given === undefined ? '' : written(given);
    return (
      <TextInput
        className={classes.wide ?? ''}
        aria-label={setting.title}
        placeholder={`automatic, or ${['1', '[1, 0]', '[[1, 0], [0, 1]]'][setting.rank]}`}
        key={text}
        defaultValue={text}
        error={isWrong(setting, given)}
        onBlur={(event) => onChange(parseArray(event.currentTarget.value))}
      />
    );
  }
  switch (setting.kind) {
    case 'count':
      return <WholeControl setting={setting} given={given} onChange={onChange} />;
    case 'choice':
      return (
        <Select
          className={classes.wide ?? ''}
          aria-label={setting.title}
          data={[
            ...setting.options.map((option) => ({
              value: option,
              label: option.replaceAll('-', ' '),
              disabled: false,
            })),
            ...otherOption(setting, given),
          ]}
          error={isWrong(setting, given)}
          value={given === undefined ? setting.default : written(given)}
          onChange={(option) => onChange(option ?? undefined)}
        />
      );
    case 'toggle':
      return (
        <Switch
          size="xs"
          aria-label={setting.title}
          checked={typeof given === 'boolean' ? given : setting.default}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
  }
}

export function SettingControl({ setting, given, automatic, onChange }: ControlProps<Setting>) {
  const [letter = '', index] = setting.role === 'value' ? setting.symbol.split('_') : [];
  const fault = given === undefined ? null : objection(setting, given);
  return (
    <div className={classes.setting} data-role={setting.role}>
      <Group gap={6} wrap="nowrap" className={classes.title ?? ''}>
        <Text size="xs" component="span" lh={1.25}>
          {setting.title}
        </Text>
        {letter !== '' && (
          <Text size="xs" component="span" c="dimmed" className={classes.symbol ?? ''}>
            {letter}
            {index && <sub>{index}</sub>}
          </Text>
        )}
        {given === undefined && setting.role === 'value' && setting.isAutomatic && (
          <Tooltip label="Computed from the problem. Change it to choose it yourself.">
            <Text size="xs" component="span" c="dimmed">
              auto
            </Text>
          </Tooltip>
        )}
        {given !== undefined && (
          <Tooltip label={setting.role === 'value' && setting.isAutomatic ? 'Automatic again' : 'Back to the default'}>
            <ActionIcon
              color="gray"
              className={classes.reset ?? ''}
              size={24}
              aria-label={`Reset ${setting.title}`}
              onClick={() => onChange(undefined)}
            >
              <ResetIcon size={12} />
            </ActionIcon>
          </Tooltip>
        )}
      </Group>
      <div className={classes.control}>
        <Control setting={setting} given={given} automatic={automatic} onChange={onChange} />
      </div>
      {fault !== null && (
        <Text size="xs" className={classes.fault ?? ''}>
          It {fault}
        </Text>
      )}
    </div>
  );
}

/** Settings of catalogue entries: what a reader may choose, and what that is inside `init` and `step`. */
import type { Tensor } from './tensor/ops.ts';

/** Where a setting matters: where another one has one of these values. */
export interface Condition {
  readonly setting: string;
  readonly is: readonly (string | boolean)[];
}

interface Conditional {
  /** Elsewhere it changes nothing, and is not shown. Left out: everywhere. */
  readonly onlyWith?: Condition;
}

/** A number that a run reads from a buffer: moving its slider recompiles nothing. In `step` it is a scalar tensor. */
export interface ValueSetting extends Conditional {
  readonly role: 'value';
  /** As in the formula: η, ρ, β₁. */
  readonly symbol: string;
  readonly title: string;
  readonly default: number;
  /** Least and greatest accepted value. */
  readonly range: readonly [number, number];
  readonly scale: 'linear' | 'log';
  /** Left out, it is computed from the problem; `default` holds where that is not possible. */
  readonly isAutomatic?: boolean;
  /** Only whole numbers: a seed. */
  readonly isWhole?: boolean;
}

/** A whole number, a choice or a switch that shapes the program itself. In `step` it is a plain value. */
export interface CountSetting extends Conditional {
  readonly role: 'structure';
  readonly kind: 'count';
  readonly title: string;
  readonly default: number;
  readonly range: readonly [number, number];
}
export interface ChoiceSetting<Option extends string = string> extends Conditional {
  readonly role: 'structure';
  readonly kind: 'choice';
  readonly title: string;
  readonly default: Option;
  readonly options: readonly Option[];
}
export interface ToggleSetting extends Conditional {
  readonly role: 'structure';
  readonly kind: 'toggle';
  readonly title: string;
  readonly default: boolean;
}

/** Numbers that may be given (a start, a basis, a radius); absent by default. In `step` they are a tensor or null. */
export interface ArraySetting extends Conditional {
  readonly role: 'data';
  readonly title: string;
  readonly rank: 0 | 1 | 2;
}

export type Setting = ValueSetting | CountSetting | ChoiceSetting | ToggleSetting | ArraySetting;
export type Settings = Readonly<Record<string, Setting>>;

/** What a setting is inside `init` and `step`. */
type ResolvedSetting<S extends Setting> = S extends ValueSetting
  ? Tensor
  : S extends ArraySetting
    ? Tensor | null
    : S extends CountSetting
      ? number
      : S extends ToggleSetting
        ? boolean
        : S extends ChoiceSetting<infer Option>
          ? Option
          : never;
export type Resolved<S extends Settings> = { readonly [Name in keyof S]: ResolvedSetting<S[Name]> };

export type Numbers = readonly number[] | readonly (readonly number[])[];

/** What a run gives: validated values, before they become tensors. */
type ChosenSetting<S extends Setting> = S extends ValueSetting
  ? number
  : S extends ArraySetting
    ? number | Numbers | null
    : ResolvedSetting<S>;
export type Chosen<S extends Settings> = { readonly [Name in keyof S]: ChosenSetting<S[Name]> };

/** A number in a buffer; `scale: 'log'` where its effect goes by ratios. */
export const value = (
  symbol: string,
  title: string,
  preset: number,
  range: readonly [number, number],
  scale: 'linear' | 'log' = 'linear',
): ValueSetting => ({ role: 'value', symbol, title, default: preset, range, scale });

/** A number for which theory gives a value: left out, it is computed from the problem. */
export const automatic = (
  symbol: string,
  title: string,
  fallback: number,
  range: readonly [number, number],
  scale: 'linear' | 'log' = 'linear',
): ValueSetting => ({ ...value(symbol, title, fallback, range, scale), isAutomatic: true });

/** A number from which random ones are drawn; it is added to the experiment's own. */
export const seed = (title: string): ValueSetting => ({ ...value('s', title, 0, [0, 1_000_000]), isWhole: true });

export const count = (title: string, preset: number, range: readonly [number, number]): CountSetting => ({
  role: 'structure',
  kind: 'count',
  title,
  default: preset,
  range,
});

export const choice = <const Option extends string>(
  title: string,
  options: readonly Option[],
  preset: NoInfer<Option>,
): ChoiceSetting<Option> => ({
  role: 'structure',
  kind: 'choice',
  title,
  default: preset,
  options,
});

export const toggle = (title: string, preset = false): ToggleSetting => ({
  role: 'structure',
  kind: 'toggle',
  title,
  default: preset,
});

export const array = (title: string, rank: 0 | 1 | 2): ArraySetting => ({ role: 'data', title, rank });

/** A setting that matters only where another one has one of the values. */
export const onlyWith = <S extends Setting>(setting: string, is: Condition['is'], own: S): S => ({
  ...own,
  onlyWith: { setting, is },
});

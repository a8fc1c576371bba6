/** `data X[100, 3], y[100] = regression(seed=1)` and `data X, y = houses(target=price)` → arrays of numbers. */
import type { Chosen, DataArray, Dataset, Setting, Settings, Table } from '../contracts.ts';
import { at, type Diagnostic, type Fix, type Span } from '../diagnostic.ts';
import type { DataStatement } from '../language/document.ts';
import { isDraw, ONLY_PARAMETERS } from '../language/draws-elsewhere.ts';
import type { CallExpr, Expr, NameExpr, Option } from '../language/expr.ts';
import { count, MAX_TENSOR_ENTRIES, tooLargeTensor } from '../language/limits.ts';
import { nearest } from '../language/nearest.ts';
import { constantOf } from './parameters.ts';
import { identifierOf } from './table.ts';
import { wholeNumber } from './whole-number.ts';

/** What a text may name beside its own numbers. */
export interface DataSources {
  readonly datasets: readonly Dataset[];
  /** Tables of data sets that are loaded, by id. */
  readonly loaded: ReadonlyMap<string, Table>;
  /** Tables of the experiment, by name. */
  readonly tables: Readonly<Record<string, Table>>;
}

export const NO_DATA: DataSources = { datasets: [], loaded: new Map(), tables: {} };

type Report = (message: string, span: Span, fix?: Fix) => null;

/** One array for each declared name, in order; null where something was reported. */
export function arraysOf(
  { declared, value }: DataStatement & { readonly value: CallExpr | NameExpr },
  sources: DataSources,
  diagnostics: Diagnostic[],
): readonly DataArray[] | null {
  const report: Report = (message, span, fix) => {
    diagnostics.push({ severity: 'error', message, span, ...(fix && { fix }) });
    return null;
  };
  const { name } = value;
  const table = Object.hasOwn(sources.tables, name) ? sources.tables[name] : undefined;
  const dataset = sources.datasets.find(({ id }) => id === name);
  const call = value.kind === 'call' ? value : asCall(value);
  const [first] = declared;
  const asked = { rows: lengthAt(first?.shape, 0), columns: lengthAt(first?.shape, 1) };
  const wished = (asked.rows ?? 1) * (asked.columns ?? 1);
  if (wished > MAX_TENSOR_ENTRIES) return report(tooLargeTensor(wished), first?.span ?? value.span);
  const arrays = table
    ? fromTable(call, table, asked.rows, declared.length, report)
    : dataset
      ? fromDataset(call, dataset, asked, sources, diagnostics, report)
      : isDraw(name)
        ? report(ONLY_PARAMETERS, call.nameSpan, asRegression(call, declared))
        : refuseUnknown(call, sources, report);
  if (!arrays) return null;
  const extra = declared[arrays.length];
  if (extra) {
    const count = arrays.length === 1 ? 'one array' : `${arrays.length} arrays`;
    const last = arrays.length > 0 ? at(declared, arrays.length - 1) : extra;
    const shown = last.shape.at(-1);
    const from = shown ? shown.span[1] + 1 : last.span[1];
    const end = extra.shape.at(-1);
    const span: Span = [from, end ? end.span[1] + 1 : extra.span[1]];
    const fix = { title: `Leave ${extra.name} out`, span, insert: '' };
    return report(`${name} gives ${count}, so ${extra.name} has nothing to stand for.`, extra.span, fix);
  }
  return arrays;
}

export const asCall = ({ name, span }: NameExpr): CallExpr => ({
  kind: 'call',
  name,
  nameSpan: span,
  args: [],
  options: [],
  span,
});

function lengthAt(shape: readonly Expr[] | undefined, axis: number): number | null {
  const length = shape?.[axis] && wholeNumber(shape[axis]);
  return typeof length === 'number' && length >= 1 ? length : null;
}

/** `X = randn(500, 2000)`: the inputs of made-up regression are such a matrix. */
function asRegression({ name, args, span }: CallExpr, [first, second]: DataStatement['declared']): Fix | undefined {
  const [rows, columns] = [lengthAt(args, 0), lengthAt(args, 1)];
  if (!/^(?:randn|standard_normal)$/u.test(name) || args.length !== 2 || !rows || !columns || !first || second)
    return undefined;
  const insert = `${first.name}[${rows},${columns}] = regression()`;
  return { title: `Write ${insert}`, span: [first.span[0], span[1]], insert };
}

function refuseUnknown({ name, nameSpan }: CallExpr, { datasets, tables }: DataSources, report: Report): null {
  const known = [...Object.keys(tables), ...datasets.map(({ id }) => id)];
  const similar = nearest(name, known);
  if (similar) {
    const fix = { title: `Write ${similar}`, span: nameSpan, insert: similar };
    return report(`There is no data set ${name}. Did you mean ${similar}?`, nameSpan, fix);
  }
  const there = known.length > 0 ? ` There are ${known.join(', ')}.` : '';
  return report(`There is no data set ${name}.${there} Numbers can be written out: data a = [1, 2, 3].`, nameSpan);
}

// ── data sets of the catalogue ──

function fromDataset(
  call: CallExpr,
  dataset: Dataset,
  asked: { readonly rows: number | null; readonly columns: number | null },
  { loaded }: DataSources,
  diagnostics: Diagnostic[],
  report: Report,
): readonly DataArray[] | null {
  const [positional] = call.args;
  if (positional) return report(`Settings are given by name, as in ${dataset.example}.`, positional.span);
  const chosen: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(dataset.settings))
    chosen[name] = setting.role === 'data' ? null : setting.default;
  for (const option of call.options) {
    const value = settingOf(option, dataset.settings, call.name, diagnostics, report);
    if (value === null) return null;
    chosen[option.name] = value;
  }
  const settings = chosen as Chosen<Settings>; // every setting has its default or what was just validated
  const fault = dataset.fault?.(settings, asked);
  if (fault) return report(fault, call.span);
  if ('generate' in dataset) return dataset.generate(settings, asked);
  const table = loaded.get(dataset.id);
  return table
    ? dataset.select(table, settings, asked)
    : report(`The data set ${dataset.id} is not loaded.`, call.nameSpan);
}

function settingOf(
  { name, value, span }: Option,
  settings: Settings,
  dataset: string,
  diagnostics: Diagnostic[],
  report: Report,
): unknown {
  const setting = Object.hasOwn(settings, name) ? settings[name] : undefined;
  if (!setting) {
    const there = Object.keys(settings);
    const similar = nearest(name, there);
    const names = there.length > 0 ? `It has ${there.join(', ')}.` : 'It has none.';
    const nameSpan: Span = [span[0], span[0] + name.length];
    return report(
      `${dataset} has no setting ${name}. ${names}`,
      span,
      similar ? { title: `Write ${similar}`, span: nameSpan, insert: similar } : undefined,
    );
  }
  if (setting.role === 'structure' && setting.kind === 'choice') {
    if (value.kind === 'name' && setting.options.includes(value.name)) return value.name;
    const similar = (value.kind === 'name' && nearest(value.name, setting.options)) || at(setting.options, 0);
    const fix = { title: `Write ${similar}`, span: value.span, insert: similar };
    return report(`${name} is ${setting.options.join(' or ')}.`, value.span, fix);
  }
  const constant = constantOf(value, diagnostics, report);
  if (!constant) return null;
  const numbers = constant.in(constant.shape);
  const fault = faultOf(setting, constant.shape.length, numbers);
  if (fault) {
    const allowed = constant.shape.length === 0 ? allowedNumber(setting, at(numbers, 0)) : null;
    const fix = allowed === null ? undefined : { title: `Write ${allowed}`, span: value.span, insert: `${allowed}` };
    return report(`${name} ${fault}`, value.span, fix);
  }
  if (setting.role === 'data') return numbers;
  return setting.role === 'structure' && setting.kind === 'toggle' ? at(numbers, 0) !== 0 : at(numbers, 0);
}

/** The nearest number that the setting may have. */
function allowedNumber(setting: Setting, number: number): number | null {
  if (setting.role === 'data' || (setting.role === 'structure' && setting.kind !== 'count')) return null;
  const [least, most] = setting.range;
  const wanted = Number.isNaN(number) ? least : Math.min(most, Math.max(least, number));
  return setting.role === 'value' ? wanted : Math.round(wanted);
}

function faultOf(setting: Setting, rank: number, numbers: readonly number[]): string | null {
  if (!numbers.every(Number.isFinite)) return 'must be finite.';
  if (setting.role === 'data') return rank === setting.rank ? null : 'is a list of numbers, such as [0.5, 0.25].';
  if (rank > 0) return 'is one number.';
  const number = at(numbers, 0);
  if (setting.role === 'structure' && setting.kind !== 'count') return null;
  const [least, most] = setting.range;
  const isWhole = setting.role === 'value' || Number.isInteger(number);
  return isWhole && number >= least && number <= most
    ? null
    : `is a ${setting.role === 'value' ? '' : 'whole '}number from ${count(least)} to ${count(most)}.`;
}

// ── tables of the experiment ──

/** `houses` all columns; `houses(area, rooms)` these; `target=price` that one as second array, and not among the first. */
function fromTable(
  call: CallExpr,
  table: Table,
  rows: number | null,
  arrays: number,
  report: Report,
): readonly DataArray[] | null {
  const taken = table.rows.slice(0, rows ?? table.rows.length);
  const columnOf = (expr: Expr): number | null => {
    if (expr.kind !== 'name') return report('A column is given by its name.', expr.span);
    const position = positionOf(expr.name, table);
    if (position >= 0) return position;
    const names = table.columns.map(identifierOf);
    const similar = nearest(expr.name, names);
    const fix = similar ? { title: `Write ${similar}`, span: expr.span, insert: similar } : undefined;
    return report(`${call.name} has no column ${expr.name}. It has ${names.slice(0, 20).join(', ')}.`, expr.span, fix);
  };
  const vector = (column: number): DataArray => ({
    shape: [taken.length],
    values: Float64Array.from(taken, (row) => at(row, column)),
  });
  const odd = call.options.find(({ name }) => name !== 'target');
  if (odd) {
    const span: Span = [odd.span[0], odd.span[0] + odd.name.length];
    const fix = { title: 'Write target', span, insert: 'target' };
    return report(`${call.name} has the setting target, and no ${odd.name}.`, odd.span, fix);
  }
  if (taken.length === 0) return report(`The table ${call.name} has no rows.`, call.span);
  const [option] = call.options;
  const target = option ? columnOf(option.value) : undefined;
  const named = call.args.map(columnOf);
  if (target === null || named.includes(null)) return null;
  const asked = named.filter((column) => column !== null);
  if (target === undefined && asked.length === arrays) return asked.map(vector); // `data area, price = houses(area, price)`
  const columns = asked.length > 0 ? asked : table.columns.map((_, i) => i).filter((i) => i !== target);
  const values = Float64Array.from(taken.flatMap((row) => columns.map((column) => at(row, column))));
  const matrix: DataArray = { shape: [taken.length, columns.length], values };
  return target === undefined ? [matrix] : [matrix, vector(target)];
}

function positionOf(name: string, { columns }: Table): number {
  const exact = columns.findIndex((column) => column === name || identifierOf(column) === name);
  if (exact >= 0) return exact;
  return columns.findIndex((column) => identifierOf(column).toLowerCase() === name.toLowerCase());
}

/** A whole table as a matrix, for a text that names it. */
export const wholeTable = ({ columns, rows }: Table): DataArray => ({
  shape: [rows.length, columns.length],
  values: Float64Array.from(rows.flat()),
});

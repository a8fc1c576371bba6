/** Problem → Python functions: the loss as typed, and the constraints as tensors. */
import type { DataArray } from '../../contracts.ts';
import type { Expr } from '../../language/expr.ts';
import { type PythonLanguage, printPython, pythonFunctions, pythonName } from '../../language/print-python.ts';
import { reachableNames } from '../../problem/names.ts';
import type { Constraint, Definition, Parameter, Problem } from '../../problem/problem.ts';
import { type Block, blocksOf } from './library.ts';
import { comment, tensor } from './literal.ts';
import { rowsOf } from './setup.ts';

/** What a library of arrays calls the few functions that every script has. */
export interface ProblemWords {
  readonly language: PythonLanguage;
  readonly array: string;
  readonly join: string;
  readonly positive: (a: string) => string;
  readonly nothing: string;
  /** All entries as one vector. */
  readonly rows: string;
  readonly number: (a: string) => string;
}

/** The functions `loss`, `objective`, `equalities`, `inequalities`, `violation` of (flat, t), and what they use. */
export function problemBlocks(problem: Problem, steps: number, words: ProblemWords): Block[] {
  const { parameters, definitions, constraints, soft, loss } = problem;
  const declared = new Set([...parameters, ...definitions].map(({ name }) => name));
  const print = (expr: Expr) => printPython(expr, declared, words.language);
  const moving = movingNames(problem, declared);
  const isMoving = ({ name }: Definition) => moving.has(name);
  const expressions = [...constraints, ...soft].map(({ residual }) => residual);
  const all = [loss, ...expressions, ...definitions.flatMap(({ value, array }) => (array ? [] : [value]))];
  const constants = definitions.filter((definition) => !isMoving(definition));
  const [equalities, inequalities] = [ofRelation(constraints, 'equality'), ofRelation(constraints, 'inequality')];

  /** Statements that give the names in these expressions their values. */
  function names(exprs: readonly Expr[]): string[] {
    const used = reachableNames(exprs, definitions);
    return [
      ...(parameters.some(({ name }) => used.has(name))
        ? [`${unpackedNames(parameters, (name) => used.has(name))} = unpack(flat)`]
        : []),
      ...definitions
        .filter((definition) => isMoving(definition) && used.has(definition.name))
        .map(({ name, value }) => `${pythonName(name)} = ${print(value)}`),
    ];
  }
  const define = (name: string, exprs: readonly Expr[], says: string, body: readonly string[]): Block => ({
    name,
    code: [`def ${name}(flat, t):`, `"""${says}"""`, ...names(exprs), ...body].join('\n    '),
  });
  const rowsOf = (name: string, list: readonly Constraint[], says: string): Block =>
    define(
      name,
      list.map(({ residual }) => residual),
      says,
      list.length === 0
        ? [`return ${words.nothing}`]
        : [
            `return ${words.join}([`,
            ...list.map(({ residual, label, text }) => {
              const typed = comment(`${label === undefined ? '' : `${label}: `}${text}`);
              return `    rows(${print(residual)}),  # ${typed}`;
            }),
            '])',
          ],
    );
  const isConstant = ![...reachableNames([loss], definitions)].some((name) => parameters.some((p) => p.name === name));
  const softly = soft.map(({ residual, relation, weight }) => {
    const violation = relation === 'equality' ? `rows(${print(residual)})` : words.positive(`rows(${print(residual)})`);
    return `value = value + ${weight / 2} * (${violation}**2).sum()`;
  });
  const parts = [
    ...(equalities.length > 0 ? ['abs(equalities(flat, t))'] : []),
    ...(inequalities.length > 0 ? [words.positive('inequalities(flat, t)')] : []),
  ];
  const missed = parts.length === 1 ? parts[0] : `${words.join}([${parts.join(', ')}])`;
  return [
    ...blocksOf(pythonFunctions(all, words.language)),
    { name: 'rows', code: `def rows(a):\n    """All entries as one vector."""\n    return ${words.rows}` },
    ...(declared.has('T') ? [] : [{ name: 'T', code: `T = ${steps}  # number of steps` }]),
    ...constants.map(({ name, value, array }) => ({
      name: pythonName(name),
      code: `${pythonName(name)} = ${array ? tensor(nestedRows(array), words.array) : print(value)}`,
    })),
    {
      name: 'unpack',
      code: `def unpack(flat):\n    """The parameters, as views of one vector."""\n    return ${parameters.length === 1 ? `(${parameters.map(viewOf)},)` : parameters.map(viewOf).join(', ')}`,
    },
    define(
      'loss',
      [loss],
      problem.sense === 'maximize' ? 'What is maximised, with its sign turned.' : 'The loss as typed.',
      [`return ${isConstant ? `${words.number(print(loss))} + 0.0 * flat.sum()` : print(loss)}`],
    ),
    define(
      'objective',
      soft.map(({ residual }) => residual),
      'The loss, and half the weighted squares of what the soft constraints miss.',
      ['value = loss(flat, t)', ...softly, 'return value'],
    ),
    rowsOf('equalities', equalities, 'h(x, t), one entry a row: 0 where the constraints hold.'),
    rowsOf('inequalities', inequalities, 'g(x, t), one entry a row: at most 0 where the constraints hold.'),
    {
      name: 'violation',
      code: `def violation(flat, t):\n    """The largest |h| or max(g, 0)."""\n    return ${missed}.max()`,
    },
  ];
}

/** Row by row; a vector and a number as they are. */
function nestedRows({ shape, values }: DataArray): number | number[] | number[][] {
  const list = [...values];
  const [count, width] = shape;
  if (count === undefined) return list[0] ?? 0;
  return width === undefined ? list : rowsOf(list, count);
}

const ofRelation = (constraints: readonly Constraint[], relation: Constraint['relation']) =>
  constraints.filter((constraint) => constraint.relation === relation);

/** Definitions that depend on parameters or on the step; the others are constants. */
function movingNames({ parameters, definitions }: Problem, declared: ReadonlySet<string>): ReadonlySet<string> {
  const moving = new Set(parameters.map(({ name }) => name));
  if (!declared.has('t')) moving.add('t');
  for (const { name, value, array } of definitions) {
    if (array) continue;
    const used = reachableNames([value], definitions);
    if ([...used].some((other) => moving.has(other))) moving.add(name);
  }
  return moving;
}

/** `w, _`, or `(w,)`: what a tuple of the parameters is unpacked to, where only some are used. */
export const unpackedNames = (parameters: readonly Parameter[], isUsed: (name: string) => boolean): string => {
  const names = parameters.map(({ name }) => (isUsed(name) ? pythonName(name) : '_'));
  return names.length === 1 ? `(${names[0]},)` : names.join(', ');
};

function viewOf({ shape, offset, start }: Parameter): string {
  if (shape.length === 0) return `flat[${offset}]`;
  const view = `flat[${offset}:${offset + start.length}]`;
  return shape.length === 1 ? view : `${view}.reshape(${shape.join(', ')})`;
}

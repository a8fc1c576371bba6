/** Text → all that follows from it: the problem, what its constraints are, which methods apply, optimum and feasibility. All is plain data. */
import type { LinearSolver } from '../../analysis/affine/linear-program.ts';
import { analyze, analyzeStages } from '../../analysis/analyze.ts';
import { factStages } from '../../analysis/evidence/facts.ts';
import { type Extents, extentsOf } from '../../analysis/evidence/implied-bounds.ts';
import type { Feasibility } from '../../analysis/feasibility/feasibility.ts';
import type { Optimum } from '../../analysis/optimum/optimum.ts';
import { type Proposal, proposals } from '../../analysis/proposal.ts';
import type { Structure } from '../../analysis/structure.ts';
import type { Catalog } from '../../contracts.ts';
import { type Diagnostic, type Result, success } from '../../diagnostic.ts';
import { parse } from '../../language/parse.ts';
import { check } from '../../problem/check.ts';
import { type DataSources, NO_DATA } from '../../problem/data.ts';
import type { Problem } from '../../problem/problem.ts';
import { rowsOfData } from '../../program/mini-batch.ts';
import { finished, type Stages } from '../../stages.ts';
import { notesOf } from './feasibility-report.ts';
import { flatStartNotes } from './flat-start.ts';
import { fallNotes, type NoOptimum } from './no-optimum.ts';
import { optimumStages } from './optimum-and-feasibility.ts';
import { startNotes } from './start-notes.ts';
import { factoringOperations, projectingOperations, readingOperations } from './study-cost.ts';
import { vanishingSlopeNotes } from './vanishing-slopes.ts';

export interface MethodSupport {
  readonly id: string;
  readonly supported: boolean;
  readonly reason?: string;
}

/** Everything that follows from the text. */
export interface Study {
  readonly problem: Problem;
  readonly structure: Structure;
  readonly methods: readonly MethodSupport[];
  /** The methods that apply, the best to begin with first. */
  readonly proposals: readonly Proposal[];
  /** Whether the loss sums over rows of data, of which mini-batches can draw some. */
  readonly hasRows: boolean;
  /** Between what the feasible set lies along each entry of x at t = 0, by single constraints; ±∞ where none says. */
  readonly bounds: Extents;
  /** Whether loss and constraints are known to be convex: then a local minimum is the optimum. */
  readonly isConvex: boolean;
  /** The lowest local minimum that was found, where one could be proved. */
  readonly optimum: Optimum | null;
  /** Why there is none, or none was found; null where there is one. */
  readonly noOptimum: NoOptimum | null;
  readonly feasibility: Feasibility;
  /** Warnings and notes of the checker and of the analysis. */
  readonly notes: readonly Diagnostic[];
}

/** A study that would take so many operations. */
export interface Costly {
  readonly operations: number;
}

/** parse → check → analyze → supports. Without a solver of linear programs, some contradictions are found by interior points. */
export const study = (...text: Parameters<typeof studyStages>): Result<Study> => finished(studyStages(...text));

/** `study`, with pauses: a text with faults ends before the first. */
export const studyStages = (
  ...text: Parameters<typeof boundedStudyStages> extends [unknown, ...infer Rest] ? Rest : never
) => boundedStudyStages(Number.POSITIVE_INFINITY, ...text) as Stages<Result<Study>>;

/** `studyStages`; ends as soon as it is known that the study takes more than so many operations, and says how many. */
export function* boundedStudyStages(
  most: number,
  text: string,
  seed: number,
  { constraints, methods, datasets }: Pick<Catalog, 'constraints' | 'methods'> & Partial<Pick<Catalog, 'datasets'>>,
  solver: LinearSolver | null = null,
  { loaded, tables }: Pick<DataSources, 'loaded' | 'tables'> = NO_DATA,
): Stages<Result<Study> | Costly> {
  const document = parse(text);
  if (!document.ok) return document;
  const problem = check(document.value, { seed, data: { datasets: datasets ?? [], loaded, tables } });
  if (!problem.ok) return problem;
  const reading = readingOperations(problem.value);
  if (reading > most) return { operations: reading };
  yield;
  const facts = yield* factStages(problem.value);
  const factoring = reading + factoringOperations(facts, problem.value.size);
  if (factoring > most) return { operations: factoring };
  const structure = yield* analyzeStages(problem.value, constraints, facts);
  const projecting = factoring + projectingOperations(problem.value, structure);
  if (projecting > most) return { operations: projecting };
  yield;
  const found = yield* optimumStages(problem.value, structure, constraints, solver);
  const { isConvex, optimum, noOptimum, feasibility } = found;
  const atStart = startNotes(problem.value, text);
  const mayBeFlat = atStart.length === 0 && !isConvex && structure.lossDegree > 0;
  const supported = methods.map(({ id, supports }) => ({ id, ...supports(structure) }));
  return success({
    problem: problem.value,
    structure,
    isConvex,
    optimum,
    noOptimum,
    feasibility,
    methods: supported,
    proposals: proposals({ structure, methods: supported }, { methods }),
    hasRows: rowsOfData(problem.value).ok,
    bounds: extentsOf(structure),
    notes: [
      ...problem.value.notes,
      ...notesOf(problem.value, structure, feasibility),
      ...(noOptimum && found.descent ? fallNotes(problem.value, noOptimum, found.descent) : []),
      ...atStart,
      ...(mayBeFlat ? flatStartNotes(problem.value, text, found.lowest) : []),
      ...vanishingSlopeNotes(problem.value),
    ],
  });
}

/** What runs need to know of a text: all of `study` but the optimum and feasibility, which may take longer than the runs. */
export function studyStructure(
  text: string,
  seed: number,
  { constraints, methods }: Pick<Catalog, 'constraints' | 'methods'>,
): Result<Pick<Study, 'problem' | 'structure' | 'methods'>> {
  const document = parse(text);
  const problem = document.ok ? check(document.value, { seed }) : document;
  if (!problem.ok) return problem;
  const structure = analyze(problem.value, constraints);
  return success({
    problem: problem.value,
    structure,
    methods: methods.map(({ id, supports }) => ({ id, ...supports(structure) })),
  });
}

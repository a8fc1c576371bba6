/** What is known of a problem, as the page's API says it. */
import type { Optimum } from '../../core/analysis/optimum/optimum.ts';
import { type Structure, setOfConstraint } from '../../core/analysis/structure.ts';
import type { ConstraintFacts } from '../../core/contracts.ts';
import { at } from '../../core/diagnostic.ts';
import { redundantLines } from '../../core/experiment/study/affine-report.ts';
import type { Problem } from '../../core/problem/problem.ts';
import { recordMeasure } from '../../core/program/measure.ts';
import { Grader } from '../../core/run/grade.ts';
import type { Study } from '../study.ts';
import type { Analysis, AnalyzedConstraint, AnalyzedMethod, Evidence } from './types.ts';

export function analysisOf(study: Study, withOptimum: boolean): Analysis {
  const { problem, structure, optimum, noOptimum, feasibility } = study;
  const { affine } = structure;
  const { verdict, conflict } = feasibility;
  const typed = [...constraintsOf(problem, structure), ...softOf(problem)].sort((a, b) => a.span[0] - b.span[0]);
  return {
    parameters: problem.parameters.map(({ name, shape, offset }) => ({ name, shape, offset })),
    constraints: typed.map((constraint, index) => ({ ...constraint, index })),
    rank: problem.size - structure.degreesOfFreedom,
    degreesOfFreedom: structure.degreesOfFreedom,
    conditionNumber: affine?.conditionNumber ?? 1,
    redundant: affine ? redundantLines(problem, affine) : [],
    feasible: verdict,
    ...(conflict && { conflict: { ...conflict, constraints: positionsIn(typed, conflict.constraints) } }),
    ...(optimum && withOptimum && { optimum: withSoftRows(problem, optimum) }),
    ...(noOptimum && withOptimum && { noOptimum }),
    methods: markProposed(study),
  };
}

/** Where the constraints that must hold stand among all in the order typed. */
const positionsIn = (typed: readonly AnalyzedConstraint[], constraints: readonly number[]): number[] =>
  constraints.map((index) => typed.findIndex((constraint) => constraint.index === index));

/** Multipliers of all rows in the order typed, as a run gives them: those of soft rows are w·h or w·max(g, 0). */
function withSoftRows(problem: Problem, optimum: Optimum): Optimum {
  if (problem.soft.length === 0) return optimum;
  const measure = recordMeasure(problem, null);
  const measured = new Grader(measure, 1).grade([0], Float64Array.from(optimum.x)).multipliers;
  const { sharedMultipliers: shared } = optimum;
  return {
    ...optimum,
    multipliers: measure.typed.map((row, i) => optimum.multipliers[row] ?? at(measured, i)),
    ...(shared && { sharedMultipliers: shared.map((row) => measure.typed.indexOf(row)) }),
  };
}

/** Numbered among those that must hold, as a conflict names them. */
function constraintsOf(problem: Problem, structure: Structure): AnalyzedConstraint[] {
  return problem.constraints.map(({ index, line, span, label, relation }) => ({
    index,
    line,
    span,
    ...(label !== undefined && { label }),
    kind: setOfConstraint(structure, index)?.kind ?? 'general',
    relation,
    evidence: evidenceOf(at(structure.constraints, index)),
  }));
}

/** In no set. */
const softOf = ({ constraints, soft }: Problem): AnalyzedConstraint[] =>
  soft.map(({ index, line, span, label, relation, weight }) => ({
    index: constraints.length + index,
    line,
    span,
    ...(label !== undefined && { label }),
    kind: 'soft',
    relation,
    evidence: { weight },
  }));

const evidenceOf = ({ affine, degree }: ConstraintFacts): Evidence =>
  affine ? { A: affine.A, b: affine.b, isMoving: affine.isMoving } : { degree };

/** Where no point meets the constraints, none is proposed: no method can keep them. */
function markProposed({ feasibility, methods, proposals }: Study): AnalyzedMethod[] {
  if (feasibility.verdict === 'no') return [...methods];
  const proposed = new Set(proposals.flatMap(({ method, isHighlighted }) => (isHighlighted ? [method] : [])));
  return methods.map((method) => (proposed.has(method.id) ? { ...method, proposed: true } : method));
}

/** A matrix with its Newton–Schulz iteration, for the dialog that shows it. */
import { type Matrix, spectrum } from '../../core/tensor/matrix.ts';
import { isTraceable, TRACE_LIMIT, traceNewtonSchulz } from '../../core/tensor/newton-schulz-trace.ts';

export const MOST_FOLLOWED_ROWS = TRACE_LIMIT.rows;

/** The iteration in both precisions with rank and condition number; null for a matrix too large to be followed. */
export const followed = (A: Matrix) => {
  if (!isTraceable(A)) return null;
  const { rank, conditionNumber } = spectrum(A);
  return { traces: traceNewtonSchulz(A), rank, conditionNumber };
};

/** A penalty coefficient from how steep a loss and its constraints are. */
import type { StartMeasures } from '../../contracts.ts';

/** A loss that falls ever faster in some direction asks for more. */
const BENT = 10;

/**
 * ρ = c L/σ: the penalty is c times as steep as the loss. L = |λ|_max(∇²f), of a loss without curvature ‖∇f‖/s; σ = λ_max(JᵀJ). Where
 * a learning rate η is named, ρ goes only as far as steps of η are stable on both together, L + ρσ = 1/η, but not below L/(10σ).
 */
export function balancedPenalty(
  { curvature, leastCurvature, slope, scale, pull, step, isStepNamed }: StartMeasures,
  steepness: number,
): number {
  const loss = curvature === 0 ? slope / scale : curvature;
  const bends = leastCurvature < -0.01 * curvature;
  const wanted = ((bends ? BENT : 1) * steepness * loss) / pull;
  return isStepNamed ? Math.min(wanted, Math.max((1 / step - curvature) / pull, loss / (10 * pull))) : wanted;
}

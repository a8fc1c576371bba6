import { describe, expect, it } from 'vitest';
import { judged, type KktPoint, scaledKktResidual, verdictInWords } from './verdict.ts';

const point = (change: Partial<KktPoint>): KktPoint => ({
  stationarity: 0,
  gradientNorm: 0,
  violation: 0,
  largest: 0,
  isPassing: false,
  undefinedAt: null,
  ...change,
});

describe('the verdict on a run', () => {
  it('scales stationarity by the gradient and violation by the iterate', () => {
    expect(scaledKktResidual(point({ stationarity: 3, gradientNorm: 2 }))).toBe(1);
    expect(scaledKktResidual(point({ violation: 3, largest: 5 }))).toBe(0.5);
  });

  it('is stricter in Float64 than in float32', () => {
    const last = point({ stationarity: 1e-5 });
    expect(judged('finished', last, 'reference')).toBe('finished');
    expect(judged('finished', last, 'fused')).toBe('converged');
  });

  it('never turns a failure into success', () => {
    expect(judged('stopped', point({}), 'reference')).toBe('stopped');
    expect(judged('finished', point({ stationarity: Number.NaN }), 'reference')).toBe('finished');
    expect(judged('finished', null, 'reference')).toBe('finished');
  });

  it('does not pass over a loss that was not a number on the way', () => {
    expect(judged('finished', point({ undefinedAt: 3 }), 'reference')).toBe('non-finite');
  });

  it('says what is missing', () => {
    expect(verdictInWords('finished', point({ violation: 0.25 }), 'reference')).toBe(
      'Finished, not feasible: the largest violation is 0.25.',
    );
    expect(verdictInWords('finished', point({ stationarity: 0.123456 }), 'fused')).toBe(
      'Finished, feasible but not stationary: ‖∇L‖ = 0.123.',
    );
  });
});

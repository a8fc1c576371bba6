/** The optima to which a swarm leads: ends that lie close together are one. */
import { at } from '../diagnostic.ts';
import { BASIN } from './swarm.ts';

/** Ends belong to the same optimum when closer than this · (1 + ‖x‖). */
const MERGE = 1e-3;
const MOST_OPTIMA = 64;

/** The first end of each group stands for it, so the groups follow from the order of the starts alone. */
export class Basins {
  readonly optima: (readonly number[])[] = [];
  private readonly radii: number[] = [];
  private recent = 0;

  /** Index of the optimum at which x lies; a new one where it is the first there. */
  of(x: ArrayLike<number>): number {
    if (this.isAt(this.recent, x)) return this.recent; // neighbours mostly end together
    for (let i = 0; i < this.optima.length; i++) {
      if (!this.isAt(i, x)) continue;
      this.recent = i;
      return i;
    }
    if (this.optima.length >= MOST_OPTIMA) return BASIN.other;
    const norm = Math.hypot(...Array.from(x));
    this.optima.push(Array.from(x));
    this.radii.push((MERGE * (1 + norm)) ** 2);
    this.recent = this.optima.length - 1;
    return this.recent;
  }

  private isAt(i: number, x: ArrayLike<number>): boolean {
    const optimum = this.optima[i];
    if (optimum === undefined) return false;
    let squares = 0;
    for (let j = 0; j < optimum.length; j++) squares += ((x[j] as number) - (optimum[j] as number)) ** 2;
    return squares <= at(this.radii, i);
  }
}

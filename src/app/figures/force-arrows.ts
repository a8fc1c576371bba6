/** Arrows at the playhead: descent, the part that the constraints leave, the part that they hold back, and their normals. */
import type { Forces } from '../../core/run/forces.ts';

/** Along the shown axes; of one parameter, along its axis alone. */
export type Arrow = readonly number[];

/** Of one record, in the coordinates that the picture shows; descent = tangent + what is held back. Without constraints all is free: one arrow says it. */
export interface SeenForces {
  readonly descent: Arrow;
  readonly tangent: Arrow | null;
  readonly normals: readonly { readonly row: number; readonly direction: Arrow }[];
}

export interface ForceArrows {
  /** Id of the run at whose head they stand. */
  readonly run: string;
  /** Null where something there is not finite. */
  readonly at: (record: number) => SeenForces | null;
  /** Length of the longest descent of the run: drawn at full length. */
  readonly largest: number;
}

/** Pixels. */
export const LONGEST_ARROW = 84;
/** Beyond the longest descent, which may lie on it. */
export const NORMAL_LENGTH = 104;

/** A normal of which less is seen points away from the picture: its arrow would say what is not so. */
const LEAST_SEEN = 0.25;
/** More normals at a head are a thicket. */
const MOST_NORMALS = 8;

/** D v along the directions of the picture; of entries, the entries themselves. Of many normals, those that lie most in the picture. */
export function seen({ descent, tangent, normals }: Forces, see: (vector: Float64Array) => Arrow): SeenForces {
  const drawn = normals
    .map(({ row, direction }) => ({ row, direction: see(direction) }))
    .filter(({ direction }) => Math.hypot(...direction) >= LEAST_SEEN)
    .sort((a, b) => Math.hypot(...b.direction) - Math.hypot(...a.direction) || a.row - b.row)
    .slice(0, MOST_NORMALS)
    .sort((a, b) => a.row - b.row);
  return { descent: see(descent), tangent: tangent && see(tangent), normals: drawn };
}

/** Between two records as between two iterates: a share of the way. Normals are those that both have. */
export function blended(from: SeenForces, to: SeenForces | null, share: number): SeenForces {
  if (to === null || share <= 0) return from;
  const mix = (a: Arrow, b: Arrow): Arrow => a.map((entry, i) => entry + share * ((b[i] ?? 0) - entry));
  return {
    descent: mix(from.descent, to.descent),
    tangent: from.tangent && mix(from.tangent, to.tangent ?? from.tangent),
    normals: from.normals.flatMap(({ row, direction }) => {
      const after = to.normals.find((other) => other.row === row);
      return after ? [{ row, direction: mix(direction, after.direction) }] : [];
    }),
  };
}

/** Pixels of an arrow: the root of its share of the longest, so that the last small ones are still seen. */
export const arrowLength = (size: number, largest: number): number =>
  largest > 0 ? LONGEST_ARROW * Math.sqrt(Math.min(1, size / largest)) : 0;

/** Records of a run at which the longest descent is looked for. */
const LOOKED_AT = 16;

/** Records that are kept: of the frames around one, and no more of a long run that loops. */
const KEPT = 256;

/** Keeps what was computed last: a frame, and those around it, ask again for the same records. */
export function forceArrows(run: string, records: number, compute: (record: number) => SeenForces | null): ForceArrows {
  const known = new Map<number, SeenForces | null>();
  const at = (record: number): SeenForces | null => {
    const before = known.get(record);
    if (before !== undefined) return before;
    const made = compute(record);
    known.set(record, made);
    const [oldest] = known.keys();
    if (known.size > KEPT && oldest !== undefined) known.delete(oldest);
    return made;
  };
  const count = Math.min(LOOKED_AT, records);
  const lengths = Array.from({ length: count }, (_, i) => {
    const forces = at(Math.round((i * (records - 1)) / Math.max(1, count - 1)));
    return forces ? Math.hypot(...forces.descent) : 0;
  });
  return { run, at, largest: Math.max(0, ...lengths) };
}

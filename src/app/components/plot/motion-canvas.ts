/** Growing paths and moving heads, on two canvases: what has been walked stays, and only the heads are drawn anew. */
import type { ForceArrows } from '../../figures/force-arrows.ts';
import type { MotionPath } from '../../figures/motion-path.ts';
import type { ArrowLook } from './arrow-canvas.ts';
import { fitCanvas } from './fit-canvas.ts';
import { createHeadCanvas } from './head-canvas.ts';
import type { Projector } from './projector.ts';
import { createTrailCanvas } from './trail-canvas.ts';

export interface MotionCanvas {
  /** `showsWhole`: faintly below what has been walked, the whole of each path. */
  setPaths(paths: readonly MotionPath[], rim: string, showsWhole?: boolean): void;
  /** Null: nothing is drawn until there is one. */
  setProjector(projector: Projector | null): void;
  /** At the head of one run; null for none. */
  setArrows(arrows: ForceArrows | null, look: ArrowLook): void;
  draw(step: number): void;
}

/** Null where the browser gives no canvas to draw on. */
export function createMotionCanvas(trailCanvas: HTMLCanvasElement, headCanvas: HTMLCanvasElement): MotionCanvas | null {
  const contexts = [trailCanvas, headCanvas].map((canvas) => canvas.getContext('2d'));
  const [below, above] = contexts;
  if (!below || !above) return null;
  const trail = createTrailCanvas(below);
  const heads = createHeadCanvas(above);
  let isPlaced = false;
  return {
    setPaths(paths, rim, showsWhole = false) {
      heads.setTracks(trail.setPaths(paths, rim, showsWhole), rim);
    },
    setArrows(forces, look) {
      heads.setArrows(forces && { forces, look });
    },
    setProjector(projector) {
      isPlaced = projector !== null;
      if (projector === null) return;
      const { left, top, width, height } = projector;
      for (const context of [below, above]) {
        fitCanvas(context, projector);
        Object.assign(context.canvas.style, {
          left: `${left}px`,
          top: `${top}px`,
          width: `${width}px`,
          height: `${height}px`,
        });
      }
      trail.setProjector(projector);
      heads.setProjector(projector);
    },
    draw(step) {
      if (!isPlaced) return;
      trail.draw(step);
      heads.draw(step);
    },
  };
}

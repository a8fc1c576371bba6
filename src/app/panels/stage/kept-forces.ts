/** The arrows of a picture to keep, which stands alone: marks of its own figure in place of the layer that moves. */
import type { Figure } from '../../figures/figure.ts';
import { motionPaths } from '../../figures/motion-path.ts';
import type { Scene } from '../../figures/scene.ts';
import { recordAt } from '../../playback/step-scale.ts';
import type { ForceArrowsSwitch } from './use-force-arrows.ts';

/** With the arrows where they stand at the step. */
export async function withForces(
  seen: Figure,
  scene: Scene,
  forces: ForceArrowsSwitch | null,
  step: number,
): Promise<Figure> {
  const arrows = forces?.arrows ?? null;
  if (!arrows) return seen;
  const [{ stillArrows, withArrows }, { DEFAULT_SIZE }] = await Promise.all([
    import('../../figures/arrow-marks.ts'),
    import('../../components/plot/figure-image.ts'),
  ]);
  const path = motionPaths(scene).find(({ run }) => run === arrows.run);
  const still = stillArrows(arrows, path, path ? recordAt(path.steps, step) : -1);
  return still ? withArrows(seen, still, scene, DEFAULT_SIZE) : seen;
}

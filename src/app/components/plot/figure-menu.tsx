/** What can be done with any figure: its numbers as a table, its picture as a file, its view as it was. */
import { ActionIcon, Menu } from '@mantine/core';
import { lazy, memo, Suspense, useState } from 'react';
import type { Figure } from '../../figures/figure.ts';
import { plainFileName } from '../../figures/file-name.ts';
import { lookOf } from '../../figures/look.ts';
import type { Theme } from '../../figures/scene.ts';
import { MoreIcon } from '../transport-icons.tsx';
import type { Motion } from './animation-dialog.tsx';
import type { AnimationFormat } from './animation-file.ts';
import type { ImageFormat } from './figure-image.ts';
import type { Plot } from './plot-host.ts';
import { webmType } from './webm-type.ts';

export interface FigureMenuProps {
  /** Names the figure in the menu's label and in the files. */
  readonly name: string;
  readonly theme: Theme;
  readonly plot: Plot | null;
  /** The picture as it is kept: still and whole, where the screen shows motion. */
  readonly figure: () => Figure;
  readonly onTable?: () => void;
  /** The reader asks for the view that the figure has by itself. */
  readonly onReset?: () => void;
  /** What moves above the graph, where something does. */
  readonly motion?: () => Motion;
  /** What a still picture has beside the graph: given the figure as it is seen. */
  readonly still?: (seen: Figure) => Promise<Figure>;
}

const AnimationDialog = lazy(() => import('./animation-dialog.tsx'));

/** Drawn anew where its own words change: `figure`, `motion` and the rest are asked when they are wanted. */
export const FigureMenu = memo(function FigureMenu({
  name,
  theme,
  plot,
  figure,
  onTable,
  onReset,
  motion,
  still = async (seen) => seen,
}: FigureMenuProps) {
  const [animation, setAnimation] = useState<AnimationFormat | null>(null);
  const save = async (format: ImageFormat) => {
    const { figureImage, saveBlob } = await import('./figure-image.ts');
    const blob = await figureImage(await still(plot?.asSeen(figure()) ?? figure()), format, {
      background: lookOf(theme).surface,
    });
    saveBlob(blob, `${plainFileName(name)}.${format}`);
  };
  const reset = () => {
    plot?.resetView();
    onReset?.();
  };
  return (
    <Menu position="bottom-end" shadow="md" withinPortal>
      <Menu.Target>
        <ActionIcon size={30} variant="subtle" color="gray" aria-label={`${name}: table, picture, view`}>
          <MoreIcon />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {onTable && <Menu.Item onClick={onTable}>Show the numbers as a table</Menu.Item>}
        <Menu.Item disabled={plot === null} onClick={reset}>
          Reset the view
        </Menu.Item>
        <Menu.Item onClick={() => void save('png')}>Save as PNG</Menu.Item>
        <Menu.Item onClick={() => void save('svg')}>Save as SVG</Menu.Item>
        {motion && plot && <Menu.Item onClick={() => setAnimation('gif')}>Save the animation as GIF</Menu.Item>}
        {motion && plot && webmType() !== null && (
          <Menu.Item onClick={() => setAnimation('webm')}>Save the animation as WebM</Menu.Item>
        )}
      </Menu.Dropdown>
      {animation && motion && plot && (
        <Suspense>
          <AnimationDialog
            name={name}
            format={animation}
            plot={plot}
            {...motion()}
            onClose={() => setAnimation(null)}
          />
        </Suspense>
      )}
    </Menu>
  );
});

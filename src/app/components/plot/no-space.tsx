/** What stands in place of a picture in space where the browser draws none. */
import { Button, Center, Stack, Text } from '@mantine/core';

let known: boolean | null = null;

/** Whether the browser has WebGL: asked once, with a context that is given back. */
export function drawsInSpace(): boolean {
  known ??= hasWebGl(document.createElement('canvas'));
  return known;
}

function hasWebGl(canvas: HTMLCanvasElement): boolean {
  const context = canvas.getContext('webgl2') ?? canvas.getContext('webgl');
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  return context !== null;
}

export const NoSpace = ({ onPlane }: { readonly onPlane: () => void }) => (
  <Center h="100%" px="md">
    <Stack gap="sm" align="flex-start" maw={420}>
      <Text size="sm">
        This browser draws no pictures in space: WebGL is missing or switched off. Everything else works, and the other
        views show the same runs.
      </Text>
      <Button size="xs" variant="default" onClick={onPlane}>
        Show two of the entries
      </Button>
    </Stack>
  </Center>
);

/** What a panel shows instead of a figure that could not be drawn. The rest of the page goes on. */
import { Button, Center, Stack, Text } from '@mantine/core';
import type { FallbackProps } from 'react-error-boundary';

export const FigureFault = ({ error, resetErrorBoundary }: FallbackProps) => (
  <Center h="100%" role="alert" p="md">
    <Stack align="center" gap="xs">
      <Text size="sm">This figure could not be drawn. The numbers are not affected.</Text>
      <Text size="xs" c="dimmed" maw={420} ta="center" lineClamp={3}>
        {error instanceof Error ? error.message : String(error)}
      </Text>
      <Button size="compact-sm" variant="default" onClick={resetErrorBoundary}>
        Draw it again
      </Button>
    </Stack>
  </Center>
);

/** A fault of ours in one panel leaves the others standing, and can be tried again. */
import { Alert, Button, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { ErrorBoundary, type FallbackProps } from 'react-error-boundary';

function Fault({ name, error, resetErrorBoundary }: FallbackProps & { readonly name: string }) {
  return (
    <Alert color="red" variant="light" m="sm" title={`${name} cannot be drawn`}>
      <Text size="sm">This is a fault of the page, not of your experiment, which is kept.</Text>
      <Text size="xs" c="dimmed" my="xs">
        {error instanceof Error ? error.message : String(error)}
      </Text>
      <Button size="xs" variant="default" onClick={resetErrorBoundary}>
        Draw it again
      </Button>
    </Alert>
  );
}

export function PanelBoundary({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return <ErrorBoundary fallbackRender={(fault) => <Fault name={name} {...fault} />}>{children}</ErrorBoundary>;
}

/** What there is to say about a link or a file: why it did not open, or what in it nobody knows. */
import { Alert, Text } from '@mantine/core';
import { useStore } from '../store/use-store.ts';

export function Notices() {
  const notices = useStore((store) => store.notices);
  const report = useStore((store) => store.report);
  if (notices.length === 0) return null;
  const isRefused = notices.some(({ severity }) => severity === 'error');
  return (
    <Alert
      role="alert"
      color={isRefused ? 'red' : 'yellow'}
      variant="light"
      p="xs"
      withCloseButton
      closeButtonLabel="Close"
      onClose={() => report([])}
      title={isRefused ? 'This could not be opened. What you had open is unchanged.' : 'Opened, with a remark'}
    >
      {notices.map(({ message }) => (
        <Text size="sm" key={message}>
          {message}
        </Text>
      ))}
    </Alert>
  );
}

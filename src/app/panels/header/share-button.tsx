/** Opens the dialog through which everything leaves the page. The address holds the experiment, too. */
import { Button, Modal, Skeleton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { lazy, Suspense, useRef } from 'react';
import type { Result } from '../../../core/diagnostic.ts';
import { ShareIcon } from '../../components/icons.tsx';
import classes from './header.module.css';

const ShareDialog = lazy(() => import('./share-dialog.tsx'));

export function ShareButton({ shareLink }: { readonly shareLink: () => Promise<Result<string>> }) {
  const [isOpen, dialog] = useDisclosure();
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      <Button
        ref={button}
        size="xs"
        variant="default"
        aria-label="Share"
        data-command="share"
        className={classes.share ?? ''}
        leftSection={<ShareIcon size={14} />}
        onClick={() => {
          void shareLink();
          dialog.open();
        }}
      >
        <span className={classes.shareWord}>Share</span>
      </Button>
      <Modal.Stack>
        <Modal
          stackId="share"
          opened={isOpen}
          onClose={dialog.close}
          title="Share and export"
          size="lg"
          onExitTransitionEnd={() => button.current?.focus({ preventScroll: true })} // a stack does not give it back
        >
          <Suspense fallback={<Skeleton h={240} />}>
            <ShareDialog />
          </Suspense>
        </Modal>
      </Modal.Stack>
    </>
  );
}

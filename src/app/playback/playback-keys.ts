/** Keys of the transport, for any element that has the focus: Space, arrows, Shift for ten, Home, End. */
import type { KeyboardEvent } from 'react';
import type { Playback } from './playback.ts';

const OWN_KEYS = 'input, textarea, select, [contenteditable="true"], [role="slider"], [role="combobox"], [role="tab"]';
const OWN_SPACE = 'button, a, summary, [role="switch"], [role="checkbox"]';

/** Handles a key of the transport unless the focused control has a use of its own for it. */
export function onTransportKey(event: KeyboardEvent<HTMLElement>, playback: Playback): void {
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest(OWN_KEYS)) return;
  if (event.key === ' ' && target?.closest(OWN_SPACE)) return;
  const act = actionOf(event, playback);
  if (!act) return;
  event.preventDefault();
  act();
}

function actionOf({ key, shiftKey }: KeyboardEvent, playback: Playback): (() => void) | null {
  const stride = shiftKey ? 10 : 1;
  switch (key) {
    case ' ':
      return playback.toggle;
    case 'ArrowLeft':
      return () => playback.stepBy(-stride);
    case 'ArrowRight':
      return () => playback.stepBy(stride);
    case 'Home':
      return () => playback.seek(0);
    case 'End':
      return () => playback.seek(1);
    default:
      return null;
  }
}

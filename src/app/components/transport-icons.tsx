/** Icons of the transport. They inherit the colour of the text and say nothing to a screen reader. */
import type { ReactNode } from 'react';

const Icon = ({ children }: { readonly children: ReactNode }) => (
  <svg width={18} height={18} viewBox="0 0 18 18" fill="currentColor" aria-hidden="true" focusable="false">
    {children}
  </svg>
);

export const PlayIcon = () => (
  <Icon>
    <path
      d="M5.2 3.1a.8.8 0 0 1 1.2-.7l8.6 5.2c.5.3.5 1.1 0 1.4l-8.6 5.2a.8.8 0 0 1-1.2-.7z"
      transform="translate(0 .7)"
    />
  </Icon>
);

export const PauseIcon = () => (
  <Icon>
    <rect x="4.2" y="3" width="3.4" height="12" rx="1" />
    <rect x="10.4" y="3" width="3.4" height="12" rx="1" />
  </Icon>
);

export const BackIcon = () => (
  <Icon>
    <rect x="3.4" y="4" width="2" height="10" rx="0.8" />
    <path d="M14 4.7v8.6c0 .6-.7.9-1.2.6L6.9 9.6a.7.7 0 0 1 0-1.2l5.9-4.3c.5-.3 1.2 0 1.2.6z" />
  </Icon>
);

export const ForwardIcon = () => (
  <Icon>
    <rect x="12.6" y="4" width="2" height="10" rx="0.8" />
    <path d="M4 4.7v8.6c0 .6.7.9 1.2.6l5.9-4.3a.7.7 0 0 0 0-1.2L5.2 4.1C4.7 3.8 4 4.1 4 4.7z" />
  </Icon>
);

export const LoopIcon = () => (
  <Icon>
    <path
      d="M4 8.5V7.6A2.6 2.6 0 0 1 6.6 5H13M11 2.7 13.3 5 11 7.3M14 9.5v.9a2.6 2.6 0 0 1-2.6 2.6H5M7 15.3 4.7 13 7 10.7"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  </Icon>
);

export const MoreIcon = () => (
  <Icon>
    <circle cx="3.6" cy="9" r="1.6" />
    <circle cx="9" cy="9" r="1.6" />
    <circle cx="14.4" cy="9" r="1.6" />
  </Icon>
);

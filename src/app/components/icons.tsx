/** Line icons on a grid of 16. Decorative: the control that shows one carries the name. */
import type { ReactNode } from 'react';

const icon = (paths: ReactNode) =>
  function Icon({ size = 16 }: { readonly size?: number }) {
    return (
      <svg
        width={size}
        height={size}
        viewBox="0 0 16 16"
        fill="none"
        stroke="currentColor"
        strokeWidth={1.5}
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
      >
        {paths}
      </svg>
    );
  };

export const UndoIcon = icon(
  <path d="M6 3 2.5 6.5 6 10M2.5 6.5h6.25a4.25 4.25 0 0 1 0 8.5H6" transform="translate(0 -1)" />,
);
export const RedoIcon = icon(<path d="m10 2 3.5 3.5L10 9m3.5-3.5H7.25a4.25 4.25 0 0 0 0 8.5H10" />);
export const ShareIcon = icon(
  <path d="M6.5 9.5 9.5 6.5M7.5 4.5l1.4-1.4a2.83 2.83 0 0 1 4 4l-1.4 1.4M8.5 11.5l-1.4 1.4a2.83 2.83 0 0 1-4-4l1.4-1.4" />,
);
export const PlayIcon = icon(<path d="M4.5 3v10l8-5z" fill="currentColor" />);
export const StopIcon = icon(<rect x="4" y="4" width="8" height="8" rx="1" fill="currentColor" />);
export const CurveIcon = icon(<path d="M2.5 2.5v11h11M5 4.5c.5 4 2.5 6 8 6" />);
export const PlusIcon = icon(<path d="M8 3v10M3 8h10" />);
export const MoreIcon = icon(<path d="M3.5 8h.01M8 8h.01M12.5 8h.01" strokeWidth={2} />);
export const EyeIcon = icon(
  <>
    <path d="M1.5 8S4 3.75 8 3.75 14.5 8 14.5 8 12 12.25 8 12.25 1.5 8 1.5 8Z" />
    <circle cx="8" cy="8" r="1.75" />
  </>,
);
export const EyeOffIcon = icon(
  <path d="m2.5 2.5 11 11M6.2 4a6 6 0 0 1 1.8-.25c4 0 6.5 4.25 6.5 4.25a11 11 0 0 1-1.9 2.3M9.7 12a6 6 0 0 1-1.7.25C4 12.25 1.5 8 1.5 8a11 11 0 0 1 2.3-2.65" />,
);
export const InfoIcon = icon(
  <>
    <circle cx="8" cy="8" r="6" />
    <path d="M8 7.5V11M8 5.1v.01" />
  </>,
);
export const ResetIcon = icon(<path d="M3 8a5 5 0 1 0 1.6-3.65L3 5.75M3 2.75v3h3" />);
export const AutoIcon = icon(
  <>
    <circle cx="8" cy="8" r="5.75" />
    <path d="M8 2.25a5.75 5.75 0 0 1 0 11.5z" fill="currentColor" />
  </>,
);
export const FolderIcon = icon(<path d="M2 4.5v8h12v-7H8L6.5 3.5H2z" />);
export const PenIcon = icon(<path d="M3 13l.7-3L10.5 3.2l2.3 2.3L6 12.3zM9 4.7 11.3 7" />);
export const BinIcon = icon(<path d="M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.5 9h6l.5-9" />);
export const CopyIcon = icon(<path d="M5.5 5.5h7v8h-7zM10.5 5.5v-3h-7v8h2" />);

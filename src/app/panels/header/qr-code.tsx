/** A link as a QR code that phones read: as large as there is room for, in whole pixels, and on the whole screen at a tap. */
import { Modal, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure, useElementSize, useViewportSize } from '@mantine/hooks';
import { encode } from 'uqr';

/** Characters: beyond it, cameras of phones lose modules on a screen (version 25, 117 modules a side). */
export const LONG_CODE = 1200;

/** Modules of white around the code. Source: ISO/IEC 18004, §6.3.8. */
const QUIET_ZONE = 4;

export interface Code {
  /** Modules a side, the quiet zone included. */
  readonly size: number;
  /** The dark modules, as the path of an SVG: a unit is a module. */
  readonly path: string;
}

/** With the strongest correction that needs no larger code. */
export function codeOf(text: string): Code {
  const { size, data } = encode(text, { ecc: 'L', boostEcc: true, border: QUIET_ZONE });
  const path = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return { size, path };
}

/** Side of the code in CSS pixels: the most whole pixels of the screen a module for which there is room, at least one. */
export const codeSide = (size: number, room: number, pixelRatio: number): number =>
  (Math.max(1, Math.floor((room * pixelRatio) / size)) / pixelRatio) * size;

/** Dark on light in every theme: readers of codes expect it. */
function Drawn({ code: { size, path }, room }: { readonly code: Code; readonly room: number }) {
  const side = codeSide(size, room, window.devicePixelRatio);
  return (
    <svg viewBox={`0 0 ${size} ${size}`} width={side} height={side} role="img" aria-label="The link as a QR code">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" shapeRendering="crispEdges" />
    </svg>
  );
}

/** In the dialog it is no larger than this: a phone near by reads it, and for others it fills the screen. */
const MOST = 280;

export function QrCode({ text }: { readonly text: string }) {
  const code = codeOf(text);
  const { ref, width } = useElementSize();
  const { width: screenWidth, height } = useViewportSize();
  const [isWhole, whole] = useDisclosure();
  return (
    <div ref={ref}>
      <UnstyledButton onClick={whole.open} aria-label="Show the QR code on the whole screen" display="block">
        {width > 0 && <Drawn code={code} room={Math.min(width, MOST)} />}
      </UnstyledButton>
      <Text size="xs" c="dimmed">
        Click or tap it to fill the screen, for a phone to read.
      </Text>
      <Modal
        stackId="code"
        opened={isWhole}
        onClose={whole.close}
        fullScreen
        withCloseButton={false}
        padding={0}
        styles={{ content: { background: '#fff' } }}
        attributes={{ content: { 'aria-label': 'The QR code of the link' } }}
      >
        <UnstyledButton
          onClick={whole.close}
          aria-label="Close the QR code"
          style={{ display: 'grid', placeItems: 'center', width: '100%', height }}
        >
          <Drawn code={code} room={Math.min(screenWidth, height)} />
        </UnstyledButton>
      </Modal>
    </div>
  );
}

/** Colours, type and sizes of the controls: calm surfaces, one accent, the same as in the figures. */
import { createTheme, type MantineColorsTuple } from '@mantine/core';

const accent: MantineColorsTuple = [
  '#eff4ff',
  '#dce7ff',
  '#bcd0ff',
  '#93b4ff',
  '#7aa2ff',
  '#4f80f5',
  '#2f63e6',
  '#1d4ed8',
  '#1e40af',
  '#1e3a8a',
];
const gray: MantineColorsTuple = [
  '#f8fafc',
  '#f1f5f9',
  '#e2e8f0',
  '#cbd5e1',
  '#94a3b8',
  '#64748b',
  '#475569',
  '#334155',
  '#1e293b',
  '#0f172a',
];
const dark: MantineColorsTuple = [
  '#e2e8f0',
  '#cbd5e1',
  '#94a3b8',
  '#64748b',
  '#2b3341',
  '#232a36',
  '#1b212b',
  '#14181f',
  '#0e1116',
  '#0a0d11',
];

/** The highest line of a dialog. */
const dialogTitle = { fontSize: 'var(--mantine-font-size-lg)', fontWeight: 650 };

export const theme = createTheme({
  colors: { accent, gray, dark },
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  black: '#1e293b',
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily: 'Inter, "Segoe UI", system-ui, -apple-system, Roboto, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace:
    'ui-monospace, "SF Mono", "Cascadia Code", "JetBrains Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  radius: { xs: '3px', sm: '5px', md: '7px', lg: '10px', xl: '16px' },
  headings: {
    fontWeight: '600',
    sizes: { h1: { fontSize: '1.0625rem' }, h2: { fontSize: '0.8125rem' }, h3: { fontSize: '0.8125rem' } },
  },
  components: {
    Alert: { styles: { title: { color: 'var(--mantine-color-text)' } } }, // yellow on yellow is not read
    Tooltip: { defaultProps: { openDelay: 400, withArrow: true, fz: 'xs' } },
    ActionIcon: { defaultProps: { variant: 'subtle', size: 'md' } },
    Popover: { defaultProps: { shadow: 'md', withArrow: true } },
    Menu: { defaultProps: { shadow: 'md', position: 'bottom-end' } },
    Modal: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } }, styles: { title: dialogTitle } },
    Drawer: { styles: { title: dialogTitle } },
    ModalHeader: { defaultProps: { role: 'presentation' } }, // the page has one banner
    DrawerHeader: { defaultProps: { role: 'presentation' } },
    TextInput: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs', allowDeselect: false } },
  },
});

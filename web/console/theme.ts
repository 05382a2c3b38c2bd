import { createTheme, type MantineColorsTuple } from '@mantine/core';

/** Shades of the brand's colour of tokens.css. */
const BRAND: MantineColorsTuple = [
  '#edf2fd',
  '#d8e2f8',
  '#adc1f0',
  '#809fe9',
  '#5b82e3',
  '#4470df',
  '#2f5fd0',
  '#2a55bb',
  '#234aa8',
  '#183c8f',
];

export const theme = createTheme({
  primaryColor: 'brand',
  primaryShade: { light: 6, dark: 6 },
  colors: { brand: BRAND },
  fontFamily: 'var(--font)',
  defaultRadius: 'md',
  cursorType: 'pointer',
  autoContrast: true,
  respectReducedMotion: true,
  // The page itself does not scroll.
  components: { Menu: { defaultProps: { lockScroll: false } } },
});

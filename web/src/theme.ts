import { createTheme, type CSSVariablesResolver } from '@mantine/core'

const font =
  '"Inter Variable", "PingFang SC", "Microsoft YaHei UI", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "Segoe UI", Roboto, sans-serif'

export const theme = createTheme({
  fontFamily: font,
  fontFamilyMonospace: font, // numbers are tabular, that is all we want of a monospace
  headings: { fontFamily: font, fontWeight: '650' },
  primaryColor: 'brand',
  primaryShade: { light: 7, dark: 6 },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  colors: {
    brand: ['#eef4ff', '#dbe7fe', '#b9d0fc', '#8fb3f9', '#6f9df6', '#4a80ec', '#2a63d9', '#1d5fd1', '#174da9', '#133e87'],
    dark: ['#e6e9ed', '#c3cad2', '#9aa5b1', '#76818e', '#3b434d', '#2d343c', '#22282f', '#181c21', '#121519', '#0c0e11'],
  },
})

// Mantine's own dim and error texts miss 4.5:1 on our panels.
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#56606c', '--mantine-color-placeholder': '#6a747f', '--mantine-color-error': '#bd1f2d',
    '--mantine-color-text': '#191e25', '--mantine-color-default-border': '#d5dae0',
  },
  dark: {
    '--mantine-color-dimmed': '#a0abb7', '--mantine-color-placeholder': '#8f9aa6', '--mantine-color-error': '#ff8f8f',
    '--mantine-color-anchor': '#8fb3f9',
  },
})

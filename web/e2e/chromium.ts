// Debian's Chromium, headless, with WebGL in software: the same everywhere, no download.
export const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
export const args = [
  '--headless', '--no-sandbox', '--disable-gpu', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-quic',
  '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
]

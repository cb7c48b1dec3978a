import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { riderShell } from './rider-shell.ts'

// Where `npm run dev` finds the server: the real one, or the fake city (npm run fake).
const backend = process.env.CONSOLE_BACKEND ?? 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [react(), riderShell()],
  build: {
    outDir: 'dist',
    emptyOutDir: true, // public/.gitkeep comes back with each build, so that Go can embed an unbuilt console
    // Without these targets light-dark() is rewritten, and with it Mantine's themes.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    target: ['chrome123', 'firefox120', 'safari17.5'],
    rollupOptions: { input: ['index.html', 'docs.html', 'rider.html'] }, // the console, the API's reference at /docs, the riders' app at /rider
    chunkSizeWarningLimit: 1200, // MapLibre, in a chunk of its own that the first paint does not wait for
  },
  worker: { format: 'es' },
  server: {
    proxy: Object.fromEntries(['/v1', '/basemap.pmtiles'].map((path) => [path, { target: backend }])),
  },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
})

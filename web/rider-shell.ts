// Builds the rider app's service worker: one classic script beside the pages, which knows the files of the app by name.
import { createHash } from 'node:crypto'
import { build, type Plugin, type Rollup } from 'vite'

// What the page loads beside its chunks.
const beside = ['/rider', '/scheme.js', '/rider.webmanifest', '/rider-icon.svg', '/rider-192.png']

export function riderShell(): Plugin {
  return {
    name: 'rider-shell',
    apply: 'build',
    async writeBundle(options, bundle) {
      const files = [...beside, ...shellOf(bundle).map((f) => `/${f}`)].sort()
      const version = createHash('sha256').update(JSON.stringify(files) + sourcesOf(bundle)).digest('hex').slice(0, 12)
      await build({
        configFile: false, logLevel: 'warn', publicDir: false,
        define: { __SHELL__: JSON.stringify(files), __SHELL_VERSION__: JSON.stringify(version) },
        build: {
          outDir: options.dir, emptyOutDir: false, target: ['chrome123', 'firefox120', 'safari17.5'],
          lib: { entry: 'src/rider/sw.ts', formats: ['iife'], name: 'riderWorker', fileName: () => 'rider-sw.js' },
        },
      })
    },
  }
}

// shellOf are the chunks of the app and their styles, those too that are loaded later, so that they are there without a network. The map is loaded when
// it is looked at.
function shellOf(bundle: Rollup.OutputBundle): string[] {
  const chunks = Object.values(bundle).filter((c) => c.type === 'chunk')
  const entry = chunks.find((c) => c.isEntry && c.facadeModuleId?.endsWith('/rider.html'))
  if (!entry) throw new Error('rider-shell: rider.html is not among the pages that were built')
  const seen = new Set<string>()
  const visit = (name: string) => {
    const c = chunks.find((x) => x.fileName === name)
    if (!c || seen.has(name)) return
    seen.add(name)
    c.viteMetadata?.importedCss.forEach((f) => seen.add(f))
    c.imports.forEach(visit)
    c.dynamicImports.filter((f) => !chunks.find((x) => x.fileName === f)?.facadeModuleId?.endsWith('/RouteMap.tsx')).forEach(visit)
  }
  visit(entry.fileName)
  return [...seen]
}

// sourcesOf is the page itself: its name stays when its content changes.
function sourcesOf(bundle: Rollup.OutputBundle): string {
  const page = bundle['rider.html']
  return page?.type === 'asset' ? String(page.source) : ''
}

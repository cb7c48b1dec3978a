// The API's reference at /docs: the server's own OpenAPI document, rendered by RapiDoc. Nothing is fetched from elsewhere.
import '@fontsource-variable/inter'
import 'rapidoc'
import './docs.css'

const dark = matchMedia('(prefers-color-scheme: dark)')
const reference = document.createElement('rapi-doc')
for (const [name, value] of Object.entries({
  'spec-url': '/openapi-3.0.json', // RapiDoc takes a quarter of the time for it
  'render-style': 'focused',
  'schema-style': 'table',
  'default-schema-tab': 'schema',
  'schema-description-expanded': 'true',
  'show-header': 'false',
  'show-method-in-nav-bar': 'as-colored-text',
  'nav-item-spacing': 'compact',
  'persist-auth': 'false',
  'allow-server-selection': 'false',
  'load-fonts': 'false',
  'regular-font': 'Inter Variable',
  'mono-font': 'ui-monospace, monospace',
  'primary-color': '#2f6bff',
})) reference.setAttribute(name, value)

function paint() {
  reference.setAttribute('theme', dark.matches ? 'dark' : 'light')
  reference.setAttribute('bg-color', dark.matches ? '#15181d' : '#ffffff')
  reference.setAttribute('nav-bg-color', dark.matches ? '#101317' : '#f4f6f9')
  reference.setAttribute('nav-text-color', dark.matches ? '#c3c9d2' : '#3d4450')
  reference.setAttribute('text-color', dark.matches ? '#e6e9ee' : '#1a1d22')
}
paint()
dark.addEventListener('change', paint)
reference.addEventListener('spec-loaded', () => document.documentElement.setAttribute('data-ready', ''))
document.body.append(reference)

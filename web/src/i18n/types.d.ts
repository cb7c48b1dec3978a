import 'i18next'
import type { OfficeWords } from '../office/words/en'
import type { Words } from './en'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: Words; office: OfficeWords }
  }
}

// The report's words come with it, in both languages, and with no first visit.
import { en, type ReportWords } from './en'
import { zh } from './zh'

export const wordsOf = (lang: string): ReportWords => (lang.startsWith('zh') ? zh : en)
export type { ReportWords }

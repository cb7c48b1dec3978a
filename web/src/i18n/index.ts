import i18n from 'i18next'
import { initReactI18next } from 'react-i18next'
import { en } from './en'
import { zh } from './zh'

export const langs = ['zh', 'en'] as const
export type Lang = (typeof langs)[number]

const key = 'paidan.lang'

function initial(): Lang {
  try {
    const kept = localStorage.getItem(key)
    if (kept === 'zh' || kept === 'en') return kept
  } catch { /* storage may be denied */ }
  return /^zh/i.test(navigator.language) ? 'zh' : 'en'
}

// Both languages travel with the program: a few kilobytes, and switching needs no request.
void i18n.use(initReactI18next).init({
  resources: { en: { translation: en }, zh: { translation: zh } },
  lng: initial(),
  fallbackLng: 'en',
  interpolation: { escapeValue: false }, // React escapes
  initAsync: false,
})

function onDocument(lang: string) {
  document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en'
  document.title = i18n.t('app.name')
}
onDocument(i18n.language)

export function setLang(lang: Lang) {
  try {
    localStorage.setItem(key, lang)
  } catch { /* kept for this visit only */ }
  void i18n.changeLanguage(lang).then(() => onDocument(lang))
}

export { i18n }

import { useTranslation } from 'react-i18next'
import { i18n } from '../../i18n'
import { en } from './en'
import { zh } from './zh'

i18n.addResourceBundle('en', 'office', en)
i18n.addResourceBundle('zh', 'office', zh)

export const useOffice = () => useTranslation('office')

import { ActionIcon, Button, Menu, useMantineColorScheme, type MantineColorScheme } from '@mantine/core'
import { IconCheck, IconDeviceDesktop, IconLanguage, IconMoon, IconSun } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { setLang } from '../i18n'

// The other language, in its own words: whoever needs it can read it.
export function LanguageSwitch() {
  const { i18n } = useTranslation()
  const other = i18n.language === 'zh' ? 'en' : 'zh'
  return (
    <Button variant="subtle" color="gray" c="var(--text)" size="compact-sm" px={6} fw={500} onClick={() => setLang(other)} data-testid="lang"
      leftSection={<IconLanguage size={17} />} styles={{ section: { marginInlineEnd: 4 } }} lang={other === 'zh' ? 'zh-CN' : 'en'}>
      {other === 'zh' ? '中文' : 'English'}
    </Button>
  )
}

const schemes: { value: MantineColorScheme; Icon: typeof IconSun }[] = [
  { value: 'light', Icon: IconSun }, { value: 'dark', Icon: IconMoon }, { value: 'auto', Icon: IconDeviceDesktop },
]

export function ThemeSwitch() {
  const { t } = useTranslation()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const Now = schemes.find((s) => s.value === colorScheme)?.Icon ?? IconDeviceDesktop
  return (
    <Menu position="bottom-end" width={180}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" c="var(--text)" size={30} aria-label={t('header.theme')} data-testid="theme"><Now size={18} /></ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {schemes.map(({ value, Icon }) => (
          <Menu.Item key={value} leftSection={<Icon size={16} />} onClick={() => setColorScheme(value)} data-testid={`theme-${value}`}
            rightSection={value === colorScheme ? <IconCheck size={14} /> : null}>
            {t(`header.${value as 'light' | 'dark' | 'auto'}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

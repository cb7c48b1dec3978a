import { Alert, Button, PasswordInput, Stack, TextInput, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { IconAlertCircle, IconInfoCircle } from '@tabler/icons-react'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/client'
import * as api from '../api/console'
import type { Session } from '../api/types'
import { LanguageSwitch, ThemeSwitch } from '../shell/Switches'
import { keep, keptTenant } from '../ui'
import './login.css'

export function Login({ ended, onDone }: { ended: boolean; onDone(s: Session): void }) {
  const { t } = useTranslation()
  const [tenant, setTenant] = useState(keptTenant)
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const login = useMutation({
    mutationFn: () => api.login(tenant.trim().toLowerCase(), email.trim(), password),
    onSuccess: (s) => {
      keep('tenant', s.tenant.slug)
      onDone(s)
    },
  })
  const submit = (e: FormEvent) => {
    e.preventDefault()
    login.mutate()
  }
  return (
    <div className="login">
      <div className="login-top">
        <LanguageSwitch />
        <ThemeSwitch />
      </div>
      <main className="login-card">
        <div className="login-brand">
          <img src="/icon.svg" width={40} height={40} alt="" />
          <div>
            <b>{t('app.name')}</b>
            <span className="dim">{t('app.tagline')}</span>
          </div>
        </div>
        <Title order={1} size={16} mb="md">{t('login.title')}</Title>
        <form onSubmit={submit}>
          <Stack gap="sm">
            {ended && !login.isError && (
              <Alert color="brand" variant="light" icon={<IconInfoCircle />} p="xs">{t('login.ended')}</Alert>
            )}
            {login.isError && (
              <Alert color="red" variant="light" icon={<IconAlertCircle />} p="xs" role="alert" c="var(--late)">
                {problem(login.error, t)}
              </Alert>
            )}
            <TextInput label={t('login.tenant')} placeholder="demo" name="organization" autoComplete="organization" required withAsterisk={false}
              value={tenant} onChange={(e) => setTenant(e.currentTarget.value)} autoFocus={!tenant} description={t('login.tenantHint')}
              autoCapitalize="none" spellCheck={false} />
            <TextInput label={t('login.email')} type="email" name="email" autoComplete="username" required withAsterisk={false}
              value={email} onChange={(e) => setEmail(e.currentTarget.value)} autoFocus={!!tenant} />
            <PasswordInput label={t('login.password')} name="password" autoComplete="current-password" required withAsterisk={false}
              value={password} onChange={(e) => setPassword(e.currentTarget.value)} />
            <Button type="submit" mt="sm" loading={login.isPending} fullWidth>{t('login.submit')}</Button>
          </Stack>
        </form>
      </main>
      <div className="login-foot" />
    </div>
  )
}

function problem(e: Error, t: ReturnType<typeof useTranslation>['t']): string {
  if (!(e instanceof ApiError)) return String(e)
  if (e.status === 401 || e.status === 422 || e.status === 403) return t('login.wrong')
  if (e.status === 429) return t('login.tooMany')
  if (e.status === 0 || e.status === 502 || e.status === 503) return t('login.noServer')
  return t('error.unknown', { detail: e.message })
}

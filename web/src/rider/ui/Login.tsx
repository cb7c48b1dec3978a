import { useState, type FormEvent } from 'react'
import { load, useRider } from '../state'
import { Unreachable, type Problem } from '../queue/outcome'
import { askCode, enrol, signIn, signInByCode } from '../session'
import { fill, setLang, useLang, useWords } from '../words'
import { readySound } from './ring'
import { Big } from './Big'
import { kept, keep } from './kept'

// A link with #code=… pairs the phone in one tap. The code is after the #, so that no server writes it into a log.
const codeOf = () => new URLSearchParams(location.hash.slice(1)).get('code') ?? ''

const ways = ['password', 'text', 'code'] as const // code: on paper, from a dispatcher
type By = (typeof ways)[number]

export function Login() {
  const t = useWords()
  const lang = useLang()
  const ended = useRider((s) => s.ended)
  const [by, setBy] = useState<By>(codeOf() ? 'code' : 'password')
  const [asked, setAsked] = useState<{ tenant: string; phone: string } | null>(null) // for whom a code was sent
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState('')

  const submit = async (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault()
    readySound()
    const f = new FormData(e.currentTarget)
    const text = (name: string) => String(f.get(name) ?? '').trim()
    setBusy(true)
    setWrong('')
    try {
      if (by === 'text' && !asked) {
        const who = { tenant: text('tenant'), phone: text('phone') }
        const p = await askCode(who)
        return p ? setWrong(wordOf(p)) : setAsked(who)
      }
      const s = by === 'code' ? await enrol(text('code')) : asked ? await signInByCode({ ...asked, code: text('digits') }) : await signIn({ tenant: text('tenant'), phone: text('phone'), password: String(f.get('password')) })
      if ('code' in s) return setWrong(wordOf(s))
      if (by !== 'code') keep('login', asked ?? { tenant: text('tenant'), phone: text('phone') })
      history.replaceState(null, '', location.pathname + location.search)
      useRider.setState({ ended: false })
      await load()
    } catch (e) {
      if (!(e instanceof Unreachable)) throw e
      setWrong(t.login.noNetwork)
    } finally {
      setBusy(false)
    }
  }
  const wordOf = (p: Problem) => {
    if (p.status === 401) return { code: t.login.wrongCode, text: t.login.wrongText, password: t.login.wrong }[by]
    if (p.code === 'no_text_messages') return t.login.noTexts
    return p.status === 429 ? t.login.tooMany : t.login.failed
  }
  const last = kept('login', { tenant: '', phone: '' })
  return (
    <main className="login">
      <div className="row">
        <img src="/rider-icon.svg" width="56" height="56" alt="" />
        <div className="grow">
          <h1>{t.app.name}</h1>
          <div className="dim">{t.app.tagline}</div>
        </div>
        <button className="quiet" onClick={() => setLang(lang === 'zh' ? 'en' : 'zh')} lang={lang === 'zh' ? 'en' : 'zh-CN'} data-testid="lang">{lang === 'zh' ? 'English' : '中文'}</button>
      </div>
      {ended && <p className="note">{t.login.ended}</p>}
      <form onSubmit={(e) => void submit(e)} aria-label={t.login.title}>
        {by === 'code' ? (
          <label className="field">
            {t.login.code}
            <input name="code" key="code" className="code num" required autoComplete="one-time-code" autoCapitalize="characters" spellCheck={false} defaultValue={codeOf()} aria-describedby="code-hint" />
            <small id="code-hint">{t.login.codeHint}</small>
          </label>
        ) : asked ? (
          <label className="field">
            {t.login.digits}
            <input name="digits" key="digits" className="pin num" required autoFocus inputMode="numeric" pattern="[0-9]{6}" maxLength={6} autoComplete="one-time-code" aria-describedby="digits-hint" />
            <small id="digits-hint">{fill(t.login.digitsHint, { phone: asked.phone })}</small>
          </label>
        ) : (
          <>
            <label className="field">{t.login.tenant}<input name="tenant" required autoComplete="organization" autoCapitalize="none" spellCheck={false} defaultValue={last.tenant} placeholder={t.login.tenantHint} /></label>
            <label className="field">{t.login.phone}<input name="phone" type="tel" required autoComplete="tel" inputMode="tel" defaultValue={last.phone} /></label>
            {by === 'password' && <label className="field">{t.login.password}<input name="password" type="password" required autoComplete="current-password" /></label>}
          </>
        )}
        {wrong && <p className="wrong" role="alert">{wrong}</p>}
        <Big type="submit" disabled={busy} data-testid="sign-in">{by === 'text' && !asked ? t.login.sendText : t.login.submit}</Big>
      </form>
      <div className="ways">
        {asked && <button className="quiet wide" onClick={() => { setAsked(null); setWrong('') }} data-testid="other-code">{t.login.again}</button>}
        {ways.filter((w) => w !== by).map((w) => <button key={w} className="quiet wide" onClick={() => { setBy(w); setAsked(null); setWrong('') }} data-testid={`by-${w}`}>{t.login.by[w]}</button>)}
      </div>
    </main>
  )
}

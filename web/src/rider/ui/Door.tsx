import { useState } from 'react'
import { money } from '../../lib/format'
import type { Order } from '../api'
import type { Picture } from '../queue/action'
import { act } from '../queue/post'
import { useRider } from '../state'
import { demandsOf, lackingOf, type Demand } from '../work/step'
import { fill, useLang, useWords } from '../words'
import { Big } from './Big'
import { Fail } from './Fail'
import { Photos } from './Photos'
import { Signature } from './Signature'

// Door asks for the proof that the order demands, and only then can it be delivered. The server checks the same again.
export function Door({ order, place }: { order: Order; place: string }) {
  const t = useWords()
  const lang = useLang()
  const [photos, setPhotos] = useState<Blob[]>([])
  const [signature, setSignature] = useState<Blob | null>(null)
  const [signedBy, setSignedBy] = useState('')
  const [pin, setPin] = useState('')
  const [barcode, setBarcode] = useState('')
  const [aged, setAged] = useState(false)
  const [paid, setPaid] = useState(false)
  const [failing, setFailing] = useState(false)
  if (failing) return <Fail order={order} place={place} onBack={() => setFailing(false)} />

  const demands = demandsOf(order)
  const cash = order.cash_on_delivery && money(order.cash_on_delivery.amount, order.cash_on_delivery.currency, lang)
  const lacking = lackingOf(order, { photos: photos.length, signed: signature !== null, pin, barcode, aged, paid })
  const deliver = () => {
    const { here } = useRider.getState()
    const pictures: Picture[] = photos.map((content) => ({ kind: 'photo', content }))
    if (signature) pictures.push({ kind: 'signature', content: signature })
    void act({
      kind: 'deliver', about: order.id, name: place, pictures,
      proof: {
        ...(pin && { pin }), ...(barcode && { barcode: barcode.trim() }), ...(aged && { age_checked: true }), ...(signedBy.trim() && { signed_by: signedBy.trim() }),
        ...(here && { location: { lat: here.lat, lng: here.lng } }),
      },
    })
  }
  const field: Record<Demand, React.ReactNode> = {
    cash: <Check key="cash" on={paid} set={setPaid} test="cash"><b>{fill(t.proof.collect, { amount: cash ?? '' })}</b><span>{fill(t.proof.cash, { amount: cash ?? '' })}</span></Check>,
    age: <Check key="age" on={aged} set={setAged} test="age">{fill(t.proof.age, { n: order.proof.min_age })}</Check>,
    pin: (
      <label key="pin" className="field">{t.proof.pin}
        <input name="pin" className="pin num" inputMode="numeric" autoComplete="off" maxLength={6} value={pin} onChange={(e) => setPin(e.target.value.replace(/\D/g, ''))} />
      </label>
    ),
    barcode: (
      <label key="barcode" className="field">{t.proof.barcode}
        <input name="barcode" autoComplete="off" autoCapitalize="characters" spellCheck={false} maxLength={128} value={barcode} onChange={(e) => setBarcode(e.target.value)} />
      </label>
    ),
    photo: <Photos key="photo" photos={photos} set={setPhotos} />,
    signature: <Signature key="signature" set={setSignature} name={signedBy} setName={setSignedBy} />,
  }
  return (
    <>
      {demands.length > 0 && <div className="proofs"><h2>{t.proof.title}</h2>{demands.map((d) => field[d])}</div>}
      <div className="foot">
        {lacking.length > 0 && <p className="lacking" data-testid="lacking">{fill(t.step.lacking, { what: lacking.map((d) => t.lack[d]).join(lang === 'zh' ? '、' : ', ') })}</p>}
        <div className="answer">
          <Big tone="plain" onClick={() => setFailing(true)} data-testid="fail">{t.step.fail}</Big>
          <Big tone="good" step={`deliver${order.id}`} disabled={lacking.length > 0} onClick={deliver} data-testid="deliver">{t.step.deliver}</Big>
        </div>
      </div>
    </>
  )
}

function Check({ on, set, test, children }: { on: boolean; set(on: boolean): void; test: string; children: React.ReactNode }) {
  return (
    <button className="tick" role="checkbox" aria-checked={on} onClick={() => set(!on)} data-testid={test}>
      <span className="box" aria-hidden>{on && '✓'}</span>
      <span className="grow">{children}</span>
    </button>
  )
}

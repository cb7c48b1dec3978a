import { useRef, useState, type PointerEvent } from 'react'
import { useWords } from '../words'

const [width, height] = [640, 240] // of the picture, whatever the screen

// Signature is drawn with a finger, dark on white in both themes: it is a document.
export function Signature({ set, name, setName }: { set(p: Blob | null): void; name: string; setName(n: string): void }) {
  const t = useWords()
  const canvas = useRef<HTMLCanvasElement>(null)
  const last = useRef<[number, number] | null>(null)
  const [signed, setSigned] = useState(false)

  const at = (e: PointerEvent): [number, number] => {
    const r = canvas.current!.getBoundingClientRect()
    return [((e.clientX - r.left) / r.width) * width, ((e.clientY - r.top) / r.height) * height]
  }
  const paper = () => {
    const c = canvas.current!.getContext('2d')!
    c.fillStyle = '#fff'
    c.fillRect(0, 0, width, height)
  }
  const down = (e: PointerEvent) => {
    if (!signed) paper()
    canvas.current!.setPointerCapture(e.pointerId)
    last.current = at(e)
  }
  const move = (e: PointerEvent) => {
    if (!last.current) return
    const c = canvas.current!.getContext('2d')!
    const to = at(e)
    c.beginPath()
    c.moveTo(...last.current)
    c.lineTo(...to)
    Object.assign(c, { lineWidth: 4, lineCap: 'round', strokeStyle: '#111' })
    c.stroke()
    last.current = to
    setSigned(true)
  }
  const up = () => {
    if (!last.current) return
    last.current = null
    if (signed) canvas.current!.toBlob(set, 'image/png')
  }
  const clear = () => {
    paper()
    setSigned(false)
    set(null)
  }
  return (
    <div className="signature">
      <div className="row"><b className="grow">{t.proof.sign}</b>{signed && <button className="quiet" onClick={clear}>{t.proof.clear}</button>}</div>
      <canvas ref={canvas} width={width} height={height} aria-label={t.proof.signature} data-testid="signature" onPointerDown={down} onPointerMove={move} onPointerUp={up} onPointerCancel={up} />
      <label className="field">{t.proof.signedBy}<input maxLength={200} autoComplete="off" value={name} onChange={(e) => setName(e.target.value)} /></label>
    </div>
  )
}

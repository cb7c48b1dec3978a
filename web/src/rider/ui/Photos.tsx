import { IconCamera } from '@tabler/icons-react'
import { useEffect, useMemo, useState, type ChangeEvent } from 'react'
import { fill, useWords } from '../words'
import { shrink } from './shrink'

// Photos are taken by the phone's own camera app: it knows its lens, and works in gloves.
export function Photos({ photos, set }: { photos: Blob[]; set(p: Blob[]): void }) {
  const t = useWords()
  const [wrong, setWrong] = useState(false)
  const take = async (e: ChangeEvent<HTMLInputElement>) => {
    const file = e.target.files?.[0]
    e.target.value = '' // the same picture again is another event
    if (!file) return
    const small = await shrink(file)
    setWrong(!small)
    if (small) set([...photos, small])
  }
  return (
    <div className="photos">
      {photos.map((p, i) => <Thumb key={i} photo={p} label={fill(t.proof.photoOf, { n: i + 1 })} remove={t.proof.remove} onRemove={() => set(photos.filter((x) => x !== p))} />)}
      <label className="camera">
        <IconCamera size={28} aria-hidden />
        {photos.length ? t.proof.morePhoto : t.proof.takePhoto}
        <input type="file" accept="image/*" capture="environment" className="sr" onChange={(e) => void take(e)} data-testid="photo" />
      </label>
      {wrong && <p className="wrong" role="alert">{t.proof.photoFailed}</p>}
    </div>
  )
}

function Thumb({ photo, label, remove, onRemove }: { photo: Blob; label: string; remove: string; onRemove(): void }) {
  const url = useMemo(() => URL.createObjectURL(photo), [photo])
  useEffect(() => () => URL.revokeObjectURL(url), [url])
  return (
    <figure>
      <img src={url} alt={label} data-testid="thumb" />
      <button className="quiet" onClick={onRemove} aria-label={`${remove}: ${label}`}>{remove}</button>
    </figure>
  )
}

// A file of the rider's own: it needs the token, which a plain link does not carry.
import { bearer } from '../session'

// download saves it under a name; false: it could not be had.
export async function download(path: string, name: string): Promise<boolean> {
  try {
    const res = await fetch(path, { headers: { Authorization: `Bearer ${await bearer()}` }, cache: 'no-store' })
    if (!res.ok) return false
    const link = document.createElement('a')
    link.href = URL.createObjectURL(await res.blob())
    link.download = name
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
    return true
  } catch {
    return false // no network, or signed out: the next call tells which
  }
}

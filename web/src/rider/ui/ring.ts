// An offer is heard and felt, not only seen: the phone may be on the handlebar.
let audio: AudioContext | undefined

// readySound is called in a tap: browsers let a page sound only after one.
export function readySound() {
  try {
    audio ??= new AudioContext()
    void audio.resume()
  } catch { /* a phone without sound still shakes */ }
}

const everyMs = 4000

// ring goes on until the returned function is called.
export function ring(): () => void {
  const once = () => {
    navigator.vibrate?.([300, 150, 300])
    if (audio?.state !== 'running') return
    for (const [after, pitch] of [[0, 880], [0.18, 1175]] as const) {
      const at = audio.currentTime + after
      const [tone, loud] = [audio.createOscillator(), audio.createGain()]
      tone.frequency.value = pitch
      loud.gain.setValueAtTime(0.4, at)
      loud.gain.exponentialRampToValueAtTime(0.001, at + 0.16)
      tone.connect(loud).connect(audio.destination)
      tone.start(at)
      tone.stop(at + 0.17)
    }
  }
  once()
  const timer = setInterval(once, everyMs)
  return () => {
    clearInterval(timer)
    navigator.vibrate?.(0)
  }
}

import { useEffect, useRef, type ButtonHTMLAttributes, type ReactNode } from 'react'

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> { tone?: 'go' | 'good' | 'plain' | 'bad'; step?: string; children: ReactNode }

const armMs = 700

// Big is the one button of a screen. When what it does changes under the thumb (step), it takes no tap for a moment: the second tap
// of a nervous double would do the next thing, too.
export function Big({ tone = 'go', step = '', className = '', onClick, children, ...rest }: Props) {
  const since = useRef({ step, at: performance.now() })
  useEffect(() => {
    if (since.current.step !== step) since.current = { step, at: performance.now() }
  }, [step])
  return (
    <button key={step} type="button" className={`big big-${tone} ${className}`} {...rest} onClick={(e) => {
      if (step && performance.now() - since.current.at < armMs) return
      onClick?.(e)
    }}>
      {children}
    </button>
  )
}

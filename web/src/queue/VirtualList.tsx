import { useVirtualizer } from '@tanstack/react-virtual'
import { Fragment, useEffect, useRef, type CSSProperties, type ReactNode } from 'react'

export interface ItemProps { id: string; style: CSSProperties; selected: boolean; position: number; of: number }

interface Props {
  label: string
  count: number
  chosen: number // -1: none
  keyOf(i: number): string
  render(i: number, props: ItemProps): ReactNode
}

const itemHeight = 58

// VirtualList draws only the rows in view: thousands cost as much as twenty.
export function VirtualList({ label, count, chosen, keyOf, render }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count, getScrollElement: () => box.current, estimateSize: () => itemHeight, overscan: 6, getItemKey: keyOf,
  })
  const chosenKey = chosen >= 0 ? keyOf(chosen) : ''
  const at = useRef(chosen)
  at.current = chosen
  useEffect(() => {
    if (chosenKey && at.current >= 0) rows.scrollToIndex(at.current, { align: 'auto' })
  }, [chosenKey, rows])
  return (
    <div ref={box} className="list" id="queue-list" role="listbox" aria-label={label} tabIndex={0}
      aria-activedescendant={chosenKey ? `item-${chosenKey}` : undefined}>
      <div style={{ height: rows.getTotalSize(), position: 'relative' }} role="presentation">
        {rows.getVirtualItems().map((v) => (
          <Fragment key={v.key}>
            {render(v.index, {
              id: `item-${String(v.key)}`, style: { transform: `translateY(${v.start}px)` }, selected: v.index === chosen, position: v.index + 1, of: count,
            })}
          </Fragment>
        ))}
      </div>
    </div>
  )
}

import type { AlertRow } from '../api/types'

const few = 3 // incidents shown beside the alarms until more are asked for

const alarms = (rows: readonly AlertRow[]) => rows.filter((a) => a.kind === 'alarm')

// ordered has the alarms first, and what waits longest first.
export const ordered = (rows: readonly AlertRow[]): AlertRow[] => [...alarms(rows), ...rows.filter((a) => a.kind !== 'alarm')]

// shown is how many of them are seen at once: every alarm, and a few of the others.
export const shown = (rows: readonly AlertRow[]): number => alarms(rows).length + Math.min(few, rows.length - alarms(rows).length)

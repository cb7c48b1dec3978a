// What the server refused: a text for the whole, and one for each field that it names. Pure but for the words.
import type { TFunction } from 'i18next'
import { ApiError } from '../api/client'

const known = ['slot_full', 'slot_overlaps', 'slot_closed', 'slot_unavailable', 'not_found', 'forbidden', 'network', 'validation', 'client_id_used'] as const
type Known = (typeof known)[number]

export interface Faults { whole: string; fields: Record<string, string> }
export const noFaults: Faults = { whole: '', fields: {} }

export function faultsOf(t: TFunction<'office'>, e: unknown): Faults {
  if (!(e instanceof ApiError)) throw e
  const fields: Record<string, string> = {}
  const errors = e.problem.errors
  if (Array.isArray(errors)) for (const x of errors as { field: string; message: string }[]) fields[x.field.replace(/^body\./, '')] = x.message
  return { whole: (known as readonly string[]).includes(e.code) ? t(`refusal.${e.code as Known}`) : e.message, fields }
}

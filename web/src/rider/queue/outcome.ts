// What an answer means for the action that was sent. Pure.
import type { OrderState } from '../api'
import { isStep, type Action, type StepKind } from './action'

export interface Problem { status: number; code: string; detail?: string; state?: string; errors?: { field: string; message: string }[] }

export type Answer = { ok: true; status: number; body: unknown } | { ok: false; status: number; problem: Problem }

export class Unreachable extends Error {}
export class SignedOut extends Error {}

export type Outcome =
  | 'done' // the server has it, now or from before
  | 'later' // nobody knows; the same again after a while
  | 'refused' // the server won't have it: the rider is told why

// reached are the states in which a step has happened, whether or not our message was the one that said so.
const reached: Record<StepKind, OrderState[]> = {
  'arrive-store': ['at_store', 'picked_up', 'at_door', 'delivered', 'returning', 'returned'],
  'pickup': ['picked_up', 'at_door', 'delivered', 'returning', 'returned'],
  'arrive-door': ['at_door', 'delivered', 'returning', 'returned'],
  'deliver': ['delivered'],
  'fail': ['returning', 'returned'],
  'return': ['returned'],
}

const tries = 8 // failures of the server's own before an action stops holding up those behind it

export function outcomeOf(a: Action, answer: Answer): Outcome {
  if (answer.ok) return 'done'
  const { status, problem } = answer
  if (status === 408 || status === 425 || status === 429) return 'later'
  if (status >= 500) return problem.code === 'internal' && a.tries + 1 >= tries ? 'refused' : 'later'
  if (problem.code === 'impossible_transition' && isStep(a.kind) && reached[a.kind].includes(problem.state as OrderState)) return 'done'
  return 'refused'
}

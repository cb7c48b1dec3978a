// What can go wrong at a step, and about which orders it is. Pure.
import type { Trouble } from '../api'
import type { Step } from './step'

const ofRider: Trouble[] = ['accident', 'vehicle_broken', 'other']

// troublesAt are the kinds that the rider is asked for, the likeliest first; without a step those that need no order.
export function troublesAt(step: Step | undefined): Trouble[] {
  switch (step?.where) {
    case 'store':
      return step.arrived ? ['long_wait', 'store_closed', ...ofRider] : ['store_closed', ...ofRider]
    case 'door':
      return step.arrived ? ['customer_absent', 'wrong_address', 'damaged', ...ofRider] : ['wrong_address', 'damaged', ...ofRider]
  }
  return ofRider
}

// aboutOf are the orders that it is reported for, each for itself: a store that is closed is so for all that wait there. '' is none in
// particular: an accident is the rider's.
export function aboutOf(trouble: Trouble, step: Step | undefined): string[] {
  if (!step || trouble === 'accident' || trouble === 'vehicle_broken') return ['']
  return step.orders.map((o) => o.id)
}

// flowOf says what follows, in three kinds.
export function flowOf(trouble: Trouble): 'stops' | 'returns' | 'told' {
  if (trouble === 'accident' || trouble === 'vehicle_broken') return 'stops'
  return trouble === 'customer_absent' || trouble === 'damaged' ? 'returns' : 'told'
}

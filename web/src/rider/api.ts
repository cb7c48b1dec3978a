// The server's words, as the phone reads them: aliases of what is generated from docs/openapi.json.
import type { components } from '../api/schema.gen'

type S = components['schemas']

export type Plan = S['Plan']
export type Stop = S['Stop']
export type Order = S['RiderOrder']
export type OrderState = Order['state']
export type Offer = S['Offer']
export type Me = S['Me']
export type Tokens = S['RiderTokens']
export type Profile = S['RiderProfile']
export type Earnings = S['Earnings']
export type Upload = S['Upload']
export type Fix = S['Fix']
export type Proof = S['Proof']
export type Update = S['RiderUpdate']
export type Work = Pick<Update, 'plan' | 'offers'>
export type Incident = S['Incident']
export type Trouble = S['IncidentInputBody']['kind']
export type Slot = S['Slot']
export type Booking = S['Booking']
export type PooledLot = S['PooledLot']
export type Claim = S['Claim']
export type PlanChange = S['PlanChange']
export type OfferStatistics = S['OfferStatistics']
export type SyncAction = S['SyncAction']
export type SyncResult = S['SyncResult']
export type SyncAnswer = S['SyncAnswer']
export type Shift = S['Shift']
export type WorkHours = S['WorkHours']
export type Device = S['Device']
export type PushSettings = S['PushSettings']
export type Statement = S['Statement']
export type StatementEntry = S['StatementEntry']
export type LatLng = S['LatLng']

export const nothing: Work = { plan: { version: 0, stops: [], orders: [], since: null, changes: [] }, offers: [] }

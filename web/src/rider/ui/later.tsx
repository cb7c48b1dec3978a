import { lazy, Suspense, type ReactNode } from 'react'
import { Fence } from './Fence'

// Pages that nobody needs to begin the day: they are loaded when they are first looked at, and kept ready by the service worker.
export const AskColleague = lazy(() => import('./AskColleague').then((m) => ({ default: m.AskColleague })))
export const Devices = lazy(() => import('./Devices').then((m) => ({ default: m.Devices })))
export const GiveBack = lazy(() => import('./GiveBack').then((m) => ({ default: m.GiveBack })))
export const Report = lazy(() => import('./Report').then((m) => ({ default: m.Report })))
export const Slots = lazy(() => import('./Slots').then((m) => ({ default: m.Slots })))
export const Statements = lazy(() => import('./Statements').then((m) => ({ default: m.Statements })))

// Later is where one of them goes.
export const Later = ({ children }: { children: ReactNode }) => <Fence otherwise={null}><Suspense fallback={null}>{children}</Suspense></Fence>

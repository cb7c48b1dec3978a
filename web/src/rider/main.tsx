import '../tokens.css'
import './rider.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './App'
import { load } from './state'
import { onDocument } from './words'
import { installWorker } from './worker'

onDocument()
createRoot(document.getElementById('root')!).render(<StrictMode><App /></StrictMode>)
void load().then(installWorker)

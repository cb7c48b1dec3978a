// What must survive a reload, a crash and an empty battery: in IndexedDB, which the page and the service worker share.
//
// kv       session, profile, last known work, clock, language of pushes
// actions  what the rider did and the server has not answered, in order (queue/)
// fixes    positions not yet sent; their keys are their sequence numbers, which a browser never gives twice (gps/)

const name = 'paidan-rider'
const version = 1

export type Store = 'kv' | 'actions' | 'fixes'

let opened: Promise<IDBDatabase> | undefined

function open(): Promise<IDBDatabase> {
  opened ??= new Promise<IDBDatabase>((resolve, reject) => {
    const r = indexedDB.open(name, version)
    r.onupgradeneeded = () => {
      r.result.createObjectStore('kv')
      r.result.createObjectStore('actions', { keyPath: 'n', autoIncrement: true })
      r.result.createObjectStore('fixes', { keyPath: 'seq', autoIncrement: true })
    }
    r.onsuccess = () => {
      r.result.onclose = r.result.onversionchange = () => { opened = undefined }
      resolve(r.result)
    }
    r.onerror = () => {
      opened = undefined
      reject(r.error ?? new Error('the phone’s storage can’t be opened'))
    }
  })
  return opened
}

// withStore runs f in one transaction and answers when that has been written.
export async function withStore<T>(store: Store, mode: IDBTransactionMode, f: (s: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const db = await open()
  return new Promise<T>((resolve, reject) => {
    const tx = db.transaction(store, mode, { durability: 'strict' }) // what the rider did is on disk before we say so
    const r = f(tx.objectStore(store))
    tx.oncomplete = () => resolve(r.result)
    tx.onabort = tx.onerror = () => reject(tx.error ?? r.error ?? new Error(`the phone’s storage refused ${store}`))
  })
}

export const get = <T>(key: string): Promise<T | undefined> => withStore('kv', 'readonly', (s) => s.get(key) as IDBRequest<T | undefined>)
export const put = (key: string, value: unknown) => withStore('kv', 'readwrite', (s) => s.put(value, key))
export const drop = (key: string) => withStore('kv', 'readwrite', (s) => s.delete(key))

// Keeps the tracking page up to date. The server has rendered all of it; here the same view comes as JSON and takes its place.
'use strict'
;(() => {
  const main = document.querySelector('main')
  const { base, lang } = main.dataset
  const EVERY = 10_000
  const alert = main.querySelector('[data-alert]')

  const get = (view, path) => path.split('.').reduce((v, key) => v?.[key], view)
  const move = (mark, at) => at && mark.setAttribute('transform', `translate(${at.x} ${at.y})`)

  function show(view) {
    for (const e of main.querySelectorAll('[data-text]')) {
      const text = get(view, e.dataset.text) ?? ''
      if (e.textContent !== text) e.textContent = text
    }
    for (const e of main.querySelectorAll('[data-show]')) e.hidden = !get(view, e.dataset.show)

    const map = main.querySelector('[data-map]')
    map.toggleAttribute('hidden', !view.map)
    if (view.map) {
      for (const mark of map.querySelectorAll('[data-at]')) move(mark, view.map[mark.dataset.at])
      map.querySelector('[data-at=rider]').classList.toggle('away', !view.map.rider)
      map.querySelector('[data-way]').setAttribute('d', view.map.way)
    }

    main.querySelector('[data-steps]').replaceChildren(...view.steps.map((step) => {
      const li = document.createElement('li')
      li.className = (step.done ? 'done' : '') + (step.now ? ' at' : '')
      const text = document.createElement('span'), time = document.createElement('time')
      text.textContent = step.text
      time.textContent = step.time
      li.append(text, time)
      return li
    }))

    const choices = main.querySelector('[data-choices]')
    if (view.tip && choices.children.length === 0) {
      choices.replaceChildren(...view.tip.choices.map((choice) => {
        const b = document.createElement('button')
        b.type = 'button'
        b.dataset.amount = choice.amount
        b.textContent = choice.text
        return b
      }))
    }
    rated(view.rating?.stars)
    main.dataset.over = view.over
  }

  function rated(stars) {
    if (!stars) return
    main.querySelector('[data-rate]').hidden = true
    main.querySelector('[data-thanks]').hidden = false
  }

  async function ask(path, body) {
    const post = body && { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }
    const answer = await fetch(`${base}/${path}?lang=${lang}`, post || { cache: 'no-store' })
    if (answer.ok) return answer.json()
    throw Object.assign(new Error(answer.statusText), { status: answer.status })
  }

  async function poll() {
    try {
      show(await ask('status'))
    } catch (e) {
      if (e.status === 410 || e.status === 404) return location.reload()
    }
    next()
  }

  let timer
  function next() {
    clearTimeout(timer)
    if (main.dataset.over !== 'true' && !document.hidden) timer = setTimeout(poll, EVERY)
  }
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && main.dataset.over !== 'true') poll()
  })

  async function act(buttons, path, body) {
    alert.hidden = true
    buttons.forEach((b) => { b.disabled = true })
    try {
      show(await ask(path, body))
      return true
    } catch {
      alert.hidden = false
      return false
    } finally {
      buttons.forEach((b) => { b.disabled = false })
    }
  }

  main.querySelector('[data-rate]').addEventListener('submit', (e) => {
    e.preventDefault()
    const said = new FormData(e.target)
    act([e.target.querySelector('button')], 'rating', { stars: Number(said.get('stars')), comment: said.get('comment') })
  })

  // A tip that got no answer is sent again under its own id, so that it is one tip; a tip that arrived is followed by a new one.
  const ids = new Map()
  main.querySelector('[data-choices]').addEventListener('click', async (e) => {
    const amount = Number(e.target.dataset.amount)
    if (!amount) return
    if (!ids.has(amount)) ids.set(amount, uuid())
    if (await act([...e.currentTarget.children], 'tip', { amount, action_id: ids.get(amount) })) ids.delete(amount)
  })

  // crypto.randomUUID exists on HTTPS only.
  function uuid() {
    const b = crypto.getRandomValues(new Uint8Array(16))
    b[6] = (b[6] & 15) | 64
    b[8] = (b[8] & 63) | 128
    const hex = [...b].map((x) => x.toString(16).padStart(2, '0')).join('')
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
  }

  next()
})()

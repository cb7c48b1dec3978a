// Before the first paint: the theme and the language as they were last time, so that nothing flashes.
(function () {
  var scheme = 'auto'
  try {
    scheme = localStorage.getItem('mantine-color-scheme-value') || 'auto'
    var lang = localStorage.getItem('paidan.lang')
    document.documentElement.lang = lang || (/^zh/i.test(navigator.language) ? 'zh' : 'en')
  } catch { /* storage may be denied */ }
  if (scheme !== 'light' && scheme !== 'dark') {
    scheme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
  }
  document.documentElement.setAttribute('data-mantine-color-scheme', scheme)
})()

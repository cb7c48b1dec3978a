// Which mark is under the pointer: marks are sorted into squares of the screen, only nine of which are looked at.

const cell = 32

export class HitGrid {
  private cols = 0
  private rows = 0
  private start = new Int32Array(1)
  private items = new Int32Array(0)
  private xs: ArrayLike<number> = []
  private ys: ArrayLike<number> = []

  build(xs: ArrayLike<number>, ys: ArrayLike<number>, n: number, width: number, height: number) {
    this.xs = xs
    this.ys = ys
    this.cols = Math.max(1, Math.ceil(width / cell))
    this.rows = Math.max(1, Math.ceil(height / cell))
    this.start = new Int32Array(this.cols * this.rows + 1)
    if (this.items.length < n) this.items = new Int32Array(n)
    for (let i = 0; i < n; i++) {
      const c = this.cellOf(xs[i]!, ys[i]!)
      if (c >= 0) this.start[c + 1]!++
    }
    for (let c = 0; c < this.cols * this.rows; c++) this.start[c + 1]! += this.start[c]!
    const at = this.start.slice()
    for (let i = 0; i < n; i++) {
      const c = this.cellOf(xs[i]!, ys[i]!)
      if (c >= 0) this.items[at[c]!++] = i
    }
  }

  // nearest is the index of the closest mark within reach, or -1. bias(i) pixels are taken off a mark's distance.
  nearest(x: number, y: number, reach: number, bias: (i: number) => number = () => 0): number {
    const c0 = Math.max(0, Math.floor((x - reach) / cell))
    const c1 = Math.min(this.cols - 1, Math.floor((x + reach) / cell))
    const r0 = Math.max(0, Math.floor((y - reach) / cell))
    const r1 = Math.min(this.rows - 1, Math.floor((y + reach) / cell))
    let best = -1
    let bestD = Infinity
    for (let r = r0; r <= r1; r++) {
      for (let c = c0; c <= c1; c++) {
        const k = r * this.cols + c
        for (let j = this.start[k]!; j < this.start[k + 1]!; j++) {
          const i = this.items[j]!
          const d = Math.hypot(this.xs[i]! - x, this.ys[i]! - y)
          if (d > reach) continue
          const weighed = d - bias(i)
          if (weighed < bestD) {
            bestD = weighed
            best = i
          }
        }
      }
    }
    return best
  }

  private cellOf(x: number, y: number): number {
    const c = Math.floor(x / cell)
    const r = Math.floor(y / cell)
    return c < 0 || r < 0 || c >= this.cols || r >= this.rows ? -1 : r * this.cols + c
  }
}

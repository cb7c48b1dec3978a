import { Component, type ReactNode } from 'react'

// Fence keeps a fault in one part (a map that this phone can't draw) from taking the screen with it.
export class Fence extends Component<{ otherwise: ReactNode; children: ReactNode }, { broken: boolean }> {
  override state = { broken: false }
  static getDerivedStateFromError = () => ({ broken: true })
  override render() {
    return this.state.broken ? this.props.otherwise : this.props.children
  }
}

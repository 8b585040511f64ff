/** How the process does. The outermost edge measures it; left out, all is well. */
export interface Vitals {
  /** Median milliseconds that tasks came late since the last call. */
  takeEventLoopLag(): number;
  /** Bytes of JavaScript memory in use, buffers included. */
  memoryBytes(): number;
}

export const calmVitals: Vitals = { takeEventLoopLag: () => 0, memoryBytes: () => 0 };

/** A promise that was broken: which, and how one sees it. */
export interface Violation {
  /** The requirement, or what stands for it: "convergence", "durability" … */
  readonly promise: string;
  readonly message: string;
}

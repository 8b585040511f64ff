import { type ErrorData, type Role, TuttiError } from "@tutti/protocol";

/** What an app lets a person do with the text: change it, suggest changes, or look at it. */
export type EditingMode = "editing" | "suggesting" | "viewing";

/**
 * What this person may do here, before the server is asked (A2). The role is the server's word; the mode is the wish of
 * the app, and never goes beyond the role.
 */
export class Permission {
  role: Role = "editor";
  wish: EditingMode = "editing";

  /** The role allows changes of the text. */
  get mayEdit(): boolean {
    return mayEdit(this.role);
  }

  get mode(): EditingMode {
    if (this.role === "viewer") return "viewing";
    return this.wish === "editing" && !this.mayEdit ? "suggesting" : this.wish;
  }

  /** Why the text may not be changed now (`forbidden`); undefined: it may. */
  get obstacle(): ErrorData | undefined {
    if (!this.mayEdit) return forbidden(this.role);
    return this.mode === "editing" ? undefined : forbidden(this.mode);
  }
}

export const mayEdit = (role: Role): boolean => role === "editor" || role === "owner";

/** Others edit now, as many as may (S11). */
export const viewingOnly = (): ErrorData => new TuttiError("viewing_only", "views for now: see `askToEdit`").toData();

/** @param as the role or the mode that allows no edits of the text */
export const forbidden = (as: Role | EditingMode): ErrorData =>
  new TuttiError("forbidden", `no edits of the text as ${as}`).toData();

import type { TuttiClient } from "@tutti/client";
import { createContext, type ReactNode, useContext, useMemo } from "react";
import { type OpenDocuments, openDocumentsOf } from "./open-documents.js";

const Context = createContext<OpenDocuments | undefined>(undefined);

export interface TuttiProviderProps {
  /** Whose documents the components below open. The provider never closes it. */
  readonly client: Pick<TuttiClient, "open">;
  readonly children?: ReactNode;
}

/** Gives the components below the client whose documents they open with `useDocument`. */
export function TuttiProvider({ client, children }: TuttiProviderProps) {
  const documents = useMemo(() => openDocumentsOf(client), [client]);
  return <Context.Provider value={documents}>{children}</Context.Provider>;
}

/** @throws Error outside of a `TuttiProvider` */
export function useOpenDocuments(): OpenDocuments {
  const documents = useContext(Context);
  if (documents === undefined) throw new Error("useDocument needs a TuttiProvider above it");
  return documents;
}

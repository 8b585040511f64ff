import type { TuttiClient } from "@tutti/client";
import { createContext, type ReactNode, useContext } from "react";

/** What the hooks use of a client. */
export type Client = Pick<TuttiClient, "open" | "connection" | "on">;

const Context = createContext<Client | undefined>(undefined);

export interface TuttiProviderProps {
  /** Whose documents the components below open. The provider never closes it. */
  readonly client: Pick<TuttiClient, "open" | "connection" | "on">;
  readonly children?: ReactNode;
}

/** Gives the components below the client whose documents they open with `useDocument`. */
export function TuttiProvider({ client, children }: TuttiProviderProps) {
  return <Context.Provider value={client}>{children}</Context.Provider>;
}

/** @throws Error outside of a `TuttiProvider` */
export function useClient(): Client {
  const client = useContext(Context);
  if (client === undefined) throw new Error("this hook needs a TuttiProvider above it");
  return client;
}

import type { Section } from "@tutti/ot";
import type { ChunkName } from "../storage/store.js";

/**
 * The names of sections that were stored or loaded, for as long as the sections live: a snapshot has to look only at
 * those that are new. A name follows from the content alone, so that nothing here ever becomes wrong; that a chunk of
 * this name is still in the store is for the store to say.
 */
const names = new WeakMap<Section, ChunkName>();

export const knownName = (section: Section): ChunkName | undefined => names.get(section);

export function rememberName(section: Section, name: ChunkName): void {
  names.set(section, name);
}

/** @tutti/client/node: documents and edits that outlive a process of Node (C3). */
export { type FolderStoreOptions, folderStore } from "./offline/folder/folder-store.js";

import { defineMessage, type MessageOf } from "../message.js";
import { boolean } from "../schema.js";
import { documentId, userId } from "./parts.js";

/**
 * Client → server: whether a person may edit here (S11). Of one who asks: by anybody who edits. In moderated mode the
 * owner also names people who have not asked, and takes the place of those who edit. Versions: 1 first.
 */
export const decide = defineMessage("decide", 9, { document: documentId, user: userId, edit: boolean });
export type Decide = MessageOf<typeof decide>;

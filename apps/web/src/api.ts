import { ApiError, readApiError } from "./api-error.js";
import { isSession, type Session } from "./session/session.js";

export type DocumentKind = "rich" | "plain";

/** A document in the list. Times are milliseconds since 1970. */
export interface DocumentRecord {
  readonly id: string;
  readonly title: string;
  readonly kind: DocumentKind;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** The id of the person who made it; undefined: an older server does not tell. */
  readonly createdBy?: string;
  /** Since when it is in the trash. */
  readonly trashedAt?: number;
}

/** Signs in as a guest. @throws ApiError */
export async function startSession(name: string): Promise<Session> {
  const body = await callApi("POST", "/v1/sessions", { body: { name } });
  if (!isSession(body)) throw unreadable();
  return body;
}

/** The same guest with a new token. @throws ApiError */
export async function renewSession(session: Session): Promise<Session> {
  const body = await callApi("POST", "/v1/sessions/renewal", { session });
  if (!isSession(body)) throw unreadable();
  return body;
}

/** Newest change first. @throws ApiError */
export async function listDocuments(session: Session): Promise<readonly DocumentRecord[]> {
  return readRecords(await callApi("GET", "/v1/documents", { session }));
}

/** What the person threw away, newest first. @throws ApiError */
export async function listTrash(session: Session): Promise<readonly DocumentRecord[]> {
  return readRecords(await callApi("GET", "/v1/documents?trashed=true", { session }));
}

/** Moves a document to the trash; its maker may. @throws ApiError */
export async function trashDocument(session: Session, id: string): Promise<void> {
  await callApi("DELETE", `/v1/documents/${encodeURIComponent(id)}`, { session });
}

/** Takes a document out of the trash. @throws ApiError */
export async function restoreDocument(session: Session, id: string): Promise<void> {
  await callApi("POST", `/v1/documents/${encodeURIComponent(id)}/restore`, { session });
}

/** The id of the new document. @throws ApiError */
export async function createDocument(session: Session, title: string, kind: DocumentKind): Promise<string> {
  const body = await callApi("POST", "/v1/documents", { session, body: { title, type: kind } });
  if (!isObject(body) || typeof body["id"] !== "string") throw unreadable();
  return body["id"];
}

/** @throws ApiError */
export async function renameDocument(session: Session, id: string, title: string): Promise<void> {
  await callApi("PATCH", `/v1/documents/${encodeURIComponent(id)}`, { session, body: { title } });
}

interface CallOptions {
  readonly session?: Session;
  readonly body?: unknown;
}

/** A call of the HTTP API. @returns the body of the answer; undefined where it has none @throws ApiError */
export async function callApi(method: string, path: string, { session, body }: CallOptions): Promise<unknown> {
  const headers = new Headers({ accept: "application/json" });
  if (session !== undefined) headers.set("authorization", `Bearer ${session.token}`);
  if (body !== undefined) headers.set("content-type", "application/json");
  const answer = await send(path, { method, headers, body: body === undefined ? null : JSON.stringify(body) });
  const content = await readJson(answer);
  if (!answer.ok) throw readApiError(answer.status, content);
  return content;
}

async function send(path: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(path, request);
  } catch (cause) {
    throw new ApiError("unreachable", cause instanceof Error ? cause.message : String(cause), 0);
  }
}

async function readJson(answer: Response): Promise<unknown> {
  try {
    return (await answer.json()) as unknown;
  } catch {
    return undefined;
  }
}

function unreadable(): ApiError {
  return new ApiError("unreadable", "The answer has an unknown shape.", 200);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function readRecords(body: unknown): readonly DocumentRecord[] {
  if (!isObject(body) || !Array.isArray(body["documents"])) throw unreadable();
  return body["documents"].map(readRecord);
}

/** On the wire the kind is called `type`, as in the call that creates a document. @throws ApiError `unreadable` */
export function readRecord(value: unknown): DocumentRecord {
  if (!isObject(value)) throw unreadable();
  const { id, title, type: kind, createdAt, updatedAt, createdBy, trashedAt } = value;
  if (typeof id !== "string" || typeof title !== "string" || (kind !== "rich" && kind !== "plain")) throw unreadable();
  if (typeof createdAt !== "number" || typeof updatedAt !== "number") throw unreadable();
  return {
    ...{ id, title, kind, createdAt, updatedAt },
    ...(typeof createdBy === "string" && { createdBy }),
    ...(typeof trashedAt === "number" && { trashedAt }),
  };
}

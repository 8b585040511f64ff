/** Signs in as a guest: servers on loopback let people in by name. @returns a token */
export async function guestToken(url: string, name: string): Promise<string> {
  const { token } = await post(`${url}/v1/sessions`, { name });
  return token as string;
}

/** @returns the id of a new document */
export async function createDocument(
  url: string,
  token: string,
  title: string,
  type: "rich" | "plain",
): Promise<string> {
  const { id } = await post(`${url}/v1/documents`, { title, type }, token);
  return id as string;
}

async function post(address: string, body: object, token?: string): Promise<Record<string, unknown>> {
  const response = await fetch(address, {
    method: "POST",
    headers: { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${address}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Record<string, unknown>;
}

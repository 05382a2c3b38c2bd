/** The answer to a REST call. */
export interface Answer<Body = any> {
  status: number;
  body: Body;
  headers: Headers;
}

/** Calls the API as a client without any library would. `body` is sent as JSON unless it is text already. */
export const rest = async <Body = any>(
  url: string,
  method: string,
  path: string,
  { token, body, headers }: { token?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer<Body>> => {
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? null : JSON.parse(text)) as Body, headers: response.headers };
};

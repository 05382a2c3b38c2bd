import createClient, { type Client } from 'openapi-fetch';
import type { Credentials } from './credentials.js';
import { errorOf, noConnection } from './error.js';
import type { paths } from './rest-types.js';

/** Every operation of the REST interface, by its method and path, as the server's OpenAPI document describes it. */
export type Rest = Client<paths>;

const EXPIRED = 401;

/** Signs every request by whoever is signed in, and repeats one whose token had expired. */
export const openRest = (url: string, credentials: Credentials): Rest =>
  createClient<paths>({
    baseUrl: url,
    fetch: async (request) => {
      const again = request.clone();
      const token = (await credentials.user()) ? await credentials.accessToken() : undefined;
      if (token !== undefined) request.headers.set('Authorization', `Bearer ${token}`);
      const response = await reach(request);
      if (response.status !== EXPIRED || token === undefined) return response;
      const { code } = (await response.clone().json()) as { code?: string };
      if (code !== 'auth.token_expired') return response;
      again.headers.set('Authorization', `Bearer ${await credentials.accessToken(token)}`);
      return reach(again);
    },
  });

const reach = (request: Request): Promise<Response> =>
  fetch(request).catch((error: unknown) => {
    throw noConnection(error);
  });

/** The body of a successful answer. @throws ParleyError what the server said instead, `client.no_connection`. */
export const bodyOf = async <Data>(answer: Promise<{ data?: Data; error?: unknown; response: Response }>): Promise<Data> => {
  const { data, error, response } = await answer;
  if (!response.ok) throw errorOf(response.status, error);
  return data as Data;
};

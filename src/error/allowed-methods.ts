import type { Request } from 'express';

interface Layer {
  match(path: string): boolean;
  route?: { path: string; methods: Record<string, boolean> };
}

interface Route {
  /** How many parts of its path are parameters. */
  params: number;
  methods: string[];
}

const routesAt = (request: Request): Route[] => {
  const { stack } = (request.app as unknown as { router: { stack: Layer[] } }).router;
  return stack.flatMap((layer) => {
    const { route } = layer;
    if (!route || route.methods._all || !layer.match(request.path)) return [];
    return [{ params: route.path.split(':').length - 1, methods: Object.keys(route.methods) }];
  });
};

/**
 * The methods that this path does take; empty when there is no such path. A path that a route has by name is that route's
 * alone, and nobody's id: `/api/rooms/unread` is no room.
 */
export const allowedMethods = (request: Request): string[] => {
  const routes = routesAt(request);
  const fewest = Math.min(...routes.map(({ params }) => params));
  const methods = routes.filter(({ params }) => params === fewest).flatMap((route) => route.methods);
  const allowed = new Set(methods.map((method) => method.toUpperCase()));
  // Express answers it wherever it answers GET.
  if (allowed.has('GET')) allowed.add('HEAD');
  return [...allowed];
};

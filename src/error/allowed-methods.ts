import type { Request } from 'express';

interface Layer {
  match(path: string): boolean;
  route?: { methods: Record<string, boolean> };
}

/** The methods that the routes at this path do take; empty when there is no such path. */
export const allowedMethods = (request: Request): string[] => {
  const { stack } = (request.app as unknown as { router: { stack: Layer[] } }).router;
  const methods = stack
    .filter((layer) => layer.route && !layer.route.methods._all && layer.match(request.path))
    .flatMap((layer) => Object.keys(layer.route?.methods ?? {}));
  const allowed = new Set(methods.map((method) => method.toUpperCase()));
  // Express answers it wherever it answers GET.
  if (allowed.has('GET')) allowed.add('HEAD');
  return [...allowed];
};

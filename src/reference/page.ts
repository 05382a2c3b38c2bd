import { toPage } from '../page/page.js';

/** One page of the reference. Everything it loads comes from this server. */
export const page = ({ title, styles = [], main }: { title: string; styles?: string[]; main: string }): string =>
  toPage({
    title: `Parley: ${title}`,
    sheets: [...styles, 'reference.css'].map((file) => `/docs/${file}`),
    body: `<nav><a href="/docs">REST</a> <a href="/docs/events">Commands and events</a> <a href="/openapi.json">OpenAPI</a> <a href="/asyncapi.json">AsyncAPI</a></nav>
${main}`,
  });

export const REST_PAGE = page({
  title: 'REST',
  styles: ['swagger-ui.css'],
  main: `<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/reference.js"></script>`,
});

/** Without a validator: that one would be a foreign server. */
export const REFERENCE_SCRIPT = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
});
`;

export const REFERENCE_STYLE = `body { margin: 0; color: #222; background: #fff; font: 16px/1.5 system-ui, sans-serif; }
nav { padding: .75rem 1rem; background: #1f2937; }
nav a { margin-right: 1rem; color: #fff; }
main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
main h2 { margin-top: 3rem; border-bottom: 1px solid #ccc; }
main h3 { margin-top: 2.5rem; }
main table { width: 100%; border-collapse: collapse; font-size: .875rem; }
main :is(th, td) { padding: .25rem .5rem; border: 1px solid #ddd; text-align: left; vertical-align: top; }
main :is(code, pre) { font: .875em/1.4 ui-monospace, monospace; background: #f3f4f6; }
main pre { padding: .75rem; overflow: auto; }
`;

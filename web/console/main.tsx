import './mantine.css';
import '@mantine/notifications/styles.css';
import '../tokens.css';
import './console.css';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { Parley, ParleyError } from '@parley/client';
import { App } from './app.js';
import { NotificationArea } from './notifications.js';
import { Router } from './leaving.js';
import { showIcon } from './favicon.js';
import { theme } from './theme.js';
import { loadWords } from './words.js';

showIcon(0);
const [words, parley] = await Promise.all([loadWords(), Parley.open({ url: location.origin, scope: 'console' })]);
const RETRIES = 2;
/** What is refused is refused the next time, too. */
const retry = (count: number, error: Error): boolean => count < RETRIES && !(error instanceof ParleyError && !error.retryable);
const queries = new QueryClient({ defaultOptions: { queries: { staleTime: 30_000, retry, refetchOnReconnect: true } } });
const nonce = document.querySelector<HTMLMetaElement>('meta[name=style-nonce]')?.content ?? '';

createRoot(document.getElementById('app') as HTMLElement).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce}>
      <I18nextProvider i18n={words}>
        <QueryClientProvider client={queries}>
          <NotificationArea />
          <Router>
            <App parley={parley} onLeave={() => queries.clear()} />
          </Router>
        </QueryClientProvider>
      </I18nextProvider>
    </MantineProvider>
  </StrictMode>,
);

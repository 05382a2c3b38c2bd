import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { NavigationType, UNSAFE_createBrowserHistory as createBrowserHistory, unstable_HistoryRouter as HistoryRouter } from 'react-router';
import { ConfirmDialog } from './confirm-dialog.js';
import { createStore, useStore } from './store.js';

type History = ReturnType<typeof createBrowserHistory>;
type Listener = Parameters<History['listen']>[0];

/** The forms of this page whose changes are not saved. */
const unsaved = new Set<symbol>();
/** What would leave them, while the reader is asked. */
const wish = createStore<(() => void) | null>(null);

/** Where the reader is; before unsaved changes are left it asks. */
const guarded = (history: History): History => {
  /** Goes somewhere, once that is allowed. */
  const leave = (go: () => void): void => (unsaved.size === 0 ? go() : wish.set(go));
  const isElsewhere = (to: Parameters<History['push']>[0]): boolean =>
    history.createURL(to).pathname !== history.createURL(history.location).pathname;
  /** A step back that was taken back until the reader has said. */
  let isReturning = false;
  return Object.defineProperties(
    {
      ...history,
      push: (to, state) => (isElsewhere(to) ? leave(() => history.push(to, state)) : history.push(to, state)),
      replace: (to, state) => (isElsewhere(to) ? leave(() => history.replace(to, state)) : history.replace(to, state)),
      listen: (listener: Listener) =>
        history.listen((update) => {
          const { action, delta } = update;
          if (isReturning) isReturning = false;
          else if (action !== NavigationType.Pop || delta === null || delta === 0 || unsaved.size === 0) listener(update);
          else {
            isReturning = true;
            history.go(-delta);
            wish.set(() => history.go(delta));
          }
        }),
    },
    { location: { get: () => history.location }, action: { get: () => history.action } },
  );
};

const history = guarded(createBrowserHistory({ v5Compat: true }));

/** Asks before the page is left with changes that are not saved, whatever leaves it, until the function that it gives is called. */
export const useLeaveGuard = (isChanged: boolean): (() => void) => {
  const [form] = useState(() => Symbol('form'));
  useEffect(() => {
    if (!isChanged) return;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    unsaved.add(form);
    addEventListener('beforeunload', ask);
    return () => {
      unsaved.delete(form);
      removeEventListener('beforeunload', ask);
    };
  }, [isChanged, form]);
  return () => void unsaved.delete(form);
};

/** As the router's own, which weighs 17 KB more where it can ask. */
export const Router = ({ children }: { children: ReactNode }): ReactNode => {
  const { t } = useTranslation();
  const go = useStore(wish);
  return (
    <HistoryRouter basename="/console" history={history}>
      {children}
      {go && (
        <ConfirmDialog
          title={t('leave')}
          warning={t('leaveWarning')}
          action={t('discardChanges')}
          work={async () => Promise.resolve()}
          onDone={() => {
            unsaved.clear();
            go();
          }}
          onClose={() => wish.set(null)}
        />
      )}
    </HistoryRouter>
  );
};

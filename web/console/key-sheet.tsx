import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from './dialog.js';

/** What the keys do. */
const KeySheet = ({ onClose }: { onClose: () => void }): ReactNode => {
  const { t } = useTranslation();
  const keys = [
    ['Ctrl K', t('palette')],
    ['Alt J', t('key.next')],
    ['Alt K', t('key.previous')],
    ['C', t('action.claim')],
    ['R', t('writeReply')],
    ['N', t('writeNote')],
    ['A', t('action.transfer')],
    ['Z', t('action.snoozeHour')],
    ['L', t('action.labels')],
    ['S', t('action.details')],
    ['U', t('action.unread')],
    ['F', t('find')],
    ['E', t('action.close')],
    ['Alt O', t('action.reopen')],
    ['?', t('key.sheet')],
  ] as const;
  return (
    <Dialog opened onClose={onClose} title={t('key.sheet')}>
      <dl className="keys">
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
};

export default KeySheet;

import { Alert, Button, Fieldset, Group, List, Stack, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bodyOf } from '@parley/client';
import type { RuleTrial } from '../../../../src/contract/automation.js';
import { useDesk } from '../../desk.js';
import { RoomSelect } from './room-select.js';
import type { RuleValue } from './templates.js';
import type { RuleWords } from './words.js';

/** What would be done, and which condition keeps it from being done. */
const Result = ({ trial, event, words }: { trial: RuleTrial; event: RuleValue['event']; words: RuleWords }): ReactNode => {
  const { t } = useTranslation();
  const list = (field: string, values: string[]): string => values.map((value) => words.value(field, value)).join(', ');
  const isMissing = event !== 'room.created' && trial.entryId === null;
  return (
    <Alert
      role="status"
      color={trial.matches ? 'green' : 'yellow'}
      title={t(trial.matches ? 'automation.matches' : 'automation.matchesNot')}
    >
      <Stack gap="xs">
        {isMissing && <Text size="sm">{t('automation.nothingHappened')}</Text>}
        {trial.conditions.length > 0 && (
          <List size="sm" listStyleType="none">
            {trial.conditions.map(({ field, operator, values, found, holds }, at) => (
              <List.Item key={at} icon={<span aria-hidden="true">{holds ? '✓' : '✗'}</span>}>
                <span className="unseen">{t(holds ? 'automation.holds' : 'automation.holdsNot')}</span>{' '}
                <span dir="auto">
                  {words.field(field)} {t(`automation.operator.${operator}`)} {list(field, values)}
                </span>
                <Text component="span" size="sm" dir="auto" display="block">
                  {found.length === 0 ? t('automation.foundNothing') : t('automation.found', { found: list(field, found) })}
                </Text>
              </List.Item>
            ))}
          </List>
        )}
        {trial.matches && (
          <>
            <Text size="sm" fw={600}>
              {t('automation.wouldDo')}
            </Text>
            <List size="sm" type="ordered">
              {trial.actions.map((action, at) => (
                <List.Item key={at}>
                  <Text component="span" size="sm" dir="auto" style={{ whiteSpace: 'pre-wrap' }}>
                    {words.action(action)}
                  </Text>
                </List.Item>
              ))}
            </List>
          </>
        )}
      </Stack>
    </Alert>
  );
};

interface TrialProps {
  value: RuleValue;
  words: RuleWords;
  /** Puts faults at the fields of the rule. */
  attempt: (work: () => Promise<unknown>) => Promise<boolean>;
  isBusy: boolean;
}

/** Tries what is written in a conversation, before it is saved. Nothing is done. */
export const Trial = ({ value, words, attempt, isBusy }: TrialProps): ReactNode => {
  const { t } = useTranslation();
  const { rest } = useDesk().parley;
  const [roomId, setRoomId] = useState<string | null>(null);
  const [tried, setTried] = useState<{ trial: RuleTrial; of: string } | null>(null);
  const { event, conditions, actions } = value;
  const of = JSON.stringify({ roomId, event, conditions, actions });
  const run = async (): Promise<void> => {
    if (roomId === null) return;
    setTried(null);
    await attempt(async () => {
      setTried({ trial: await bodyOf(rest.POST('/api/rules/trial', { body: { roomId, event, conditions, actions } })), of });
    });
  };
  return (
    <Fieldset legend={t('automation.trial')}>
      <Stack>
        <Text size="sm" c="dimmed">
          {t('automation.trialHint')}
        </Text>
        <Group align="flex-end">
          <RoomSelect roomId={roomId} onChange={setRoomId} />
          <Button variant="light" disabled={roomId === null} loading={isBusy} onClick={() => void run()}>
            {t('automation.try')}
          </Button>
        </Group>
        {tried?.of === of && <Result trial={tried.trial} event={event} words={words} />}
      </Stack>
    </Fieldset>
  );
};

import { Badge, Button, Group, List, Select, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { bodyOf } from '@parley/client';
import { MAX_FIRINGS_PER_MINUTE, MAX_RULES, type RuleFiring } from '../../../../src/contract/automation.js';
import { ERRORS, type ErrorCode } from '../../../../src/contract/error-code.js';
import { useDesk } from '../../desk.js';
import { Page } from '../../page.js';
import { useMoment } from '../../moment.js';
import { PagedTable } from '../paged-table.js';
import { usePages } from '../../pages.js';
import { useRuleWords, type RuleWords } from './words.js';

/** What became of each action, or why nothing was done. */
const Outcome = ({ firing, words }: { firing: RuleFiring; words: RuleWords }): ReactNode => {
  const { t } = useTranslation();
  const { stopped, actions } = firing;
  const reasonOf = (code: string): string => t(`refused.${code}`, ERRORS[code as ErrorCode].title);
  if (stopped) {
    return (
      <Stack gap={0} align="flex-start">
        <Badge color="red" variant="light">
          {t('automation.stopped')}
        </Badge>
        <Text size="xs" c="dimmed">
          {t('automation.stoppedHint', { count: MAX_FIRINGS_PER_MINUTE })}
        </Text>
      </Stack>
    );
  }
  if (actions.length === 0) return <Text size="sm">{t('automation.underWay')}</Text>;
  return (
    <List size="sm" listStyleType="none" maw={420}>
      {actions.map((action, at) => (
        <List.Item key={at} icon={<span aria-hidden="true">{action.error === null ? '✓' : '✗'}</span>}>
          <Text component="span" size="sm" dir="auto" lineClamp={2}>
            {words.action(action)}
          </Text>
          {action.error !== null && (
            <Text component="span" size="xs" display="block" c="var(--fault)">
              {t('automation.failed', { reason: reasonOf(action.error) })}
            </Text>
          )}
        </List.Item>
      ))}
    </List>
  );
};

/** What rules have done, the newest first. */
export const Firings = (): ReactNode => {
  const { t } = useTranslation();
  const { rest } = useDesk().parley;
  const go = useNavigate();
  const moment = useMoment();
  const words = useRuleWords();
  const [search, setSearch] = useSearchParams();
  const ruleId = search.get('rule');
  const { data: rules } = useQuery({
    queryKey: ['rules', 'names'],
    queryFn: () => bodyOf(rest.GET('/api/rules', { params: { query: { limit: MAX_RULES } } })),
  });
  const pages = usePages<RuleFiring>(['firings', ruleId], (page) =>
    bodyOf(rest.GET('/api/rules/firings', { params: { query: { ...page, ...(ruleId !== null && { ruleId }) } } })),
  );
  return (
    <Page
      title={t('automation.logTitle')}
      intro={t('automation.logIntro')}
      actions={
        <Button variant="default" onClick={() => void go('/settings/automation')}>
          {t('automation.back')}
        </Button>
      }
    >
      <Group align="flex-end" mb="md">
        <Select
          label={t('automation.rule')}
          placeholder={t('automation.allRules')}
          clearable
          clearButtonProps={{ 'aria-label': t('automation.clear') }}
          data={rules?.items.map(({ id, name }) => ({ value: id, label: name })) ?? []}
          value={ruleId}
          onChange={(rule) => setSearch(rule === null ? {} : { rule })}
        />
        <Button variant="default" onClick={pages.again}>
          {t('automation.refresh')}
        </Button>
      </Group>
      <PagedTable
        label={t('automation.logTitle')}
        pages={pages}
        empty={t('automation.logEmpty')}
        minWidth={640}
        columns={[
          { label: t('automation.at'), cell: ({ at }) => moment(at) },
          {
            label: t('automation.rule'),
            cell: ({ ruleName, event }) => (
              <Stack gap={0} maw={240}>
                <Text size="sm" dir="auto" lineClamp={2}>
                  {ruleName}
                </Text>
                <Text size="xs" c="dimmed">
                  {t(`automation.event.${event}`)}
                </Text>
              </Stack>
            ),
          },
          { label: t('automation.outcome'), cell: (firing) => <Outcome firing={firing} words={words} /> },
        ]}
        actions={({ roomId }) => (
          <Button size="compact-sm" variant="subtle" onClick={() => void go(`/all/rooms/${roomId}`)}>
            {t('automation.openRoom')}
          </Button>
        )}
      />
    </Page>
  );
};

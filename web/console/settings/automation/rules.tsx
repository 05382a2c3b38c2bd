import { Button, Card, Group, SimpleGrid, Stack, Switch, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { bodyOf } from '@parley/client';
import type { Rule } from '../../../../src/contract/automation.js';
import { useAsk } from '../../ask.js';
import { useDesk } from '../../desk.js';
import { Page } from '../../page.js';
import { RemoveDialog } from '../../confirm-dialog.js';
import { PagedTable } from '../paged-table.js';
import { usePages } from '../../pages.js';
import { TEMPLATE_NAMES } from './templates.js';
import { useRuleWords } from './words.js';

const BASE = '/settings/automation';
const KEY = 'rules';

/** What rules are good for, to whoever has none: three to begin with. */
const Empty = (): ReactNode => {
  const { t } = useTranslation();
  const go = useNavigate();
  return (
    <Stack>
      <Text c="dimmed">{t('automation.empty')}</Text>
      <SimpleGrid cols={{ base: 1, md: 3 }}>
        {TEMPLATE_NAMES.map((name) => (
          <Card key={name} withBorder>
            <Stack justify="space-between" h="100%">
              <div>
                <Text fw={600}>{t(`automation.template.${name}.name`)}</Text>
                <Text size="sm" c="dimmed">
                  {t(`automation.template.${name}.hint`)}
                </Text>
              </div>
              <Button
                variant="light"
                aria-label={t('automation.useTemplate', { name: t(`automation.template.${name}.name`) })}
                onClick={() => void go(`${BASE}/new?template=${name}`)}
              >
                {t('automation.use')}
              </Button>
            </Stack>
          </Card>
        ))}
      </SimpleGrid>
    </Stack>
  );
};

const Toggle = ({ rule }: { rule: Rule }): ReactNode => {
  const { t } = useTranslation();
  const { rest } = useDesk().parley;
  const ask = useAsk();
  const queries = useQueryClient();
  const turn = async (enabled: boolean): Promise<void> => {
    await ask(() => bodyOf(rest.PATCH('/api/rules/{id}', { params: { path: { id: rule.id } }, body: { enabled } })));
    await queries.invalidateQueries({ queryKey: [KEY] });
  };
  return (
    <Switch
      aria-label={t('automation.follow', { name: rule.name })}
      checked={rule.enabled}
      onChange={({ currentTarget }) => void turn(currentTarget.checked)}
    />
  );
};

/** What is done, one thing a line. */
const Summary = ({ rule }: { rule: Rule }): ReactNode => {
  const { t } = useTranslation();
  const words = useRuleWords();
  return (
    <Stack gap={0} maw={360}>
      {rule.actions.map((action, at) => (
        <Text key={at} size="sm" dir="auto" truncate>
          {words.action(action)}
        </Text>
      ))}
      <Text size="xs" c="dimmed">
        {rule.conditions.length === 0 ? t('automation.always') : t('automation.conditionCount', { count: rule.conditions.length })}
      </Text>
    </Stack>
  );
};

/** The rules of the business, in the order they are followed. */
export const Rules = (): ReactNode => {
  const { t } = useTranslation();
  const { rest } = useDesk().parley;
  const queries = useQueryClient();
  const go = useNavigate();
  const [removed, setRemoved] = useState<Rule | null>(null);
  const pages = usePages<Rule>([KEY, 'pages'], (query) => bodyOf(rest.GET('/api/rules', { params: { query } })));
  const placeOf = new Map(pages.items.map(({ id }, at) => [id, at + 1]));
  return (
    <Page
      title={t('settings.automation')}
      intro={t('automation.intro')}
      actions={
        <Group>
          <Button variant="default" onClick={() => void go(`${BASE}/log`)}>
            {t('automation.log')}
          </Button>
          <Button onClick={() => void go(`${BASE}/new`)}>{t('automation.add')}</Button>
        </Group>
      }
    >
      <PagedTable
        label={t('settings.automation')}
        pages={pages}
        empty={<Empty />}
        minWidth={720}
        columns={[
          { label: t('automation.order'), cell: ({ id }) => placeOf.get(id) },
          { label: t('automation.on'), cell: (rule) => <Toggle rule={rule} /> },
          {
            label: t('name'),
            cell: ({ name, event }) => (
              <Stack gap={0} maw={260}>
                <Text size="sm" fw={600} dir="auto" lineClamp={2}>
                  {name}
                </Text>
                <Text size="xs" c="dimmed">
                  {t(`automation.event.${event}`)}
                </Text>
              </Stack>
            ),
          },
          { label: t('automation.then'), cell: (rule) => <Summary rule={rule} /> },
        ]}
        actions={(rule) => (
          <Group gap={4} justify="flex-end" wrap="nowrap">
            <Button
              size="compact-sm"
              variant="subtle"
              aria-label={t('automation.logOf', { name: rule.name })}
              onClick={() => void go(`${BASE}/log?rule=${rule.id}`)}
            >
              {t('automation.log')}
            </Button>
            <Button
              size="compact-sm"
              variant="subtle"
              aria-label={t('editOne', { name: rule.name })}
              onClick={() => void go(`${BASE}/${rule.id}`)}
            >
              {t('edit')}
            </Button>
            <Button
              size="compact-sm"
              variant="subtle"
              color="red"
              aria-label={t('deleteOne', { name: rule.name })}
              onClick={() => setRemoved(rule)}
            >
              {t('delete')}
            </Button>
          </Group>
        )}
      />
      {removed && (
        <RemoveDialog
          name={removed.name}
          remove={async () => {
            await bodyOf(rest.DELETE('/api/rules/{id}', { params: { path: { id: removed.id } } }));
            await queries.invalidateQueries({ queryKey: [KEY] });
          }}
          onClose={() => setRemoved(null)}
        />
      )}
    </Page>
  );
};

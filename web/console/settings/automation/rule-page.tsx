import { Button, Select, Stack, Switch, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { bodyOf } from '@parley/client';
import { MAX_RULE_NAME, RULE_EVENTS, type RuleEvent } from '../../../../src/contract/automation.js';
import { useDesk } from '../../desk.js';
import { Page } from '../../page.js';
import { useDraft } from '../../draft.js';
import { LoadFault } from '../../load-fault.js';
import { DraftForm } from '../settings-form.js';
import { Actions } from './actions.js';
import { Conditions } from './conditions.js';
import { BLANK, templateOf, type RuleValue } from './templates.js';
import { Trial } from './trial.js';
import { useRuleWords } from './words.js';
import { Loading } from '../../loading.js';

const LIST = '/settings/automation';

interface EditorProps {
  title: string;
  saved: RuleValue;
  isNew: boolean;
  write: (value: RuleValue) => Promise<unknown>;
}

/** A rule, and what it would do in a conversation. */
const Editor = ({ title, saved, isNew, write }: EditorProps): ReactNode => {
  const { t } = useTranslation();
  const go = useNavigate();
  const queries = useQueryClient();
  const words = useRuleWords();
  const draft = useDraft(saved, write);
  const { value, set, faults } = draft;
  const back = (): void => void go(LIST);
  const leave = (): void => {
    void queries.invalidateQueries({ queryKey: ['rules'] });
    back();
  };
  return (
    <Page
      title={title}
      actions={
        <Button variant="default" onClick={back}>
          {t('automation.back')}
        </Button>
      }
    >
      <DraftForm title={title} draft={draft} isNew={isNew} onSaved={leave}>
        <TextInput
          label={t('name')}
          required
          maxLength={MAX_RULE_NAME}
          value={value.name}
          error={faults.name}
          onChange={({ currentTarget }) => set({ name: currentTarget.value })}
        />
        <Switch
          label={t('automation.on')}
          description={t('automation.onHint')}
          checked={value.enabled}
          onChange={({ currentTarget }) => set({ enabled: currentTarget.checked })}
        />
        <Select
          label={t('automation.when')}
          allowDeselect={false}
          data={RULE_EVENTS.map((event) => ({ value: event, label: t(`automation.event.${event}`) }))}
          value={value.event}
          error={faults.event}
          onChange={(event) => set({ event: event as RuleEvent })}
        />
        <Conditions
          event={value.event}
          conditions={value.conditions}
          words={words}
          faults={faults}
          onChange={(conditions) => set({ conditions })}
        />
        <Actions actions={value.actions} words={words} faults={faults} onChange={(actions) => set({ actions })} />
        <Trial value={value} words={words} attempt={draft.attempt} isBusy={draft.isBusy} />
      </DraftForm>
    </Page>
  );
};

/** A rule that does not exist yet; one to begin with may be named in the address. */
export const NewRule = (): ReactNode => {
  const { t } = useTranslation();
  const { rest } = useDesk().parley;
  const [search] = useSearchParams();
  const template = search.get('template');
  const saved = template === null ? BLANK : templateOf(template, t);
  return <Editor title={t('automation.add')} saved={saved} isNew write={(body) => bodyOf(rest.POST('/api/rules', { body }))} />;
};

/** A rule as it is. */
export const EditRule = (): ReactNode => {
  const { t } = useTranslation();
  const { rest } = useDesk().parley;
  const params = { path: { id: useParams().ruleId ?? '' } };
  const { data, error, refetch } = useQuery({
    queryKey: ['rules', params.path.id],
    queryFn: () => bodyOf(rest.GET('/api/rules/{id}', { params })),
  });
  const title = data === undefined ? t('settings.automation') : t('editOne', { name: data.name });
  if (data === undefined) {
    return (
      <Page title={title}>
        <Stack>{error ? <LoadFault onRetry={() => void refetch()} /> : <Loading />}</Stack>
      </Page>
    );
  }
  const { name, enabled, event, conditions, actions } = data;
  const write = (body: RuleValue): Promise<unknown> => bodyOf(rest.PATCH('/api/rules/{id}', { params, body }));
  return <Editor key={data.id} title={title} saved={{ name, enabled, event, conditions, actions }} isNew={false} write={write} />;
};

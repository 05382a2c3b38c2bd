import '../settings/settings.css';
import { Alert, Button, Progress, Text } from '@mantine/core';
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Navigate, useNavigate } from 'react-router';
import { useDesk } from '../desk.js';
import { LoadFault } from '../load-fault.js';
import { Page } from '../page.js';
import { CopyBlock } from '../settings/copy-block.js';
import { embedCode, guestLink } from '../settings/embed-codes.js';
import { useStart, type Progress as Done } from './progress.js';
import { Step } from './step.js';
import { Loading } from '../loading.js';

const STEPS = ['hasWidget', 'hasColleague', 'hasRoom'] as const satisfies (keyof Done)[];

/** The first steps of a new business. What is done is known from the API and appears by itself. */
const StartPage = (): ReactNode => {
  const { t } = useTranslation();
  const { parley, me } = useDesk();
  const go = useNavigate();
  const { progress, isLost, refetch, isOffered, hide } = useStart();
  useEffect(() => parley.connection.on('room.created', () => void refetch()), [parley, refetch]);
  if (me.role !== 'admin') return <Navigate to="/mine" replace />;
  const leave = (): void => {
    hide();
    void go('/mine');
  };
  const done = progress ? STEPS.filter((step) => progress[step]).length : 0;
  return (
    <Page
      title={t('start')}
      intro={t('start.intro')}
      actions={
        isOffered && (
          <Button variant="subtle" onClick={leave}>
            {t('start.hide')}
          </Button>
        )
      }
    >
      {isLost && <LoadFault onRetry={() => void refetch()} />}
      {!progress && !isLost && <Loading />}
      {progress && (
        <div className="start">
          <Text size="sm" mb={4} id="start-progress">
            {t('start.progress', { done, all: STEPS.length })}
          </Text>
          <Progress.Root mb="lg">
            <Progress.Section value={(100 * done) / STEPS.length} aria-labelledby="start-progress" />
          </Progress.Root>
          {done === STEPS.length && (
            <Alert color="green" role="status" mb="md">
              {t('start.done')}
            </Alert>
          )}
          <ol className="steps">
            <Step title={t('start.widget')} hint={t('start.widgetHint')} isDone={progress.hasWidget}>
              <CopyBlock label={t('install.line')} text={embedCode(progress.slug)} />
              <Button component={Link} to="/settings/install" variant={progress.hasWidget ? 'default' : 'filled'}>
                {t('start.widgetGo')}
              </Button>
              <Button component={Link} to="/settings/widget" variant="default">
                {t('start.widgetLook')}
              </Button>
            </Step>
            <Step title={t('start.colleague')} hint={t('start.colleagueHint')} isDone={progress.hasColleague}>
              <Button component={Link} to="/settings/agents" variant={progress.hasColleague ? 'default' : 'filled'}>
                {t('start.colleagueGo')}
              </Button>
            </Step>
            <Step title={t('start.message')} hint={t('start.messageHint')} isDone={progress.hasRoom}>
              <Button
                component="a"
                href={guestLink(progress.slug)}
                target="_blank"
                rel="noopener"
                variant={progress.hasRoom ? 'default' : 'filled'}
              >
                {t('start.messageGo')}
              </Button>
              {progress.hasRoom && (
                <Button component={Link} to="/queue" variant="default">
                  {t('start.messageSee')}
                </Button>
              )}
            </Step>
          </ol>
        </div>
      )}
    </Page>
  );
};

export default StartPage;

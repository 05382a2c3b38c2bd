import { Box, Button, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LoadFault } from './load-fault.js';
import { Loading } from './loading.js';
import type { Pages } from './pages.js';

interface ListEndProps {
  pages: Pick<Pages<unknown>, 'items' | 'isPending' | 'isFetching' | 'error' | 'hasMore' | 'more' | 'again'>;
  /** What to say while there is none. */
  empty: string;
}

/** Below a list: that it goes on, is on its way, could not be had, or holds nothing. */
export const ListEnd = ({ pages, empty }: ListEndProps): ReactNode => {
  const { t } = useTranslation();
  const { items, isPending, isFetching, error, hasMore, more, again } = pages;
  return (
    <>
      {isFetching && (
        <Box ta="center" p="md">
          <Loading size="sm" />
        </Box>
      )}
      {error && (
        <Box p="sm">
          <LoadFault onRetry={again} />
        </Box>
      )}
      {!isPending && !error && items.length === 0 && (
        <Text p="md" c="dimmed" role="status">
          {empty}
        </Text>
      )}
      {hasMore && (
        <Box ta="center" p="sm">
          <Button size="xs" variant="light" onClick={more}>
            {t('more')}
          </Button>
        </Box>
      )}
    </>
  );
};

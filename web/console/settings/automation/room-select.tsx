import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bodyOf } from '@parley/client';
import type { StaffRoom } from '../../../../src/contract/room.js';
import { nameOf, useDesk } from '../../desk.js';
import type { Choice } from './words.js';

const LIMIT = 20;
const PAUSE_MS = 250;

interface RoomSelectProps {
  roomId: string | null;
  onChange: (roomId: string | null) => void;
}

/** One of the conversations, the newest first, or found by what is in it. */
export const RoomSelect = ({ roomId, onChange }: RoomSelectProps): ReactNode => {
  const { t } = useTranslation();
  const { rest } = useDesk().parley;
  const [search, setSearch] = useState('');
  const [chosen, setChosen] = useState<Choice | null>(null);
  // What is chosen stands in the field as well: that is not looked for.
  const [q] = useDebouncedValue(search === chosen?.label ? '' : search.trim(), PAUSE_MS);
  const { data } = useQuery({
    queryKey: ['rooms to try', q],
    queryFn: async () => {
      const { items } = await bodyOf(rest.GET('/api/rooms', { params: { query: { limit: LIMIT, ...(q !== '' && { q }) } } }));
      return items as StaffRoom[];
    },
    placeholderData: keepPreviousData,
  });
  const found = (data ?? []).map(({ id, customer, subject, lastMessage }) => ({
    value: id,
    label: [nameOf(customer, t('guest')), subject ?? lastMessage?.body ?? t('nothingSaid')].join(' · '),
  }));
  const isShown = found.some(({ value }) => value === chosen?.value);
  return (
    <Select
      flex={1}
      label={t('automation.room')}
      placeholder={t('automation.choose')}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': t('automation.clear') }}
      nothingFoundMessage={t('listNothingFound')}
      // The server has looked already.
      filter={({ options }) => options}
      data={[...(chosen && !isShown ? [chosen] : []), ...found]}
      value={roomId}
      searchValue={search}
      onSearchChange={setSearch}
      onChange={(value, option) => {
        setChosen(option);
        onChange(value);
      }}
    />
  );
};

import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Route, Routes } from 'react-router';
import { RoomPage } from './room-page.js';

/** Beside a list: the room that was chosen in it, or a word about choosing one. */
export const RoomPane = ({ base }: { base: string }): ReactNode => {
  const { t } = useTranslation();
  return (
    <Routes>
      <Route path="rooms/:roomId" element={<RoomPage base={base} />} />
      <Route
        path="*"
        element={
          <div className="console-empty">
            <Text c="dimmed">{t('chooseRoom')}</Text>
          </div>
        }
      />
    </Routes>
  );
};

import { Modal, type ModalProps } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** A window over the page, which Escape and its button close. */
export const Dialog = (props: ModalProps): ReactNode => {
  const { t } = useTranslation();
  return <Modal closeButtonProps={{ 'aria-label': t('close') }} lockScroll={false} {...props} />;
};

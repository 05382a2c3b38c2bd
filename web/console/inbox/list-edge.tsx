import { useLocalStorage } from '@mantine/hooks';
import { useEffect, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

const LEAST = 240;
const MOST = 560;
const USUAL = 320;
const STEP = 16;
const STEPS: Record<string, number> = { ArrowLeft: -STEP, ArrowRight: STEP };

/** The edge of the list, to be drawn by pointer or by arrows; its place is kept in this browser. */
export const ListEdge = (): ReactNode => {
  const { t } = useTranslation();
  const [width, keep] = useLocalStorage({ key: 'parley console list width', defaultValue: USUAL, getInitialValueInEffect: false });
  useEffect(() => document.documentElement.style.setProperty('--list-width', `${width}px`), [width]);
  const set = (wanted: number): void => keep(Math.round(Math.min(MOST, Math.max(LEAST, wanted))));
  const onPointerMove = ({ currentTarget: at, clientX, pointerId }: PointerEvent<HTMLDivElement>): void => {
    const list = at.previousElementSibling;
    if (list && at.hasPointerCapture(pointerId)) set(clientX - list.getBoundingClientRect().left);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    set(width + step);
  };
  return (
    <div
      className="list-edge"
      role="separator"
      aria-orientation="vertical"
      aria-label={t('listEdge')}
      aria-valuenow={width}
      aria-valuemin={LEAST}
      aria-valuemax={MOST}
      tabIndex={0}
      onPointerDown={({ currentTarget: at, pointerId }) => at.setPointerCapture(pointerId)}
      onPointerMove={onPointerMove}
      onDoubleClick={() => keep(USUAL)}
      onKeyDown={onKeyDown}
    />
  );
};

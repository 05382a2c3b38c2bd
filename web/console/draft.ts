import { notifications } from '@mantine/notifications';
import type { TFunction } from 'i18next';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ParleyError, type ClientErrorCode } from '@parley/client';
import { reasonOf } from './ask.js';

/** What is wrong with each field, by the path that the API gives it, such as `settings.hours.weekly.0.from`. */
export type Faults = Readonly<Record<string, string>>;

/** The field, and the words there, of refusals that name none themselves, as `auth.email_taken` is about `email`. */
export type FieldFaults = Partial<Record<ClientErrorCode, readonly [field: string, words: string]>>;

export interface Draft<Value> {
  value: Value;
  set: (change: Partial<Value>) => void;
  faults: Faults;
  /** What was written when the faults were found. */
  refused: Value | null;
  isChanged: boolean;
  isBusy: boolean;
  /** Whether it was saved. */
  save: () => Promise<boolean>;
  /** Does something else with what is written, such as to try it; whether it was done. */
  attempt: (work: () => Promise<unknown>) => Promise<boolean>;
  /** Back to what it was. */
  reset: () => void;
}

/** The fields say where; what has no field of its own is told here, too. */
const refusalOf = (error: unknown, t: TFunction): string =>
  error instanceof ParleyError && error.errors.length > 0
    ? `${t('notSaved')} (${[...new Set(error.errors.map(({ message }) => message))].join('; ')})`
    : reasonOf(error, t);

/**
 * What is written in a form until it is saved. Faults of fields stand at the fields; what else is refused is told in a
 * notification. While nothing was changed, it follows what is saved.
 */
export const useDraft = <Value extends object>(
  saved: Value,
  write: (value: Value) => Promise<unknown>,
  fieldFaults: FieldFaults = {},
): Draft<Value> => {
  const { t } = useTranslation();
  const [base, setBase] = useState(saved);
  const [value, setValue] = useState(saved);
  const [faults, setFaults] = useState<Faults>({});
  const [refused, setRefused] = useState<Value | null>(null);
  const [isBusy, setBusy] = useState(false);
  const isChanged = JSON.stringify(value) !== JSON.stringify(base);
  const key = JSON.stringify(saved);
  useEffect(() => {
    if (!isChanged) setValue(saved);
    setBase(saved);
  }, [key]);
  const attempt = async (work: () => Promise<unknown>): Promise<boolean> => {
    setBusy(true);
    setFaults({});
    try {
      await work();
      return true;
    } catch (error) {
      const reason = refusalOf(error, t);
      const { code, errors } = error as ParleyError;
      const own = fieldFaults[code];
      if (errors.length > 0) setRefused(value);
      setFaults(Object.fromEntries([...errors.map(({ path, message }) => [path, message] as const), ...(own ? [own] : [])]));
      notifications.show({ color: 'red', message: own?.[1] ?? reason });
      return false;
    } finally {
      setBusy(false);
    }
  };
  const save = async (): Promise<boolean> => {
    const isSaved = await attempt(() => write(value));
    if (isSaved) setBase(value);
    return isSaved;
  };
  return {
    ...{ value, faults, refused, isChanged, isBusy, save, attempt },
    set: (change) => setValue((now) => ({ ...now, ...change })),
    reset: () => {
      setValue(base);
      setFaults({});
    },
  };
};

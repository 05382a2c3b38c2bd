import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ParleyError, type Attachment } from '@parley/client';
import { useDesk } from '../desk.js';

interface Item {
  key: number;
  name: string;
  share: number;
  attachment: Attachment | null;
  fault: string | null;
  cancel: () => void;
}

interface Uploads {
  list: readonly Item[];
  /** Those that have arrived, and go with the next message. */
  ready: Attachment[];
  isBusy: boolean;
  add: (files: FileList | null) => void;
  clear: () => void;
  /** What was sent and taken back. */
  restore: (files: readonly Attachment[]) => void;
}

/** Files on their way into a room. */
export const useUploads = (roomId: string): Uploads => {
  const { t } = useTranslation();
  const { parley } = useDesk();
  const [list, setList] = useState<readonly Item[]>([]);
  const count = useRef(0);
  const endings = useRef(new Set<AbortController>());
  useEffect(() => {
    const all = endings.current;
    return () => {
      for (const ending of all) ending.abort();
    };
  }, []);
  const drop = (key: number): void => setList((all) => all.filter((item) => item.key !== key));
  const send = async (file: File): Promise<void> => {
    const key = count.current++;
    const ending = new AbortController();
    endings.current.add(ending);
    const change = (to: Partial<Item>): void => setList((all) => all.map((item) => (item.key === key ? { ...item, ...to } : item)));
    const cancel = (): void => {
      ending.abort();
      drop(key);
    };
    setList((all) => [...all, { key, name: file.name, share: 0, attachment: null, fault: null, cancel }]);
    try {
      const attachment = await parley.upload(roomId, file, file.name, { onProgress: (share) => change({ share }), signal: ending.signal });
      change({ attachment, share: 1 });
    } catch (error) {
      change({ fault: error instanceof ParleyError ? t(`refused.${error.code}`, error.message) : t('fileFailed') });
    } finally {
      endings.current.delete(ending);
    }
  };
  return {
    list,
    ready: list.flatMap(({ attachment }) => (attachment ? [attachment] : [])),
    isBusy: list.some(({ attachment, fault }) => attachment === null && fault === null),
    add: (files) => {
      for (const file of files ?? []) void send(file);
    },
    clear: () => setList([]),
    restore: (files) =>
      setList(
        files.map((attachment) => {
          const key = count.current++;
          return { key, name: attachment.name, share: 1, attachment, fault: null, cancel: () => drop(key) };
        }),
      ),
  };
};

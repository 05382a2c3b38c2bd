import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bodyOf, type Attachment } from '@parley/client';
import { kilobytes } from '../../chat/format.js';
import { useDesk } from '../desk.js';
import { Dialog } from '../dialog.js';

/** Addresses of files are good for minutes: an old one is asked for anew. */
const File = ({ file, onView }: { file: Attachment; onView: (address: string) => void }): ReactNode => {
  const { t, i18n } = useTranslation();
  const { parley } = useDesk();
  const [thumbnail, setThumbnail] = useState(file.thumbnailUrl);
  const renew = (): Promise<{ url: string; thumbnailUrl: string | null }> =>
    bodyOf(parley.rest.GET('/api/uploads/{id}/url', { params: { path: { id: file.id } } }));
  const open = async (): Promise<void> => {
    const { url } = await renew().catch(() => file);
    if (thumbnail === null) window.open(url, '_blank', 'noopener');
    else onView(url);
  };
  if (thumbnail === null) {
    const size = kilobytes(file.size, i18n.language);
    return (
      <button type="button" className="entry-file" aria-label={t('download', { name: `${file.name} ${size}` })} onClick={() => void open()}>
        <span dir="auto">{file.name}</span> <small>{size}</small>
      </button>
    );
  }
  return (
    <button type="button" className="entry-picture" aria-label={t('picture', { name: file.name })} onClick={() => void open()}>
      <img
        src={thumbnail}
        alt=""
        loading="lazy"
        onError={() =>
          void renew().then(
            (fresh) => fresh.thumbnailUrl !== thumbnail && setThumbnail(fresh.thumbnailUrl),
            () => undefined,
          )
        }
      />
    </button>
  );
};

/** The files of a message; pictures open over everything else. */
export const Attachments = ({ files }: { files: readonly Attachment[] }): ReactNode => {
  const [viewed, setViewed] = useState<{ name: string; address: string } | null>(null);
  return (
    <>
      {files.map((file) => (
        <File key={file.id} file={file} onView={(address) => setViewed({ name: file.name, address })} />
      ))}
      {viewed && (
        <Dialog opened size="auto" title={viewed.name} onClose={() => setViewed(null)}>
          <img className="viewed" src={viewed.address} alt={viewed.name} />
        </Dialog>
      )}
    </>
  );
};

import type { CSSProperties, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { PreChat, PublicBusiness } from '../../../src/contract/business.js';
import { availabilityOf } from '../../chat/availability.js';
import { brandOf } from '../../chat/paint.js';
import { quickReplies } from '../../chat/quick.js';
import type { Key, Words } from '../../chat/strings.js';
import { useChatWords } from './chat-words.js';

const SCHEMES = ['light', 'dark'] as const;
const FIELDS = { name: 'introName', email: 'introEmail' } as const satisfies Record<PreChat['required'][number], Key>;

interface Look {
  color: string | null;
  welcomeText: string;
  required: PreChat['required'];
  consentText: string;
}

/** What is asked before the first message. */
const Asked = ({ look, words }: { look: Look; words: Words }): ReactNode => (
  <>
    {look.required.map((field) => (
      <div key={field} className="preview-field">
        {words(FIELDS[field])}
        <span />
      </div>
    ))}
    {look.consentText !== '' && (
      <p className="preview-soft" dir="auto">
        {words('consent')} {look.consentText}
      </p>
    )}
    <p className="preview-main">{words('start')}</p>
  </>
);

/** The beginning of a talk. */
const Talk = ({ replies, words }: { replies: readonly string[]; words: Words }): ReactNode => (
  <>
    {replies.length > 0 && (
      <p className="preview-replies">
        {replies.map((reply) => (
          <bdi key={reply}>{reply}</bdi>
        ))}
      </p>
    )}
    <p className="preview-own">…</p>
    <div className="preview-composer">
      <span>{words('write')}</span>
      <b />
    </div>
  </>
);

/** The panel and the button of the widget as they would be, in light and dark. */
export const WidgetPreview = ({ business, look }: { business: PublicBusiness; look: Look }): ReactNode => {
  const { t } = useTranslation();
  const words = useChatWords(business.locale);
  const { text, replies } = quickReplies(look.welcomeText);
  const asks = look.required.length > 0 || look.consentText !== '';
  return (
    <div className="previews" lang={words.language}>
      {SCHEMES.map((scheme) => (
        <figure key={scheme} className="preview" data-scheme={scheme} style={brandOf(look.color) as CSSProperties}>
          <figcaption>{t(`scheme.${scheme}`)}</figcaption>
          <div className="preview-panel" dir={words.direction}>
            <header>
              <strong dir="auto">{business.name}</strong>
              <span>{availabilityOf(business, words)}</span>
            </header>
            <div className="preview-body">
              {(text !== '' || !asks) && (
                <p className="preview-welcome" dir="auto">
                  {text === '' && replies.length === 0 ? words('welcome') : text}
                </p>
              )}
              {asks ? <Asked look={look} words={words} /> : <Talk replies={replies} words={words} />}
            </div>
          </div>
          <svg className="preview-launcher" viewBox="0 0 24 24" aria-hidden="true">
            <path d="M4 5h16v11H9l-5 4z" />
          </svg>
        </figure>
      ))}
    </div>
  );
};

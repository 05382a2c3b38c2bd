import type { Attachment, OpeningHours, Parley, ResumeLink, Room } from '@parley/client';

/** Rooms that are listed. */
const MOST_ROOMS = 30;

interface Here {
  parley: Parley;
  /** The room that is shown. */
  roomId: string | null;
}

/** What the server is asked for while a chat goes on. Each answer is undefined where there is none. */
export class Questions {
  constructor(
    private readonly url: string,
    private readonly slug: string,
    private readonly here: () => Here | undefined,
  ) {}

  /** A fresh address of a file, good for five minutes. */
  addressOf(uploadId: string): Promise<Pick<Attachment, 'url' | 'thumbnailUrl'> | undefined> {
    return this.answer((rest) => rest.GET('/api/uploads/{id}/url', { params: { path: { id: uploadId } } }));
  }

  /** The visitor's own rooms, those first in which something was said last. */
  async rooms(): Promise<readonly Room[] | undefined> {
    const page = await this.answer((rest) => rest.GET('/api/rooms', { params: { query: { limit: MOST_ROOMS } } }));
    return page?.items as readonly Room[] | undefined;
  }

  /** A link by which the visitor goes on on another device. */
  resumeLink(): Promise<ResumeLink | undefined> {
    return this.answer((rest) => rest.POST('/api/auth/resume-link'));
  }

  hours(): Promise<OpeningHours | undefined> {
    return this.answer((rest) => rest.GET('/api/businesses/{slug}/hours', { params: { path: { slug: this.slug } } }));
  }

  /** What was said, as a page to keep. */
  async transcript(): Promise<Blob | undefined> {
    const { parley, roomId = null } = this.here() ?? {};
    if (!parley || roomId === null) return undefined;
    const response = await fetch(`${this.url}/api/rooms/${roomId}/export?format=html`, {
      headers: { Authorization: `Bearer ${await parley.credentials.accessToken()}` },
    }).catch(() => undefined);
    return response?.ok === true ? response.blob() : undefined;
  }

  private async answer<T>(call: (rest: Parley['rest']) => Promise<{ data?: T }>): Promise<T | undefined> {
    const here = this.here();
    const { data } = here ? await call(here.parley.rest).catch((): { data?: T } => ({})) : {};
    return data;
  }
}

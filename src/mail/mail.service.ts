import { Injectable } from '@nestjs/common';
import { IsNull, type EntityManager } from 'typeorm';
import { newId } from '../database/new-id.js';
import { EventBus, type Publish } from '../event/event-bus.js';
import { Mail } from './mail.entity.js';
import { oneLine, toHtml, toText, type Paragraph } from './mail.text.js';

interface NewMail {
  /** Whom it is for: with the person its mails go. */
  userId: string;
  /** A checked address. */
  to: string;
  subject: string;
  paragraphs: Paragraph[];
  /** When it is of no use any more: it is tried until then. */
  until: Date;
}

/** Takes mails to be sent. */
@Injectable()
export class MailService {
  constructor(events: EventBus) {
    events.within('user.disabled', async (tx, { userId }) => {
      await tx.delete(Mail, { userId, sentAt: IsNull(), givenUpAt: IsNull() });
    });
    events.within('user.erased', async (tx, { userId }, publish) => {
      const erased = await tx.createQueryBuilder().delete().from(Mail).where({ userId }).returning('id').execute();
      publish('mail.erased', { mailIds: (erased.raw as { id: string }[]).map(({ id }) => id) });
    });
  }

  /** Puts a mail into the outbox: it is sent after the commit, at least once, and never without it. */
  async post(tx: EntityManager, publish: Publish, { userId, to, subject, paragraphs, until }: NewMail): Promise<void> {
    const id = newId();
    const body = { text: toText(paragraphs), html: toHtml(paragraphs) };
    await tx.insert(Mail, { id, userId, recipient: to, subject: oneLine(subject), ...body, until });
    publish('mail.posted', { mailId: id });
  }
}

import { Injectable } from '@nestjs/common';
import { ResumeLinkService } from '../auth/resume-link.service.js';
import { EventBus } from '../event/event-bus.js';
import { Sweep } from '../event/sweep.js';
import { MailService } from '../mail/mail.service.js';
import { AutomationLedger, type Unread } from './automation.ledger.js';
import { PolicyService } from './policy.service.js';
import { noticesIn } from './notices.js';

const SWEEP_MS = 20_000;
const MOST_LETTERS = 1_000;

const shortened = (text: string): string => {
  const letters = [...text];
  return letters.length > MOST_LETTERS ? `${letters.slice(0, MOST_LETTERS).join('')}…` : text;
};

/** Mails customers who have gone, and have left an address, what people answered them: once, with a link to go on. */
@Injectable()
export class UnreadMailService extends Sweep {
  constructor(
    private readonly ledger: AutomationLedger,
    private readonly policies: PolicyService,
    private readonly events: EventBus,
    private readonly links: ResumeLinkService,
    private readonly mails: MailService,
  ) {
    super(SWEEP_MS);
  }

  async sweep(): Promise<void> {
    await this.each(await this.ledger.unread(), (unread) => this.mail(unread));
  }

  private async mail(unread: Unread): Promise<void> {
    const { userId, email } = unread;
    const { name: business, slug, locale } = await this.policies.of(unread.businessId);
    const { mail, file } = noticesIn(locale);
    const [subject, link, why] = mail.map((text) => text.replaceAll('{business}', () => business)) as typeof mail;
    await this.events.transaction(async (tx, publish) => {
      const said = await this.ledger.takeUnread(tx, unread);
      if (said.length === 0) return;
      const { url, expiresAt } = await this.links.make(tx, slug, userId, 'mail');
      const words = said.map(
        ({ name, body }) => `${name ?? business}: ${body === null ? file : shortened(body.replaceAll('](reply:)', ']'))}`,
      );
      const paragraphs = [...words, link, { url }, why];
      await this.mails.post(tx, publish, { userId, to: email, subject, paragraphs, until: new Date(expiresAt) });
    });
  }
}

import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import type { SendMailOptions, Transporter } from 'nodemailer';
import { Env } from '../config/env.js';
import type { Mail } from './mail.entity.js';

/** Of a server that does not answer. */
const CONNECT_MS = 10_000;
const GREETING_MS = 10_000;
const SILENCE_MS = 20_000;

/** What a mail is made of. */
export type Letter = Pick<Mail, 'id' | 'recipient' | 'subject' | 'text' | 'html'>;

/** Hands mails to the SMTP server, or writes them down where there is none. */
@Injectable()
export class MailTransport {
  private loaded: Promise<Transporter> | undefined;

  constructor(private readonly env: Env) {}

  /** Resolves when the server has taken the mail. @throws Error also when `signal` is aborted, and the connection is closed. */
  async send(letter: Letter, signal: AbortSignal): Promise<void> {
    const transporter = await (this.loaded ??= this.load());
    const { message } = (await transporter.sendMail({ ...this.compose(letter), signal })) as { message?: Buffer };
    if (message) await this.write(letter.id, message);
  }

  /** Takes away what was written down, also by a server that had no SMTP server then. */
  async forget(id: string): Promise<void> {
    await rm(this.fileOf(id), { force: true });
  }

  /** The library is read with the first mail: no start waits for it. */
  private async load(): Promise<Transporter> {
    const { createTransport } = await import('nodemailer');
    const { SMTP_URL: url } = this.env;
    if (url === undefined) return createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
    const patience = { connectionTimeout: CONNECT_MS, dnsTimeout: CONNECT_MS, greetingTimeout: GREETING_MS, socketTimeout: SILENCE_MS };
    return createTransport({ ...patience, url, disableFileAccess: true, disableUrlAccess: true });
  }

  private compose({ id, recipient, subject, text, html }: Letter): SendMailOptions {
    return {
      from: this.env.MAIL_FROM,
      // As an object, so that nothing in it is read as a name or as a second address.
      to: { name: '', address: recipient },
      subject,
      text: text ?? '',
      html: html ?? '',
      // The same at every try, so that a mailbox knows a mail that comes twice.
      messageId: `<${id}@${new URL(this.env.PUBLIC_URL).hostname}>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
    };
  }

  private async write(id: string, message: Buffer): Promise<void> {
    await mkdir(this.env.mailboxDir, { recursive: true, mode: 0o700 });
    const file = this.fileOf(id);
    // Whole or not there.
    await writeFile(`${file}.part`, message, { mode: 0o600 });
    await rename(`${file}.part`, file);
  }

  private fileOf(id: string): string {
    return join(this.env.mailboxDir, `${id}.eml`);
  }
}

import { Body, Controller, Get, Header, HttpCode, Post } from '@nestjs/common';
import { Access } from '../access/access.decorator.js';
import type { PasswordSet } from '../contract/session.js';
import type { Empty } from '../contract/socket-events.js';
import { ForgotPasswordDto, ResetPasswordDto } from './auth.dto.js';
import { Client, type ClientInfo } from './client-info.decorator.js';
import { PasswordLinkService } from './password-link.service.js';
import { PASSWORD_PAGE, PASSWORD_PAGE_POLICY } from './password-page.js';

@Controller()
export class PasswordLinkController {
  constructor(private readonly links: PasswordLinkService) {}

  @Post('api/auth/password/forgot')
  @HttpCode(202)
  @Access('auth.forgot_password')
  forgot(@Body() dto: ForgotPasswordDto, @Client() client: ClientInfo): Promise<Empty> {
    return this.links.forgot(dto, client);
  }

  @Post('api/auth/password/reset')
  @HttpCode(200)
  @Access('auth.reset_password')
  reset(@Body() dto: ResetPasswordDto, @Client() client: ClientInfo): Promise<PasswordSet> {
    return this.links.reset(dto, client);
  }

  @Get('set-password')
  @Access('auth.password_page')
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Security-Policy', PASSWORD_PAGE_POLICY)
  page(): string {
    return PASSWORD_PAGE;
  }
}

import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { Access } from '../access/access.decorator.js';
import type { Actor } from '../access/actor.js';
import { CurrentActor } from '../access/current-actor.decorator.js';
import type { Page } from '../contract/page.js';
import type { Registered, ResumeLink, Session, SignedIn, Tokens } from '../contract/session.js';
import type { Me } from '../contract/user.js';
import {
  ChangePasswordDto,
  GuestDto,
  ListSessionsQuery,
  LoginDto,
  RefreshDto,
  RegisterDto,
  ResumeDto,
  SessionIdParam,
  UpdateMeDto,
} from './auth.dto.js';
import { AuthService } from './auth.service.js';
import { Client, type ClientInfo } from './client-info.decorator.js';
import { ResumeLinkService } from './resume-link.service.js';
import { SessionService } from './session.service.js';

@Controller('api/auth')
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly sessions: SessionService,
    private readonly resumeLinks: ResumeLinkService,
  ) {}

  @Post('register')
  @Access('auth.register')
  register(@CurrentActor() actor: Actor | undefined, @Body() dto: RegisterDto, @Client() client: ClientInfo): Promise<Registered> {
    return this.auth.register(actor, dto, client);
  }

  @Post('login')
  @HttpCode(200)
  @Access('auth.login')
  login(@Body() dto: LoginDto, @Client() client: ClientInfo): Promise<SignedIn> {
    return this.auth.login(dto, client);
  }

  @Post('guest')
  @Access('auth.guest')
  guest(@Body() dto: GuestDto, @Client() client: ClientInfo): Promise<SignedIn> {
    return this.auth.guest(dto, client);
  }

  @Post('resume-link')
  @Access('auth.make_resume_link')
  makeResumeLink(@CurrentActor() actor: Actor): Promise<ResumeLink> {
    return this.resumeLinks.forDevice(actor);
  }

  @Post('resume')
  @HttpCode(200)
  @Access('auth.resume')
  resume(@Body() { token }: ResumeDto, @Client() client: ClientInfo): Promise<SignedIn> {
    return this.auth.resume(token, client);
  }

  @Post('refresh')
  @HttpCode(200)
  @Access('auth.refresh_tokens')
  refresh(@Body() { refreshToken, attemptId }: RefreshDto, @Client() { ip }: ClientInfo): Promise<Tokens> {
    return this.sessions.refresh(refreshToken, attemptId ?? null, ip);
  }

  @Post('logout')
  @HttpCode(204)
  @Access('auth.logout')
  logout(@CurrentActor() actor: Actor): Promise<void> {
    return this.sessions.logout(actor);
  }

  @Get('me')
  @Access('auth.me')
  me(@CurrentActor() actor: Actor): Promise<Me> {
    return this.auth.me(actor);
  }

  @Patch('me')
  @Access('auth.update_me')
  updateMe(@CurrentActor() actor: Actor, @Body() dto: UpdateMeDto): Promise<Me> {
    return this.auth.updateMe(actor, dto);
  }

  @Delete('me')
  @HttpCode(204)
  @Access('auth.erase_me')
  eraseMe(@CurrentActor() actor: Actor): Promise<void> {
    return this.auth.eraseMe(actor);
  }

  @Post('password')
  @HttpCode(200)
  @Access('auth.change_password')
  changePassword(@CurrentActor() actor: Actor, @Body() dto: ChangePasswordDto, @Client() client: ClientInfo): Promise<SignedIn> {
    return this.auth.changePassword(actor, dto, client);
  }

  @Get('sessions')
  @Access('auth.list_sessions')
  list(@CurrentActor() actor: Actor, @Query() { limit, cursor }: ListSessionsQuery): Promise<Page<Session>> {
    return this.sessions.list(actor, limit, cursor);
  }

  @Get('sessions/current')
  @Access('auth.current_session')
  current(@CurrentActor() actor: Actor): Promise<Session> {
    return this.sessions.current(actor);
  }

  @Delete('sessions/:id')
  @HttpCode(204)
  @Access('auth.end_session')
  end(@CurrentActor() actor: Actor, @Param() { id }: SessionIdParam): Promise<void> {
    return this.sessions.end(actor, id);
  }
}

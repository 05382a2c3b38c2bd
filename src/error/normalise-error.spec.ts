import { BadRequestException, HttpException, NotFoundException, ServiceUnavailableException } from '@nestjs/common';
import { ERRORS, type ErrorCode } from '../contract/error-code.js';
import { AppError, toProblem, toSocketError } from './app-error.js';
import { normaliseError } from './normalise-error.js';

const withCode = (code: string): Error => Object.assign(new Error('x'), { code });
const withStatus = (status: unknown, expose: unknown): Error => Object.assign(new Error('x'), { status, expose });

describe('normaliseError', () => {
  it.each<[string, unknown, ErrorCode]>([
    ['its own', new AppError('room.closed'), 'room.closed'],
    ["Nest's 404", new NotFoundException(), 'route.not_found'],
    ["Nest's 400", new BadRequestException(), 'validation.failed'],
    ["Nest's 503", new ServiceUnavailableException(), 'unavailable'],
    ["Nest's 418, which is none of the contract", new HttpException('x', 418), 'internal'],
    ["Express' 413", withStatus(413, true), 'payload.too_large'],
    ['a status that is not to be shown', withStatus(404, false), 'internal'],
    ['a status that is none', withStatus('404', true), 'internal'],
    ['a refused connection', withCode('ECONNREFUSED'), 'unavailable'],
    ['a server that shuts down', withCode('57P01'), 'unavailable'],
    ['too many connections', withCode('53300'), 'unavailable'],
    ['a lock not had', withCode('55P03'), 'unavailable'],
    ['a deadlock', withCode('40P01'), 'unavailable'],
    ['a pool without a connection', new Error('timeout exceeded when trying to connect'), 'unavailable'],
    ['a unique key', withCode('23505'), 'internal'],
    ['bad SQL', withCode('42601'), 'internal'],
    ['an error of the code', new TypeError('x is not a function'), 'internal'],
    ['nothing', undefined, 'internal'],
    ['null', null, 'internal'],
    ['text', 'boom', 'internal'],
  ])('%s', (_, thrown, code) => {
    expect(normaliseError(thrown).code).toBe(code);
  });

  it('A100 neither door tells what was not foreseen', () => {
    const error = normaliseError(Object.assign(new Error('password=hunter2 at /srv/x.ts'), { detail: 'Key (email)=(a@b.c)' }));
    expect(toSocketError(error, 'id')).toEqual({ code: 'internal', message: 'Internal error', retryable: false, requestId: 'id' });
    expect(JSON.stringify(toProblem(error, 'id'))).not.toMatch(/hunter2|srv|Key/);
  });
});

describe('both doors', () => {
  it.each(Object.keys(ERRORS) as ErrorCode[])('say the same of %s', (code) => {
    const error = new AppError(code, { details: { a: 1 }, errors: [{ path: 'x', message: 'y' }] });
    const { code: told, retryable, requestId, details, errors, message } = toSocketError(error, 'id');
    expect(toProblem(error, 'id')).toEqual({
      type: `urn:parley:error:${code}`,
      title: ERRORS[code].title,
      status: ERRORS[code].status,
      detail: message,
      code: told,
      retryable,
      requestId,
      details,
      errors,
    });
    expect(retryable).toBe([429, 503].includes(ERRORS[code].status));
  });
});

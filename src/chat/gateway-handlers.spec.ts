import { UseFilters, UseGuards, UseInterceptors, UsePipes, type ExecutionContext } from '@nestjs/common';
import { MetadataScanner } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { ConnectedSocket, MessageBody, SubscribeMessage } from '@nestjs/websockets';
import { CurrentActor } from '../access/current-actor.decorator.js';
import type { ChatSocket } from './chat-server.js';
import { GatewayHandlers, type Handler } from './gateway-handlers.js';

const log: unknown[] = [];
let answer: unknown;
class Dto {}
class First {
  canActivate = (context: ExecutionContext): boolean => log.push([context.getType(), context.getClass(), context.getHandler()]) > 0;
}
class Second {
  canActivate = (): unknown => log.push('second') && answer;
}
class Pipe {
  transform = (value: object, { metatype }: { metatype: unknown }): unknown => log.push(metatype) && { ...value, isChecked: true };
}

@UseGuards(First, Second)
@UsePipes(Pipe)
class Gateway {
  @SubscribeMessage('act')
  act(@MessageBody() dto: Dto, @CurrentActor() actor: unknown, @ConnectedSocket() socket: unknown): unknown {
    return log.push('act') && Promise.resolve([this, dto, actor, socket]);
  }
}

describe('the handlers of a gateway', () => {
  const socket = { data: { actor: { id: 'u' }, ip: '' } } as unknown as ChatSocket;
  let handlers: GatewayHandlers;
  const act: Handler = (...args) => (handlers.of(new Gateway()).get('act') as Handler)(...args);

  beforeAll(async () => {
    const module = Test.createTestingModule({ providers: [GatewayHandlers, MetadataScanner, First, Second, Pipe] });
    handlers = (await module.compile()).get(GatewayHandlers);
  });
  beforeEach(() => void ([log.length, answer] = [0, true]));

  it('asks the guards in order, then the pipe, then acts, with each argument at its place', async () => {
    expect(await act(socket, { text: 'hi' })).toEqual([expect.any(Gateway), { text: 'hi', isChecked: true }, { id: 'u' }, socket]);
    expect(log).toEqual([['ws', Gateway, Gateway.prototype.act], 'second', Dto, 'act']);
  });

  it.each([false, undefined, Promise.resolve(true)])('lets nobody in where a guard answers with %p', (given) => {
    answer = given;
    expect(() => act(socket, {})).toThrow(expect.objectContaining({ code: 'access.denied' }) as Error);
    expect(log.slice(1)).toEqual(['second']);
  });

  it.each<[string, ClassDecorator?, MethodDecorator?]>([
    ['a class with an interceptor', UseInterceptors(Pipe as never)],
    ['a class with a filter', UseFilters(Pipe as never)],
    ['a method with a guard', undefined, UseGuards(First)],
    ['a method with a pipe', undefined, UsePipes(Pipe)],
    ['a method with an interceptor', undefined, UseInterceptors(Pipe as never)],
    ['a method with a filter', undefined, UseFilters(Pipe as never)],
  ])('does not start with %s of its own', (_, ofClass = () => undefined, ofMethod = () => undefined) => {
    @ofClass
    class Odd {
      @ofMethod @SubscribeMessage('act') act(): unknown {
        return this;
      }
    }
    expect(() => handlers.of(new Odd())).toThrow('Odd.act: events take guards and pipes of their gateway only');
  });
});

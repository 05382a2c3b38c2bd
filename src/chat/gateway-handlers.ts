import { Injectable, type CanActivate, type PipeTransform, type Type } from '@nestjs/common';
import {
  CUSTOM_ROUTE_ARGS_METADATA,
  EXCEPTION_FILTERS_METADATA,
  GUARDS_METADATA,
  INTERCEPTORS_METADATA,
  PARAMTYPES_METADATA,
  PIPES_METADATA,
  ROUTE_ARGS_METADATA,
} from '@nestjs/common/constants.js';
import { MetadataScanner, ModuleRef } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { MESSAGE_METADATA } from '@nestjs/websockets/constants.js';
import { WsParamtype } from '@nestjs/websockets/enums/ws-paramtype.enum.js';
import { AppError } from '../error/app-error.js';
import type { ChatSocket } from './chat-server.js';

/** A gateway's handler behind its guards and its pipe. What they throw, it throws. */
export type Handler = (socket: ChatSocket, payload: unknown) => Promise<unknown>;

type Method = (...args: unknown[]) => Promise<unknown>;
/** One argument of a handler. */
type Source = (socket: ChatSocket, payload: unknown, context: ExecutionContextHost) => unknown;
interface ParameterNote {
  index: number;
  data: unknown;
  pipes?: unknown[];
  factory?: (data: unknown, context: ExecutionContextHost) => unknown;
}

const classesOf = <T>(key: string, target: object): Type<T>[] => (Reflect.getMetadata(key, target) ?? []) as Type<T>[];

/**
 * Runs what stands at a gateway, its guards, its pipe and its parameters, in Nest's order. Nest's own runner awaits some
 * twenty promises for an event, which costs as much as Socket.IO needs to relay it, so here the guards and the pipe answer
 * at once: a guard that returns a promise lets nobody in, and whatever else would be passed over stops the start.
 */
@Injectable()
export class GatewayHandlers {
  constructor(
    private readonly modules: ModuleRef,
    private readonly scanner: MetadataScanner,
  ) {}

  /** The handlers of a gateway by the event they take. */
  of(gateway: object): ReadonlyMap<string, Handler> {
    const prototype = Object.getPrototypeOf(gateway) as Record<string, Method>;
    const handlers = new Map<string, Handler>();
    for (const name of this.scanner.getAllMethodNames(prototype)) {
      const event = Reflect.getMetadata(MESSAGE_METADATA, prototype[name] as Method) as string | undefined;
      if (event !== undefined) handlers.set(event, this.handler(gateway, prototype, name));
    }
    return handlers;
  }

  private handler(gateway: object, prototype: Record<string, Method>, name: string): Handler {
    const type = gateway.constructor as Type;
    const method = prototype[name] as Method;
    this.requireRunnable(type, method, name);
    const guards = classesOf<CanActivate>(GUARDS_METADATA, type).map((guard) => this.modules.get<CanActivate>(guard, { strict: false }));
    const sources = this.sources(type, prototype, name);
    return (socket, payload) => {
      const context = new ExecutionContextHost([socket, payload], type, method);
      context.setType('ws');
      for (const guard of guards) {
        const isAllowed = guard.canActivate(context);
        if (isAllowed === true) continue;
        // Nobody waits for it, and it must not end the process.
        if (isAllowed instanceof Promise) isAllowed.catch(() => undefined);
        throw new AppError('access.denied');
      }
      return method.apply(
        gateway,
        sources.map((source) => source(socket, payload, context)),
      );
    };
  }

  private sources(type: Type, prototype: object, name: string): Source[] {
    const pipes = classesOf<PipeTransform>(PIPES_METADATA, type).map((pipe) => this.modules.get<PipeTransform>(pipe, { strict: false }));
    const notes = (Reflect.getMetadata(ROUTE_ARGS_METADATA, type, name) ?? {}) as Record<string, ParameterNote>;
    const types = Reflect.getMetadata(PARAMTYPES_METADATA, prototype, name) as Type[];
    const sources: Source[] = [];
    for (const [key, { index, data, factory, pipes: ownPipes = [] }] of Object.entries(notes)) {
      const metatype = types[index];
      const isPayload = key.startsWith(`${WsParamtype.PAYLOAD}:`);
      if (ownPipes.length > 0 || (isPayload && data !== undefined))
        throw new Error(`${type.name}.${name}: a payload is taken whole, by the pipe of its gateway`);
      if (key.includes(CUSTOM_ROUTE_ARGS_METADATA) && factory) sources[index] = (_, __, context) => factory(data, context);
      else if (isPayload)
        sources[index] = (_, payload) => pipes.reduce((value, pipe) => pipe.transform(value, { type: 'body', metatype }), payload);
      else sources[index] = (socket) => socket;
    }
    return sources;
  }

  private requireRunnable(type: Type, method: Method, name: string): void {
    const ofMethod = [GUARDS_METADATA, PIPES_METADATA, INTERCEPTORS_METADATA, EXCEPTION_FILTERS_METADATA].some(
      (key) => classesOf(key, method).length > 0,
    );
    const ofClass = [INTERCEPTORS_METADATA, EXCEPTION_FILTERS_METADATA].some((key) => classesOf(key, type).length > 0);
    if (ofMethod || ofClass) throw new Error(`${type.name}.${name}: events take guards and pipes of their gateway only`);
  }
}

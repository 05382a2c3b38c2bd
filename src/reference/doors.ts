import { RequestMethod } from '@nestjs/common';
import { HTTP_CODE_METADATA, METHOD_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { MetadataScanner } from '@nestjs/core';
import { WsParamtype } from '@nestjs/websockets/enums/ws-paramtype.enum.js';
import { GATEWAY_METADATA, MESSAGE_METADATA } from '@nestjs/websockets/constants.js';
import { commandOfHandler } from '../access/access.decorator.js';
import type { Command } from '../access/permissions.js';
import { fileFieldOf } from '../validation/multipart.decorator.js';

type Class = new (...args: never[]) => object;
export type Dto = new () => object;

/** One method and path that the server answers. */
export interface Route {
  method: string;
  /** In the form of OpenAPI: `/api/rooms/{roomId}`. */
  path: string;
  command: Command;
  /** Unique, also where a command has more than one path. */
  operationId: string;
  status: number;
  params?: Dto;
  query?: Dto;
  body?: Dto;
  /** The body is a form with a file in this field, and the fields of `body`. */
  fileField?: string;
}

/** One command that a socket may send. */
export interface SocketCall {
  command: Command;
  payload: Dto;
}

export interface Doors {
  routes: Route[];
  calls: SocketCall[];
}

interface ModuleMetadata {
  module?: Class;
  imports?: ModuleMetadata[];
  controllers?: Class[];
  providers?: Class[];
}

const listOf = <T>(value: unknown): T[] => (value === undefined ? [] : ([] as T[]).concat(value as T[]));
const read = (key: string, target: object): unknown => Reflect.getMetadata(key, target);

/** Every class that a module and those that it imports name under `key`. */
const classesOf = (module: ModuleMetadata | Class, key: 'controllers' | 'providers'): Class[] => {
  const dynamic = typeof module === 'function' ? undefined : module;
  const type = dynamic?.module ?? module;
  const imports = [...listOf<ModuleMetadata>(read('imports', type)), ...(dynamic?.imports ?? [])];
  const own = [...listOf<Class>(read(key, type)), ...(dynamic?.[key] ?? [])].filter((one) => typeof one === 'function');
  return [...new Set([...imports.flatMap((one) => classesOf(one, key)), ...own])];
};

const scanner = new MetadataScanner();

const methodsOf = (type: Class): [name: string, handler: object][] => {
  const prototype = type.prototype as Record<string, object>;
  return scanner.getAllMethodNames(prototype).map((name) => [name, prototype[name] as object]);
};

const argument = (type: Class, name: string, source: RouteParamtypes | WsParamtype): Dto | undefined => {
  const given = Object.entries((Reflect.getMetadata(ROUTE_ARGS_METADATA, type, name) ?? {}) as Record<string, { index: number }>);
  const found = given.find(([key]) => key.startsWith(`${source}:`))?.[1];
  const types = Reflect.getMetadata('design:paramtypes', type.prototype as object, name) as Dto[];
  return found && types[found.index];
};

const joined = (...parts: string[]): string => {
  const path = parts
    .flatMap((part) => part.split('/'))
    .filter(Boolean)
    .map((part) => part.replace(/^:(\w+)$/, '{$1}'));
  return `/${path.join('/')}`;
};

const routesOf = (type: Class): Route[] =>
  methodsOf(type).flatMap(([name, handler]) => {
    const paths = listOf<string>(read(PATH_METADATA, handler));
    const command = commandOfHandler(handler);
    if (paths.length === 0 || command === undefined) return [];
    const method = RequestMethod[read(METHOD_METADATA, handler) as RequestMethod];
    const status = (read(HTTP_CODE_METADATA, handler) as number | undefined) ?? (method === 'POST' ? 201 : 200);
    return listOf<string>(read(PATH_METADATA, type)).flatMap((prefix) =>
      paths.map((path) => ({
        method,
        path: joined(prefix, path),
        command,
        operationId: command,
        status,
        params: argument(type, name, RouteParamtypes.PARAM),
        query: argument(type, name, RouteParamtypes.QUERY),
        body: argument(type, name, RouteParamtypes.BODY),
        fileField: fileFieldOf(handler),
      })),
    );
  });

const callsOf = (type: Class): SocketCall[] =>
  methodsOf(type).flatMap(([name, handler]) => {
    const command = commandOfHandler(handler);
    const payload = argument(type, name, WsParamtype.PAYLOAD);
    return read(MESSAGE_METADATA, handler) === undefined || command === undefined || payload === undefined ? [] : [{ command, payload }];
  });

/** The first route of a command has its name, every further one its path as well. */
const withIds = (routes: Route[]): Route[] =>
  routes.map((route, at) => {
    const isFirst = routes.findIndex(({ command }) => command === route.command) === at;
    return isFirst ? route : { ...route, operationId: `${route.command}.${route.path.slice(1).replaceAll('/', '-')}` };
  });

/** What an application answers, read from what Nest itself routes by. Nothing is started for it. */
export const doorsOf = (app: object): Doors => ({
  routes: withIds(classesOf(app, 'controllers').flatMap(routesOf)),
  calls: classesOf(app, 'providers')
    .filter((type) => read(GATEWAY_METADATA, type) === true)
    .flatMap(callsOf),
});

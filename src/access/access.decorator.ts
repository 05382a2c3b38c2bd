import { SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { Command } from './permissions.js';

const COMMAND = 'parley:command';

/** Names the command that a route or event is; its row in the table of commands says who may call it. */
export const Access = (command: Command): MethodDecorator => SetMetadata(COMMAND, command);

/** The command that a handler was named for. */
export const commandOfHandler = (handler: object): Command | undefined => Reflect.getMetadata(COMMAND, handler) as Command | undefined;

/** The command of the handler that is about to run; undefined when none is named, which no door lets pass. */
export const commandOf = (context: ExecutionContext): Command | undefined => commandOfHandler(context.getHandler());

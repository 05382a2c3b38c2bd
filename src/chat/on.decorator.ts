import { applyDecorators } from '@nestjs/common';
import { SubscribeMessage } from '@nestjs/websockets';
import { Access } from '../access/access.decorator.js';
import type { SocketCommand } from '../contract/socket-events.js';

/** Handles a command of the contract, for those whom its row in the table of commands names. */
export const On = (command: SocketCommand): MethodDecorator => applyDecorators(SubscribeMessage(command), Access(command));

import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { callerOf } from './caller.js';

/** The actor that the guards have let in; undefined only where `anyone` may call. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext) => callerOf(context).actor);

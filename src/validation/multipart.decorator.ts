import { SetMetadata } from '@nestjs/common';

const FILE_FIELD = 'parley:file';

/** The body of this route is a form with one file in the field of this name, and its other fields are those of its DTO. Who reads it is the route's own interceptor. */
export const Multipart = (fileField: string): MethodDecorator => SetMetadata(FILE_FIELD, fileField);

/** The name of the field that holds the file; undefined for a handler that takes JSON. */
export const fileFieldOf = (handler: object): string | undefined => Reflect.getMetadata(FILE_FIELD, handler) as string | undefined;

import { IsBoolean } from 'class-validator';

export const IsTrueOrFalse = (): PropertyDecorator => IsBoolean({ message: 'must be true or false' });

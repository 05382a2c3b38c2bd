import { ValidateBy, type ValidationOptions } from 'class-validator';

const FORM = '^https?:\\/\\/(?:[a-z0-9._-]+|\\[[0-9a-f:.]+\\])(?::\\d{1,5})?$';
const PATTERN = new RegExp(FORM);

/** As browsers send it: in small letters, and without the port that the scheme has anyway. Any other would match no site. */
const isOrigin = (value: unknown): boolean =>
  typeof value === 'string' && PATTERN.test(value) && URL.canParse(value) && new URL(value).origin === value;

/** The origin of a site, such as `https://shop.example`. */
export const IsOrigin = (options: ValidationOptions & { message: string }): PropertyDecorator =>
  ValidateBy(
    { name: 'isOrigin', validator: { validate: isOrigin } },
    { ...options, context: { schema: { type: 'string', pattern: FORM } } },
  );

/** Origins of sites. */
export const AreOrigins = (message = 'must be origins such as https://shop.example, as browsers send them'): PropertyDecorator =>
  IsOrigin({ each: true, message });

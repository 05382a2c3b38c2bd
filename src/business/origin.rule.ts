import { ValidateBy } from 'class-validator';

const FORM = '^https?:\\/\\/(?:[a-z0-9.-]+|\\[[0-9a-f:.]+\\])(?::\\d{1,5})?$';
const PATTERN = new RegExp(FORM);

/** As browsers send it: in small letters, and without the port that the scheme has anyway. Any other would match no site. */
const isOrigin = (value: unknown): boolean =>
  typeof value === 'string' && PATTERN.test(value) && URL.canParse(value) && new URL(value).origin === value;

/** Origins of sites, such as `https://shop.example`. */
export const AreOrigins = (): PropertyDecorator =>
  ValidateBy(
    {
      name: 'areOrigins',
      validator: { validate: isOrigin, defaultMessage: () => 'must be origins such as https://shop.example, as browsers send them' },
    },
    { each: true, context: { schema: { type: 'string', pattern: FORM } } },
  );

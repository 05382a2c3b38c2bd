import { MAX_ATTRIBUTES_BYTES } from '../business/contact.service.js';
import { MAX_LABEL_NAME, MAX_LABELS_WORN } from '../contract/label.js';
import { PageQuery } from '../validation/page-query.js';
import { IsFreeObject, IsId, IsMailAddress, IsSet, IsText, Nullable, Optional } from '../validation/rules.js';
import { IsTrueOrFalse } from '../validation/true-or-false.js';

export class CustomerIdParam {
  @IsId()
  id: string;
}

export class ListCustomersQuery extends PageQuery {
  /** Looked for literally and, from three characters on, also a little misspelt. */
  @Optional()
  @IsText(200)
  q?: string;
}

export class UpdateCustomerDto {
  @Nullable()
  @IsText(120)
  name?: string | null;

  @Nullable()
  @IsMailAddress()
  email?: string | null;

  @Nullable()
  @IsText(60)
  username?: string | null;

  @Nullable()
  @IsText(200)
  externalId?: string | null;

  @Optional()
  @IsFreeObject(MAX_ATTRIBUTES_BYTES)
  attributes?: Record<string, unknown>;

  @Optional()
  @IsSet(MAX_LABELS_WORN)
  @IsText(MAX_LABEL_NAME, { each: true })
  labels?: string[];
}

export class BlockCustomerDto {
  @Optional()
  @IsTrueOrFalse()
  blocked?: boolean;
}

import { ruleSchema } from '../validation/rule-schema.js';
import { COMPONENTS, type Schemas } from './contract-schemas.js';
import type { Dto } from './doors.js';
import { describeFields } from './fields.js';

const bareName = ({ name }: Dto): string => name.replace(/(Dto|Command|Query|Param)$/, '');

/** The schemas of what clients send, each under the name of its class and `suffix`. */
export class Requests {
  readonly schemas: Schemas = {};

  constructor(private readonly suffix: string) {}

  /** A reference to the schema of a class, which is made when it is asked for first. */
  refTo(type: Dto): { $ref: string } {
    const name = bareName(type) + this.suffix;
    this.schemas[name] ??= describeFields(
      bareName(type),
      ruleSchema(type, (nested) => this.refTo(nested)),
    );
    return { $ref: COMPONENTS + name };
  }

  /** The schema of a class in full, for parameters. */
  of(type: Dto): { properties: Schemas; required: string[] } {
    const { properties, required = [] } = describeFields(bareName(type), ruleSchema(type)) as { properties: Schemas; required?: string[] };
    return { properties, required };
  }
}

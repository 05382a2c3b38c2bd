import { Matches } from 'class-validator';
import { UUID_PATTERN } from '../validation/rules.js';

const MAX_ROOMS = 100;

export class AttendanceDto {
  @Matches(new RegExp(`^${UUID_PATTERN}(,${UUID_PATTERN}){0,${MAX_ROOMS - 1}}$`), {
    message: `must be 1 to ${MAX_ROOMS} ids, with commas between them`,
  })
  roomIds: string;
}

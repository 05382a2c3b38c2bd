import { Matches } from 'class-validator';

const MAX_ROOMS = 100;
const ID = '[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';

export class AttendanceDto {
  @Matches(new RegExp(`^${ID}(,${ID}){0,${MAX_ROOMS - 1}}$`), { message: `must be 1 to ${MAX_ROOMS} ids, with commas between them` })
  roomIds: string;
}

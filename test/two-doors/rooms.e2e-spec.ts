import { compareDoors } from '../support/two-doors.js';
import { ROOM_CASES } from '../support/two-doors-cases.js';

describe('two doors, one use case: rooms', () => compareDoors(ROOM_CASES));

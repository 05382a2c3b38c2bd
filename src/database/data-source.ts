import type { Socket } from 'node:net';
import pg, { type ClientBase, type Pool } from 'pg';
import type { DataSource, DataSourceOptions } from 'typeorm';
import type { Env } from '../config/env.js';
import { CreateTables1763600000000 } from '../../migrations/1763600000000-create-tables.js';
import { CreateAppendEntries1763600000001 } from '../../migrations/1763600000001-create-append-entries.js';
import { CreateAdvanceMark1763600000002 } from '../../migrations/1763600000002-create-advance-mark.js';
import { CreateAppendMessages1763600000003 } from '../../migrations/1763600000003-create-append-messages.js';
import { AddTeams1763700000000 } from '../../migrations/1763700000000-add-teams.js';
import { AddReach1763700000001 } from '../../migrations/1763700000001-add-reach.js';
import { AddAskedAt1763700000002 } from '../../migrations/1763700000002-add-asked-at.js';
import { AddRouting1763700000003 } from '../../migrations/1763700000003-add-routing.js';
import { CreateMail1763710000001 } from '../../migrations/1763710000001-create-mail.js';
import { CreatePasswordLink1763710000002 } from '../../migrations/1763710000002-create-password-link.js';
import { CoverInvitedStaff1763710000003 } from '../../migrations/1763710000003-cover-invited-staff.js';
import { CreateSecondFactor1763710000004 } from '../../migrations/1763710000004-create-second-factor.js';
import { AddSessionRestriction1763710000005 } from '../../migrations/1763710000005-add-session-restriction.js';
import { AddAudit1763720000000 } from '../../migrations/1763720000000-add-audit.js';
import { AddIdentity1763720000001 } from '../../migrations/1763720000001-add-identity.js';
import { IndexCustomers1763720000002 } from '../../migrations/1763720000002-index-customers.js';
import { RefuseTheBlocked1763720000003 } from '../../migrations/1763720000003-refuse-the-blocked.js';
import { CreateChore1763800000000 } from '../../migrations/1763800000000-create-chore.js';
import { AddLabels1763820000000 } from '../../migrations/1763820000000-add-labels.js';
import { IndexInbox1763820000001 } from '../../migrations/1763820000001-index-inbox.js';
import { CreateSavedView1763820000002 } from '../../migrations/1763820000002-create-saved-view.js';
import { AddRating1763810000000 } from '../../migrations/1763810000000-add-rating.js';
import { AddSnooze1763810000001 } from '../../migrations/1763810000001-add-snooze.js';
import { IndexOpenRooms1763810000002 } from '../../migrations/1763810000002-index-open-rooms.js';
import { AddUnreadFrom1763810000003 } from '../../migrations/1763810000003-add-unread-from.js';
import { CreateDraft1763810000004 } from '../../migrations/1763810000004-create-draft.js';
import { IndexRoomChanges1763880000000 } from '../../migrations/1763880000000-index-room-changes.js';
import { AddReports1763860000000 } from '../../migrations/1763860000000-add-reports.js';
import { CreateSearch1763830000000 } from '../../migrations/1763830000000-create-search.js';
import { SearchPeople1763830000001 } from '../../migrations/1763830000001-search-people.js';
import { CreateUpload1763840000000 } from '../../migrations/1763840000000-create-upload.js';
import { KeepFirstBody1763850000000 } from '../../migrations/1763850000000-keep-first-body.js';
import { CreateMention1763850000001 } from '../../migrations/1763850000001-create-mention.js';
import { CreateCannedReply1763850000002 } from '../../migrations/1763850000002-create-canned-reply.js';
import { IndexWhatIsForgotten1763870000000 } from '../../migrations/1763870000000-index-what-is-forgotten.js';
import { KeepRoomsAsleep1763900000000 } from '../../migrations/1763900000000-keep-rooms-asleep.js';
import { IndexFilesOfBusiness1763900000001 } from '../../migrations/1763900000001-index-files-of-business.js';
import { FindWholeRooms1763900000002 } from '../../migrations/1763900000002-find-whole-rooms.js';
import { IndexCustomersOfRooms1763900000004 } from '../../migrations/1763900000004-index-customers-of-rooms.js';
import { IndexByKey1763900000005 } from '../../migrations/1763900000005-index-by-key.js';
import { CreateArticle1764000000000 } from '../../migrations/1764000000000-create-article.js';
import { CreateRule1764100000001 } from '../../migrations/1764100000001-create-rule.js';
import { CreateResumeLink1764500000000 } from '../../migrations/1764500000000-create-resume-link.js';
import { NoteMails1764500000001 } from '../../migrations/1764500000001-note-mails.js';
import { CountWhatCustomersSaid1764600000000 } from '../../migrations/1764600000000-count-what-customers-said.js';
import { LookUpRoomsById1764600000001 } from '../../migrations/1764600000001-look-up-rooms-by-id.js';
import { IndexWordsInLine1764600000002 } from '../../migrations/1764600000002-index-words-in-line.js';
import { CutWordsBeforeNumbers1764700000000 } from '../../migrations/1764700000000-cut-words-before-numbers.js';
import { FindAsWrittenFirst1764700000001 } from '../../migrations/1764700000001-find-as-written-first.js';
import { ReadByAnswering1764700000002 } from '../../migrations/1764700000002-read-by-answering.js';
import { RefuseMachinesWhereErased1764700000003 } from '../../migrations/1764700000003-refuse-machines-where-erased.js';
import { RememberWhoIsActive1764800000000 } from '../../migrations/1764800000000-remember-who-is-active.js';
import { EndUnreadByAnswering1764900000000 } from '../../migrations/1764900000000-end-unread-by-answering.js';
import { RepeatTrade1764400000000 } from '../../migrations/1764400000000-repeat-trade.js';
import { CountHelp1764100000000 } from '../../migrations/1764100000000-count-help.js';
import { AddAssist1764000000001 } from '../../migrations/1764000000001-add-assist.js';
import { KeepRoomsOfTheBlockedAsleep1763900000003 } from '../../migrations/1763900000003-keep-rooms-of-the-blocked-asleep.js';
import { SnakeNaming } from './snake-naming.js';
import { TYPES } from './types.js';

/** A hung database answers `unavailable`; nobody waits for it longer than this, in milliseconds. */
const REQUEST_LIMITS = {
  statement_timeout: 5_000,
  lock_timeout: 2_000,
  idle_in_transaction_session_timeout: 10_000,
};
/** A connection that owes an answer and says nothing for so long is given up, in milliseconds: PostgreSQL would have spoken by then. */
const SILENCE_MS = 6_000;

/** A new connection plans its statements and reads the catalogue anew: a burst each minute must not open and close some each time. */
const IDLE_MS = 300_000;

/** One timer for a connection; the driver's `query_timeout` makes one for each query. */
const endSilence = (client: ClientBase): void => {
  const { connection } = client as unknown as { connection: { stream: Socket } };
  // Not as a callback of `setTimeout`, which is called once: most connections are silent for so long now and then, with nothing to say.
  connection.stream.setTimeout(SILENCE_MS).on('timeout', () => {
    const { readyForQuery: isIdle } = client as unknown as { readyForQuery: boolean };
    if (!isIdle) connection.stream.destroy(new Error('Connection terminated: PostgreSQL does not answer'));
  });
};

/** The one connection set-up of the server, its migrations and its tests. */
export const dataSourceOptions = (env: Env, url: string, limits: object = REQUEST_LIMITS): DataSourceOptions => ({
  type: 'postgres',
  // TypeORM would load another copy of it than what is bundled.
  driver: pg,
  url,
  synchronize: false,
  migrationsRun: false,
  migrations: [
    CreateTables1763600000000,
    CreateAppendEntries1763600000001,
    CreateAdvanceMark1763600000002,
    CreateAppendMessages1763600000003,
    AddTeams1763700000000,
    AddReach1763700000001,
    AddAskedAt1763700000002,
    AddRouting1763700000003,
    CreateMail1763710000001,
    CreatePasswordLink1763710000002,
    CoverInvitedStaff1763710000003,
    CreateSecondFactor1763710000004,
    AddSessionRestriction1763710000005,
    AddAudit1763720000000,
    AddIdentity1763720000001,
    IndexCustomers1763720000002,
    RefuseTheBlocked1763720000003,
    CreateChore1763800000000,
    AddRating1763810000000,
    AddSnooze1763810000001,
    IndexOpenRooms1763810000002,
    AddUnreadFrom1763810000003,
    CreateDraft1763810000004,
    AddLabels1763820000000,
    IndexInbox1763820000001,
    CreateSavedView1763820000002,
    IndexRoomChanges1763880000000,
    AddReports1763860000000,
    CreateSearch1763830000000,
    SearchPeople1763830000001,
    CreateUpload1763840000000,
    KeepFirstBody1763850000000,
    CreateMention1763850000001,
    CreateCannedReply1763850000002,
    IndexWhatIsForgotten1763870000000,
    KeepRoomsAsleep1763900000000,
    IndexFilesOfBusiness1763900000001,
    FindWholeRooms1763900000002,
    KeepRoomsOfTheBlockedAsleep1763900000003,
    IndexCustomersOfRooms1763900000004,
    IndexByKey1763900000005,
    CreateArticle1764000000000,
    AddAssist1764000000001,
    CountHelp1764100000000,
    CreateRule1764100000001,
    RepeatTrade1764400000000,
    CreateResumeLink1764500000000,
    NoteMails1764500000001,
    CountWhatCustomersSaid1764600000000,
    LookUpRoomsById1764600000001,
    IndexWordsInLine1764600000002,
    CutWordsBeforeNumbers1764700000000,
    FindAsWrittenFirst1764700000001,
    ReadByAnswering1764700000002,
    RefuseMachinesWhereErased1764700000003,
    RememberWhoIsActive1764800000000,
    EndUnreadByAnswering1764900000000,
  ],
  namingStrategy: new SnakeNaming(),
  logging: false,
  poolSize: env.DATABASE_POOL,
  connectTimeoutMS: 2_000,
  applicationName: 'parley',
  poolErrorHandler: () => undefined,
  extra: {
    ...limits,
    keepAlive: true,
    idleTimeoutMillis: IDLE_MS,
    types: TYPES,
    // PostgreSQL's farewell may come in one packet with the end of the handshake, before whoever gets the connection listens.
    onConnect: (client: ClientBase): void => {
      client.on('error', () => undefined);
      if (limits === REQUEST_LIMITS) endSilence(client);
    },
  },
});

/** The connections of a data source, for the few statements that are too hot for an ORM. */
export const poolOf = (dataSource: DataSource): Pool => (dataSource.driver as unknown as { master: Pool }).master;

/**
 * The rows of a statement that a sweep asks again and again. It is prepared, so that each connection plans it once: of what finds
 * nothing, planning is nearly all that it costs.
 */
export const sought = async <Row extends object>(dataSource: DataSource, { name, text }: { name: string; text: string }): Promise<Row[]> =>
  (await poolOf(dataSource).query<Row>({ name: `sweep ${name}`, text })).rows;

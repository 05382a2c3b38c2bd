import type { ClientBase, Pool } from 'pg';
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
import { IndexWhatIsForgotten1763870000000 } from '../../migrations/1763870000000-index-what-is-forgotten.js';
import { SnakeNaming } from './snake-naming.js';

/** A hung database answers `unavailable`; nobody waits for it longer than this, in milliseconds. */
const REQUEST_LIMITS = {
  statement_timeout: 5_000,
  lock_timeout: 2_000,
  idle_in_transaction_session_timeout: 10_000,
  query_timeout: 6_000,
};

/** The one connection set-up of the server, its migrations and its tests. */
export const dataSourceOptions = (env: Env, url: string, limits: object = REQUEST_LIMITS): DataSourceOptions => ({
  type: 'postgres',
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
    IndexWhatIsForgotten1763870000000,
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
    // PostgreSQL's farewell may come in one packet with the end of the handshake, before whoever gets the connection listens.
    onConnect: (client: ClientBase): void => {
      client.on('error', () => undefined);
    },
  },
});

/** The connections of a data source, for the few statements that are too hot for an ORM. */
export const poolOf = (dataSource: DataSource): Pool => (dataSource.driver as unknown as { master: Pool }).master;

import pg, { type ClientBase, type Connection, type QueryConfig } from 'pg';

/** A statement that is prepared once on a connection; `name` is that statement's alone. */
export interface Statement extends QueryConfig<unknown[]> {
  name: string;
  text: string;
  values: unknown[];
  rowMode?: 'array';
}

/** What the driver makes of a description of columns. */
interface Columns {
  fields: unknown[];
  _parsers: unknown[];
  _prebuiltEmptyResultObject: object;
}

/** The driver's own query, as far as it is not in its types. */
interface DriverQuery<Row> extends pg.Query {
  name: string;
  callback: (error: Error | null | undefined, result: { rows: Row[] }) => void;
  _result: Columns;
  _accumulateRows: boolean;
  prepare(connection: Connection): void;
  handleRowDescription(message: { fields: unknown[] }): void;
}

interface Described {
  /** The connection, for a query that does not ask to have its columns described. */
  silent: Connection;
  /** By the name of a statement. */
  columns: Map<string, Columns>;
}

const described = new WeakMap<Connection, Described>();

const describedOn = (connection: Connection): Described => {
  let known = described.get(connection);
  if (!known) {
    const silent = Object.assign(Object.create(connection) as Connection, { describe: () => undefined });
    described.set(connection, (known = { silent, columns: new Map() }));
  }
  return known;
};

const Query = pg.Query as unknown as new (statement: Statement) => DriverQuery<unknown>;

class PreparedQuery extends Query {
  private learnt: Described['columns'] | undefined;

  override prepare(connection: Connection): void {
    const { silent, columns } = describedOn(connection);
    const known = columns.get(this.name);
    if (!known) {
      this.learnt = columns;
      super.prepare(connection);
      return;
    }
    Object.assign(this._result, known);
    this._accumulateRows = true;
    super.prepare(silent);
  }

  override handleRowDescription(message: { fields: unknown[] }): void {
    super.handleRowDescription(message);
    const { fields, _parsers, _prebuiltEmptyResultObject } = this._result;
    this.learnt?.set(this.name, { fields, _parsers, _prebuiltEmptyResultObject });
  }
}

/**
 * The rows of a prepared statement. The driver has PostgreSQL describe the columns of each result and reads that, which costs
 * more than a row; here that is done for the first one on a connection. PostgreSQL itself refuses a statement whose columns have become others.
 * @throws Error of the driver.
 */
export const preparedRows = <Row>(client: ClientBase, statement: Statement): Promise<Row[]> =>
  new Promise((done, fail) => {
    const query = new PreparedQuery(statement);
    query.callback = (error, result) => (error ? fail(error) : done(result.rows as Row[]));
    client.query(query);
  });
